package template

import (
	"slices"
	"strings"
)

// passive is a resource without an effect in the local cloud, such as resource policies, alarms and
// networks. Its references are checked, but not its properties.
type passive struct {
	name, arn string
}

func (v *passive) setNames(p place) {
	v.name = p.name("")
	service, rest, _ := strings.Cut(strings.ToLower(strings.TrimPrefix(p.Type, "AWS::")), "::")
	v.arn = p.arn(service, rest+"/"+v.name)
}
func (v *passive) ref() string                   { return v.name }
func (v *passive) attributes() map[string]string { return nil }

// attribute returns a placeholder for any name, because the attributes of such resources are not known here.
func (v *passive) attribute(name string) string {
	if strings.HasSuffix(name, "Arn") {
		return v.arn
	}
	return v.name
}

// changesNothing reports whether a resource type is passive. The reason, if any, is reported at start.
func changesNothing(resourceType string) (reason string, ok bool) {
	if slices.Contains([]string{
		"AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy", "AWS::S3::BucketPolicy", "AWS::CloudFront::OriginAccessControl",
		"AWS::CloudFront::CloudFrontOriginAccessIdentity", "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::CloudWatch::Dashboard",
		"AWS::CloudWatch::AnomalyDetector", "AWS::CloudWatch::InsightRule", "AWS::Logs::MetricFilter", "AWS::Logs::QueryDefinition", "AWS::Logs::ResourcePolicy",
		"AWS::Budgets::Budget", "AWS::CDK::Metadata", "AWS::IAM::InstanceProfile", "AWS::IAM::Group", "AWS::XRay::Group", "AWS::XRay::SamplingRule",
		"AWS::ApplicationAutoScaling::ScalableTarget", "AWS::ApplicationAutoScaling::ScalingPolicy", "AWS::ApplicationInsights::Application",
		"AWS::ResourceGroups::Group", "AWS::CloudFormation::WaitConditionHandle", "AWS::CloudFormation::WaitCondition", "AWS::CloudTrail::Trail",
		"AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup", "AWS::CodeDeploy::DeploymentConfig", "AWS::Signer::SigningProfile",
		"AWS::Lambda::CodeSigningConfig", "AWS::ApiGateway::Account", "AWS::Scheduler::ScheduleGroup", "AWS::SSM::Document", "AWS::EventSchemas::Discoverer",
		"AWS::ServiceCatalogAppRegistry::Application", "AWS::ServiceCatalogAppRegistry::ResourceAssociation", "AWS::ServiceCatalogAppRegistry::AttributeGroup",
		"AWS::ServiceCatalogAppRegistry::AttributeGroupAssociation", "AWS::Synthetics::Canary", "AWS::SQS::QueueInlinePolicy", "AWS::Events::EventBusPolicy",
		"Custom::S3AutoDeleteObjects", "Custom::LogRetention", "Custom::VpcRestrictDefaultSG",
	}, resourceType) {
		return "", true
	}
	for prefix, reason := range map[string]string{
		"AWS::EC2::":                                  "the local cloud has no networks; functions reach what this machine reaches",
		"AWS::KMS::":                                  "the local cloud encrypts nothing, and has no KMS to call",
		"AWS::Route53::":                              "the local cloud has no DNS; the stack answers on localhost",
		"AWS::CertificateManager::Certificate":        "the local cloud has no certificates; the stack answers over HTTP",
		"AWS::ApiGatewayV2::DomainName":               "the stack answers on localhost only",
		"AWS::ApiGatewayV2::ApiMapping":               "the stack answers on localhost only",
		"AWS::WAFv2::":                                "the local cloud has no firewall",
		"AWS::Lambda::LayerVersion":                   "layers are not mounted",
		"AWS::IAM::User":                              "only roles of functions are emulated",
		"AWS::IAM::AccessKey":                         "only roles of functions are emulated",
		"AWS::SES::ConfigurationSet":                  "mail goes to the outbox only",
		"AWS::SES::Template":                          "mail templates are not rendered",
		"Custom::CDKBucketDeployment":                 "the files of the deployment are not copied into the bucket",
		"AWS::SecretsManager::RotationSchedule":       "secrets are not rotated",
		"AWS::SecretsManager::SecretTargetAttachment": "secrets are not attached to databases",
		"AWS::SecretsManager::ResourcePolicy":         "only policies of roles are evaluated",
		"AWS::ECR::Repository":                        "the local cloud runs no images",
		"AWS::Cognito::ManagedLoginBranding":          "the pages of user pools look the same for all",
		"AWS::Cognito::UserPoolUICustomization":       "the pages of user pools look the same for all",
		"AWS::Cognito::UserPoolRiskConfiguration":     "sign-ins are not rated by risk",
		"AWS::Cognito::LogDeliveryConfiguration":      "user pools write no logs",
	} {
		if strings.HasPrefix(resourceType, prefix) && !strings.HasPrefix(resourceType, "AWS::EC2::Instance") {
			return reason, true
		}
	}
	return "", false
}

// unsupported returns why a common resource type is not supported, or what to do instead.
func unsupported(resourceType string) string {
	for prefix, reason := range map[string]string{
		"AWS::ApiGateway::":           "REST APIs are missing; HTTP APIs (AWS::ApiGatewayV2) work",
		"AWS::Serverless::":           "this is SAM's source; the local cloud takes the translated template",
		"AWS::Cognito::":              "user pools have users of their own only: there are no identity pools and providers",
		"AWS::StepFunctions::":        "there are no state machines",
		"AWS::Kinesis":                "there are no Kinesis streams",
		"AWS::CloudFormation::Stack":  "nested stacks are missing; start each template alone",
		"Custom::":                    "custom resources are not run, except those of CDK that change nothing here",
		"AWS::CloudFormation::Custom": "custom resources are not run, except those of CDK that change nothing here",
	} {
		if strings.HasPrefix(resourceType, prefix) {
			return ": " + reason
		}
	}
	return ""
}

// bucketNotifications is CDK's custom resource for the events of a bucket. Its function is not run.
const bucketNotifications = "Custom::S3BucketNotifications"

// customResources finds the functions that only implement known custom resources. The local cloud does not support
// their runtimes, and skips them.
func (r *resolver) customResources() {
	for _, d := range r.doc.Resources {
		_, idle := changesNothing(d.Type)
		if !idle && d.Type != bucketNotifications {
			continue
		}
		token, _ := d.Properties["ServiceToken"].(map[string]any)
		if path, ok := token["Fn::GetAtt"].([]any); ok && len(path) == 2 {
			id, _ := path[0].(string)
			r.skipped[id] = true
		}
	}
}

// note records a part of the template that is not emulated.
func (r *resolver) note(at, reason string) { r.notes = append(r.notes, at+": "+reason) }
