package template

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// findings collects what checks report.
type findings []string

func (f *findings) Helper()                           {}
func (f *findings) Error(args ...any)                 { *f = append(*f, fmt.Sprint(args...)) }
func (f *findings) Errorf(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

// mutation removes or changes something that matters in a valid template.
type mutation struct {
	check string // the check that must fail
	stage string // "" for all stages in AWS
	path  string // the resource, then the path to the property; without one the resource is removed
	to    any    // the new value of the property, or a new resource; nil removes it
}

// atTheFront are mutations of the edge, the API and the functions.
func atTheFront() []mutation {
	return []mutation{
		{"references", "", "BucketAccess", nil},
		{"buckets behind the edge", "", "Distribution.DistributionConfig.Origins.1.OriginAccessControlId", nil},
		{"settings", "", "BucketAccess.OriginAccessControlConfig.SigningBehavior", "never"},
		{"edge reads buckets", "", "ImagesBucketPolicy.PolicyDocument.Statement.1.Condition", nil},
		{"edge reads buckets", "", "SiteBucketPolicy.PolicyDocument.Statement.1", nil},
		{"behaviours", "", "Distribution.DistributionConfig.CacheBehaviors.1", nil},
		{"behaviours", "", "Distribution.DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy", "allow-all"},
		{"behaviours", "", "Distribution.DistributionConfig.HttpVersion", nil},
		{"the viewer's TLS", "", "Distribution.DistributionConfig.Origins.0.CustomOriginConfig.OriginSSLProtocols.0", "TLSv1"},
		{"the API behind the edge", "", "Distribution.DistributionConfig.DefaultCacheBehavior.OriginRequestPolicyId", nil},
		{"origins", "", "Distribution.DistributionConfig.CacheBehaviors.0.CachePolicyId", "658327ea-f89d-4fab-a63d-7e88639e58f6"},
		{"the API behind the edge", "", "Distribution.DistributionConfig.Origins.0.OriginCustomHeaders", nil},
		{"what CloudFront takes", "", "Distribution.DistributionConfig.Origins.0.OriginCustomHeaders.0.HeaderName", "X-Edge-Key"},
		{"what CloudFront takes", "", "Distribution.DistributionConfig.Comment", "first " + strings.Repeat("x", 100)},
		{"what CloudFront takes", "", "LinkDashredirectLambdaFunction.Timeout", 25.0},
		{"headers of the site", "", "SiteHeaders.ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy.Fn::Sub",
			"default-src 'none'; script-src 'self'; connect-src 'self' https://s3.amazonaws.com; frame-ancestors 'none'"},
		{"what the API takes", "", "HttpApiRouteGetApiHealth.RouteKey", "GET /ping"},
		{"what the API takes", "", "HttpApiLogGroup.LogGroupName", "/aws/http-api/minim"},
		{"errors are not cached", "", "Distribution.DistributionConfig.CustomErrorResponses.7.ErrorCachingMinTTL", 10.0},
		{"errors are not cached", "", "Distribution.DistributionConfig.CustomErrorResponses", nil},
		{"headers of the site", "", "SiteHeaders.ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy", nil},
		{"headers of the site", "", "PlainHeaders.ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity", nil},
		{"headers of the site", "", "SiteHeaders.ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity.IncludeSubdomains", true},
		{"routes", "", "HttpApiRoutePostApiLinks.AuthorizerId", nil},
		{"routes", "", "HttpApiAuthorizerKeys.IdentitySource.2", nil},
		{"routes", "", "HttpApiRouteGetCodeVar.AuthorizerId", nil},
		{"routes are documented", "", "HttpApiRoutePostApiLinks", nil},
		{"the API's stage", "", "HttpApiStage.DefaultRouteSettings", nil},
		{"the API's stage", "", "HttpApiStage.AccessLogSettings", nil},
		{"the API's stage", "", "HttpApiStage.RouteSettings", nil},
		{"functions are all there", "", "LinkDashgetLambdaFunction", nil},
		{"functions", "", "LinkDashgetLambdaFunction.TracingConfig", nil},
		{"functions", "", "LinkDashgetLambdaFunction.LoggingConfig", nil},
		{"functions", "", "LinkDashgetLogGroup.RetentionInDays", nil},
		{"functions", "", "LinkDashgetLogGroup", nil},
		{"logs", "", "HttpApiLogGroup.RetentionInDays", nil},
		{"functions of the API answer in time", "", "LinkDashgetLambdaFunction.Timeout", 60.0},
		{"failures are kept", "", "ImageDashresizeLambdaEvConf", nil},
		{"failures are kept", "", "ReportDashrunLambdaEvConf.DestinationConfig", nil},
		{"schedules", "", "ReportDashrunSchedulerSchedule1.Target.DeadLetterConfig", nil},
		{"environment", "", "LinkDashgetLambdaFunction.Environment.Variables.API_KEY", "mk_1_2"},
		{"environment", "", "ImageDashlistLambdaFunction.Environment.Variables.CURSOR_KEY_ARN", "a key"},
		{"secrets", "", "EdgeKey.GenerateSecretString.PasswordLength", 8.0},
		{"environment", "", "LinkDashgetLambdaFunction.Environment.Variables.STAGE", "{{resolve:secretsmanager:x}}"},
		{"roles are exact", "", "LinkGetRole", nil},
		{"roles are exact", "", "LinkGetRole.Policies.0.PolicyDocument.Statement.2", nil},
		{"roles are exact", "", "LinkGetRole.Policies.0.PolicyDocument.Statement.2.Action.0", "dynamodb:PutItem"},
		{"writers", "", "LinkGetRole.Policies.0.PolicyDocument.Statement.2.Action.0", "dynamodb:PutItem"},
		{"roles", "", "LinkGetRole.Policies.0.PolicyDocument.Statement.2.Action.0", "dynamodb:*"},
		{"roles", "", "LinkGetRole.Policies.0.PolicyDocument.Statement.2.Resource", "*"},
		{"each role has one user", "", "LinkDashgetLambdaFunction.Role.Fn::GetAtt.0", "HealthRole"},
	}
}

// behind are mutations of data and operations.
func behind() []mutation {
	return []mutation{
		{"only TLS", "", "ImagesBucketPolicy", nil},
		{"only TLS", "", "UploadsBucketPolicy.PolicyDocument.Statement.0", nil},
		{"only TLS", "", "ClicksQueuePolicy", nil},
		{"tables", "", "LinksTable.PointInTimeRecoverySpecification", nil},
		{"tables", "", "KeysTable.SSESpecification", nil},
		{"tables", "", "ClicksTable.TimeToLiveSpecification", nil},
		{"tables", "prod", "LinksTable.DeletionProtectionEnabled", false},
		{"tables", "prod", "LinksTable!DeletionPolicy", nil},
		{"tables", "prod", "LinksTable!DeletionPolicy", "Retain"},
		{"tables", "", "LinksTable!UpdateReplacePolicy", nil},
		{"buckets", "prod", "ImagesBucket!DeletionPolicy", nil},
		{"buckets", "", "ImagesBucket.PublicAccessBlockConfiguration.BlockPublicPolicy", false},
		{"buckets", "", "S3BucketUploads.BucketEncryption", nil},
		{"buckets", "", "ReportsBucket.LifecycleConfiguration", nil},
		{"uploads", "", "S3BucketUploads.NotificationConfiguration", nil},
		{"uploads", "", "ImageDashresizeLambdaPermissionUploadsS3", nil},
		{"queues", "", "ClicksQueue.RedrivePolicy", nil},
		{"queues", "", "ClicksDeadQueue", nil},
		{"queues", "", "ClicksDeadQueue.MessageRetentionPeriod", nil},
		{"queues", "", "ClicksQueue.VisibilityTimeout", 90.0},
		{"queues", "", "FailuresQueue.SqsManagedSseEnabled", nil},
		{"queues", "", "ClickDashcountEventSourceMappingSQSClicksQueue.FunctionResponseTypes", nil},
		{"queues", "", "ClickDashcountEventSourceMappingSQSClicksQueue", nil},
		{"quotas", "", "LinkDashgetLambdaFunction.Environment.Variables.LONG", strings.Repeat("x", 4096)},
		{"quotas", "", "LinkGetRole.Policies.0.PolicyDocument.Statement.2.Resource", strings.Repeat("x", 10240)},
		{"quotas", "", "ApiErrorsAlarm.AlarmDescription", strings.Repeat("x", 1025)},
		{"quotas", "", "ImagesBucket.BucketName.Fn::Sub", "minim-" + strings.Repeat("x", 45) + "-${AWS::AccountId}"},
		{"alarms", "", "LinkRedirectFailsAlarm", nil},
		{"alarms", "", "LinkRedirectFailsAlarm.Metrics.2", nil},
		{"alarms", "", "Slow1Alarm", nil},
		{"alarms", "", "Slow1Alarm.Metrics.1.MetricStat.Stat", "p90"},
		{"alarms", "", "ClicksAgeAlarm", nil},
		{"alarms", "", "FailuresAlarm", nil},
		{"alarms", "", "LinksRefusedAlarm", nil},
		{"alarms", "", "StatsRefusedAlarm.Metrics.4", nil},
		{"alarms", "", "Lost1Alarm", nil},
		{"alarms", "", "Lost1Alarm.Metrics.3", nil},
		{"alarms", "", "ClicksLostAlarm", nil},
		{"alarms", "", "ApiErrorsAlarm.AlarmActions", nil},
		{"alarms", "", "ConcurrencyAlarm", nil},
		{"alarms", "", "ImageSweepSilentAlarm", nil},
		{"alarms", "", "ReportRunSilentAlarm.EvaluationPeriods", 24.0},
		{"refusals", "", "ApiRefusedAlarm", nil},
		{"refusals", "", "ApiRefusedAlarm.Metrics.0.Expression", "IF(whole >= 100, part, 0)"},
		{"refusals", "", "ApiRefusedAlarm.Threshold", 100.0},
		{"refusals", "", "EdgeRefusedAlarm", nil},
		{"refusals", "", "EdgeRefusedAlarm.Metrics.1.MetricStat.Stat", "Sum"},
		{"refusals", "", "ThrottledAlarm", nil},
		{"refusals", "", "Throttled.FilterPattern", "429"},
		{"probe", "prod", "Probe", nil},
		{"probe", "prod", "Probe.HealthCheckConfig.ResourcePath", "/"},
		{"probe", "prod", "UnreachableAlarm", nil},
		{"probe", "example", "Probe.HealthCheckConfig.FullyQualifiedDomainName", "example.com"},
		{"buckets", "prod", "S3BucketUploads.VersioningConfiguration", nil},
		{"buckets", "prod", "ReportsBucket.VersioningConfiguration.Status", "Suspended"},
		{"buckets", "", "S3BucketUploads.LifecycleConfiguration.Rules.1", nil},
		{"buckets", "", "ReportsBucket.LifecycleConfiguration.Rules.2.NoncurrentVersionExpiration.NoncurrentDays", 3650.0},
		{"tellers", "", "AlertsTopic.KmsMasterKeyId", nil},
		{"domain", "example", "Certificate", nil},
		{"domain", "example", "DomainRecordV6", nil},
		{"the viewer's TLS", "example", "Distribution.DistributionConfig.ViewerCertificate.MinimumProtocolVersion", "TLSv1"},
		{"firewall", "example", "Distribution.DistributionConfig.WebACLId", nil},
		{"firewall", "example", "Firewall.Rules.0", nil},
		{"firewall", "example", "Firewall.Rules.3.Statement.ManagedRuleGroupStatement.RuleActionOverrides.4", nil},
		{"access logs", "", "EdgeLog", nil},
		{"access logs", "", "EdgeLog.RecordFields.0", "c-ip"},
		{"canary", "prod", "LinkRedirectLive", nil},
		{"canary", "prod", "LinkRedirectRelease.AlarmConfiguration", nil},
		{"canary", "prod", "LinkRedirectRelease.AlarmConfiguration.Enabled", false},
		{"canary", "prod", "LinkRedirectRelease.AlarmConfiguration.Alarms.0.Name.Ref", "ApiErrorsAlarm"},
		{"canary", "prod", "LinkRedirectLive.FunctionVersion.Fn::GetAtt.0", "LinkRedirectVersion"},
		{"canary", "prod", "HttpApiIntegrationLinkDashredirect.IntegrationUri", "arn"},
		{"alerts", "", "Budget", nil},
		{"alerts", "", "Budget.Budget.BudgetName", "minim"},
		{"alerts", "", "Dashboard", nil},
		{"runbook", "", "ApiErrorsAlarm.AlarmDescription", "The API answers with errors"},
	}
}

// TestNothingIsLost applies each mutation to a valid template: the check that covers
// it must fail, otherwise it checks nothing.
func TestNothingIsLost(t *testing.T) {
	byName := map[string]check{}
	for _, c := range checks() {
		byName[c.name] = c
	}
	for _, stage := range stages()[1:] {
		good := load(t, stage)
		for _, m := range slices.Concat(atTheFront(), behind(), between(), perResource(), ofUsers()) {
			if m.stage != "" && m.stage != stage {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s to %v", stage, m.path, m.to), func(t *testing.T) {
				s, ok := good.mutated(m)
				if !ok {
					t.Fatal("the template does not contain this path")
				}
				var found findings
				byName[m.check].run(&found, s)
				if len(found) == 0 {
					t.Errorf("the check %q did not notice", m.check)
				}
			})
		}
	}
}

