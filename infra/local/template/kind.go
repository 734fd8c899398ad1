package template

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// kind is a supported resource type, filled from its properties.
type kind interface {
	// setNames sets the physical name and other attributes that CloudFormation would assign.
	setNames(p place)
	ref() string
	attributes() map[string]string
}

// place has the inputs of a resource's names and ARNs.
type place struct {
	Options
	ID, Type string
	Metadata map[string]any
}

// maxGenerated is the maximum length of generated names: all types allow at least that.
const maxGenerated = 63

// name returns the given name or, if that is empty, the name that CloudFormation would
// generate, without its random suffix.
func (p place) name(given string) string {
	if given != "" {
		return given
	}
	generated := p.StackName + "-" + p.ID
	if len(generated) <= maxGenerated {
		return generated
	}
	sum := sha256.Sum256([]byte(generated)) // makes truncated names unique
	suffix := "-" + hex.EncodeToString(sum[:4])
	return generated[:maxGenerated-len(suffix)] + suffix
}

// origin returns the URL of an API or a function URL on this machine. Its host is a subdomain of localhost, which browsers
// and most resolvers resolve to this machine.
func (p place) origin(id string) string {
	return "http://" + id + "." + cmp.Or(p.EdgeDomain, "localhost")
}

func (p place) arn(service, name string) string {
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, p.Region, p.Account, name)
}

// newKind returns the struct for a resource, or nil if its type is not supported.
func (r *resolver) newKind(id string, d declaration) kind {
	if reason, ok := changesNothing(d.Type); ok || r.skipped[id] {
		if reason != "" {
			r.note(id+" ("+d.Type+")", reason)
		}
		return new(passive)
	}
	return typed(d.Type)
}

// typed returns the struct for a resource type that the local cloud emulates, or nil.
func typed(resourceType string) kind {
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
	case "AWS::SQS::QueuePolicy":
		return new(QueuePolicy)
	case "AWS::IAM::ManagedPolicy":
		return new(ManagedPolicy)
	case "AWS::Lambda::Url":
		return new(FunctionURL)
	case "AWS::Lambda::Version":
		return new(Version)
	case "AWS::Lambda::Alias":
		return new(Alias)
	case "AWS::Events::EventBus":
		return new(EventBus)
	case "AWS::Events::Rule":
		return new(Rule)
	case bucketNotifications:
		return new(BucketNotifications)
	}
	return userPools(resourceType)
}
