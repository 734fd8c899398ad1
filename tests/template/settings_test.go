package template

import (
	"strconv"
	"strings"
)

// setting is a property that all resources of a type must have.
type setting struct {
	kind, path  string // * matches each element of a list
	want        any    // or, if nil:
	least, most float64
	why         string // the consequence without it
}

func settings() []setting {
	const day = 24 * 60 * 60
	return []setting{
		{"AWS::ApiGatewayV2::Api", "ProtocolType", "HTTP", 0, 0, "it is no HTTP API"},
		{"AWS::ApiGatewayV2::Authorizer", "AuthorizerType", "REQUEST", 0, 0, "our function is not asked"},
		{"AWS::ApiGatewayV2::Authorizer", "AuthorizerResultTtlInSeconds", nil, 1, 3600, "the function is asked for each request, or a key works for long after it was revoked"},
		{"AWS::ApiGatewayV2::Integration", "IntegrationType", "AWS_PROXY", 0, 0, "the function gets no request"},
		{"AWS::ApiGatewayV2::Integration", "PayloadFormatVersion", "2.0", 0, 0, "the functions cannot read the request"},
		{"AWS::ApiGatewayV2::Integration", "TimeoutInMillis", nil, 29_000, 30_000, "the API gives up before the function does"},
		{"AWS::ApiGatewayV2::Stage", "AutoDeploy", true, 0, 0, "new routes do not work"},
		{"AWS::ApiGatewayV2::Stage", "StageName", "$default", 0, 0, "paths begin with the stage's name"},
		{"AWS::CloudFront::Distribution", "DistributionConfig.Enabled", true, 0, 0, "nothing is served"},
		{"AWS::CloudFront::Distribution", "DistributionConfig.IPV6Enabled", true, 0, 0, "visitors with IPv6 alone are lost"},
		{"AWS::CloudFront::Function", "AutoPublish", true, 0, 0, "what is deployed is not what runs"},
		{"AWS::CloudFront::Function", "FunctionConfig.Runtime", "cloudfront-js-2.0", 0, 0, "the source does not run"},
		{"AWS::CloudFront::OriginAccessControl", "OriginAccessControlConfig.OriginAccessControlOriginType", "s3", 0, 0, "buckets refuse the edge"},
		{"AWS::CloudFront::OriginAccessControl", "OriginAccessControlConfig.SigningBehavior", "always", 0, 0, "buckets refuse the edge, or trust a visitor's signature"},
		{"AWS::CloudFront::OriginAccessControl", "OriginAccessControlConfig.SigningProtocol", "sigv4", 0, 0, "buckets refuse the edge"},
		{"AWS::CodeDeploy::Application", "ComputePlatform", "Lambda", 0, 0, "it deploys no functions"},
		{"AWS::CodeDeploy::DeploymentGroup", "DeploymentStyle", map[string]any{"DeploymentOption": "WITH_TRAFFIC_CONTROL", "DeploymentType": "BLUE_GREEN"}, 0, 0, "all go to a new version at once"},
		{"AWS::CodeDeploy::DeploymentGroup", "AutoRollbackConfiguration.Events", []string{"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"}, 0, 0, "a bad version stays"},
		{"AWS::Lambda::EventInvokeConfig", "Qualifier", "$LATEST", 0, 0, "it is of no version that is invoked"},
		{"AWS::Lambda::EventSourceMapping", "Enabled", true, 0, 0, "nothing is taken from its source"},
		{"AWS::Lambda::EventSourceMapping", "BatchSize", nil, 1, 10_000, "it is invoked for each record"},
		{"AWS::Lambda::Function", "MemorySize", nil, 128, 10_240, "it gets the least that there is, and the least processor with it"},
		{"AWS::Lambda::Function", "Timeout", nil, 1, 900, "it is stopped after three seconds, or refused"},
		{"AWS::Lambda::Function", "LoggingConfig.ApplicationLogLevel", "INFO", 0, 0, "metrics are lines of the level INFO"},
		{"AWS::Lambda::Function", "LoggingConfig.SystemLogLevel", "INFO", 0, 0, "cold starts, billed time and memory of invocations are not logged, or END of each is paid for"},
		{"AWS::Logs::DeliveryDestination", "OutputFormat", "json", 0, 0, "the log cannot be asked"},
		{"AWS::S3::Bucket", "LifecycleConfiguration.Rules.*.Status", "Enabled", 0, 0, "nothing is ever deleted"},
		{"AWS::S3::Bucket", "CorsConfiguration.CorsRules.*.MaxAge", nil, 600, 86_400, "browsers ask for each file anew"},
		{"AWS::Scheduler::Schedule", "State", "ENABLED", 0, 0, "nothing starts"},
		{"AWS::Scheduler::Schedule", "FlexibleTimeWindow.Mode", "OFF", 0, 0, "it starts at some other time"},
		{"AWS::Scheduler::Schedule", "Target.RetryPolicy.MaximumRetryAttempts", nil, 1, 185, "one throttled moment loses a run"},
		{"AWS::Scheduler::Schedule", "Target.RetryPolicy.MaximumEventAgeInSeconds", nil, 60, day, "a run comes a day late, in the middle of others"},
		{"AWS::SecretsManager::Secret", "GenerateSecretString.ExcludePunctuation", true, 0, 0, "a secret is no text for headers and JSON"},
		{"AWS::SecretsManager::Secret", "GenerateSecretString.PasswordLength", nil, 32, 4096, "somebody guesses it"},
		{"AWS::SQS::Queue", "MessageRetentionPeriod", nil, 4 * day, 14 * day, "a weekend is too long for somebody to look"},
		{"AWS::SQS::Queue", "VisibilityTimeout", nil, 0, 3600, "a batch that dies with its function waits for hours"},
		{"AWS::WAFv2::WebACL", "DefaultAction", map[string]any{"Allow": map[string]any{}}, 0, 0, "nobody comes in"},
		{"AWS::WAFv2::WebACL", "VisibilityConfig.CloudWatchMetricsEnabled", true, 0, 0, "nobody sees what it refuses"},
		{"AWS::WAFv2::WebACL", "VisibilityConfig.SampledRequestsEnabled", false, 0, 0, "addresses of visitors are kept"},
		{"AWS::WAFv2::WebACL", "Rules.*.VisibilityConfig.CloudWatchMetricsEnabled", true, 0, 0, "nobody sees what it refuses"},
	}
}

// checkSettings: see settings.
func checkSettings(t reporter, s stack) {
	for _, rule := range settings() {
		for _, id := range s.of(rule.kind) {
			for _, got := range s.Resources[id].each(rule.path) {
				number, isNumber := got.(float64)
				switch {
				case got == nil && rule.path == "VisibilityTimeout": // 30 seconds
				case id == "SignInSecret": // the user pool generates it: checkSecrets
				case rule.want != nil && text(got) != text(rule.want):
					t.Errorf("%s: %s is %s, want %s: else %s", id, rule.path, text(got), text(rule.want), rule.why)
				case rule.want == nil && (!isNumber || number < rule.least || number > rule.most):
					t.Errorf("%s: %s is %s, want %v to %v: else %s", id, rule.path, text(got), rule.least, rule.most, rule.why)
				}
			}
		}
	}
}

// each lists the values at a path, in which * matches each element of a list.
func (r resource) each(path string) []any {
	before, after, several := strings.Cut(path, ".*.")
	if !several {
		return []any{r.get(path)}
	}
	list, _ := r.get(before).([]any)
	found := make([]any, len(list))
	for i := range list {
		found[i] = r.get(before + "." + strconv.Itoa(i) + "." + after)
	}
	return found
}
