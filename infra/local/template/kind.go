package template

import (
	"cmp"
	"fmt"
	"strings"
)

// kind is a supported resource type, filled from its properties.
type kind interface {
	// settle gives the resource what CloudFormation would: its physical name.
	settle(p place)
	ref() string
	attributes() map[string]string
}

// place is where a resource stands: what its names and ARNs are made from.
type place struct {
	Options
	ID, Type string
}

// name is the given name, or the one that CloudFormation would generate without
// its random suffix.
func (p place) name(given string) string { return cmp.Or(given, p.StackName+"-"+p.ID) }

func (p place) arn(service, name string) string {
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, p.Region, p.Account, name)
}

// newKind is the struct of a resource type, or nil when it is not supported.
func newKind(resourceType string) kind {
	switch resourceType {
	case "AWS::DynamoDB::Table":
		return new(Table)
	case "AWS::S3::Bucket":
		return new(Bucket)
	case "AWS::SQS::Queue":
		return new(Queue)
	case "AWS::Lambda::Function":
		return new(Function)
	case "AWS::Lambda::EventSourceMapping":
		return new(EventSource)
	case "AWS::Lambda::EventInvokeConfig":
		return new(EventInvoke)
	case "AWS::ApiGatewayV2::Api":
		return new(API)
	case "AWS::ApiGatewayV2::Stage":
		return new(APIStage)
	case "AWS::ApiGatewayV2::Integration":
		return new(Integration)
	case "AWS::ApiGatewayV2::Route":
		return new(Route)
	case "AWS::ApiGatewayV2::Authorizer":
		return new(Authorizer)
	case "AWS::CloudFront::Distribution":
		return new(Distribution)
	case "AWS::CloudFront::Function":
		return new(EdgeFunction)
	case "AWS::CloudFront::CachePolicy":
		return new(CachePolicy)
	case "AWS::CloudFront::OriginRequestPolicy":
		return new(OriginRequestPolicy)
	case "AWS::CloudFront::ResponseHeadersPolicy":
		return new(ResponseHeadersPolicy)
	case "AWS::Scheduler::Schedule":
		return new(Schedule)
	case "AWS::IAM::Role":
		return new(Role)
	case "AWS::IAM::Policy":
		return new(Policy)
	case "AWS::Lambda::Permission":
		return new(Permission)
	case "AWS::Logs::LogGroup":
		return new(LogGroup)
	case "AWS::Logs::SubscriptionFilter":
		return new(SubscriptionFilter)
	case "AWS::SNS::Topic":
		return new(Topic)
	case "AWS::SNS::Subscription":
		return new(Subscription)
	case "AWS::SES::EmailIdentity":
		return new(EmailIdentity)
	case "AWS::SSM::Parameter":
		return new(Parameter)
	case "AWS::SecretsManager::Secret":
		return new(Secret)
	case "AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy",
		"AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::CloudFront::OriginAccessControl",
		"AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::Budgets::Budget":
		return new(passive)
	}
	return nil
}

// passive is a resource that changes nothing here: policies of resources, alarms, logs.
// Its references are checked, its properties are not.
type passive struct {
	name, arn string
}

func (v *passive) settle(p place) {
	v.name = p.name("")
	service, rest, _ := strings.Cut(strings.ToLower(strings.TrimPrefix(p.Type, "AWS::")), "::")
	v.arn = p.arn(service, rest+"/"+v.name)
}
func (v *passive) ref() string { return v.name }
func (v *passive) attributes() map[string]string {
	return map[string]string{"Arn": v.arn, "Id": v.name}
}