// mutated returns a copy with the change, and reports whether there was something to change.
func (s stack) mutated(m mutation) (stack, bool) {
	s.Resources = maps.Clone(s.Resources)
	id, policy, attribute := strings.Cut(m.path, "!")
	id, path, inside := strings.Cut(id, ".")
	if added, ok := m.to.(resource); ok {
		s.Resources[id] = added
		return s, true
	}
	r, known := s.Resources[id]
	if !known || !inside && !attribute {
		delete(s.Resources, id)
		return s, known
	}
	before := text(r)
	switch policy {
	case "DeletionPolicy":
		r.DeletionPolicy, _ = m.to.(string)
	case "UpdateReplacePolicy":
		r.UpdateReplacePolicy, _ = m.to.(string)
	default:
		var properties any
		if err := json.Unmarshal([]byte(text(r.Properties)), &properties); err != nil {
			panic(err)
		}
		r.Properties = put(properties, strings.Split(path, "."), m.to)
	}
	s.Resources[id] = r
	return s, text(r) != before
}

// put sets or removes the value at the path, if its parent exists.
func put(node any, path []string, to any) any {
	switch node := node.(type) {
	case map[string]any:
		switch {
		case len(path) > 1:
			node[path[0]] = put(node[path[0]], path[1:], to)
		case to == nil:
			delete(node, path[0])
		default:
			node[path[0]] = to
		}
	case []any:
		i, err := strconv.Atoi(path[0])
		switch {
		case err != nil || i >= len(node):
		case len(path) > 1:
			node[i] = put(node[i], path[1:], to)
		case to == nil:
			return slices.Delete(node, i, i+1)
		default:
			node[i] = to
		}
	}
	return node
}
