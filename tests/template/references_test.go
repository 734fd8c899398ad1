package template

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// checkReferences: every reference leads to a resource of the stack. A removed resource that
// others still need is found before a deployment fails.
func checkReferences(t reporter, s stack) {
	for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
		r := s.Resources[id]
		for _, target := range append(references(r.Properties), append(references(r.UpdatePolicy), strs(r.DependsOn)...)...) {
			if s.Resources[target].Type == "" && !strings.HasPrefix(target, "AWS::") && target != "null" {
				t.Errorf("%s refers to %s, which is not in the stack", id, target)
			}
		}
	}
	for name, output := range s.Outputs {
		for _, target := range references(output) {
			if s.Resources[target].Type == "" && !strings.HasPrefix(target, "AWS::") {
				t.Errorf("the output %s refers to %s, which is not in the stack", name, target)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\$\{([A-Za-z0-9:]+)[.}]`)

// references lists the logical IDs that a value's intrinsic functions refer to.
func references(value any) []string {
	var found []string
	switch node := value.(type) {
	case []any:
		for _, each := range node {
			found = append(found, references(each)...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(node)) {
			switch key {
			case "Ref":
				found = append(found, strs(node[key])...)
			case "Fn::GetAtt":
				found = append(found, strs(follow(node[key], "0"))...)
			case "Fn::Sub":
				for _, match := range placeholder.FindAllStringSubmatch(text(node[key]), -1) {
					found = append(found, match[1])
				}
			default:
				found = append(found, references(node[key])...)
			}
		}
	}
	return found
}

// checkNames: the names of resources contain service and stage, so that one account can
// contain several stages.
func checkNames(t reporter, s stack) {
	properties := map[string]string{
		"AWS::ApiGatewayV2::Api": "Name", "AWS::Budgets::Budget": "Budget.BudgetName", "AWS::CloudFront::Function": "Name",
		"AWS::CloudFront::OriginAccessControl":   "OriginAccessControlConfig.Name",
		"AWS::CloudFront::OriginRequestPolicy":   "OriginRequestPolicyConfig.Name",
		"AWS::CloudFront::ResponseHeadersPolicy": "ResponseHeadersPolicyConfig.Name",
		"AWS::CloudFront::CachePolicy":           "CachePolicyConfig.Name",
		"AWS::CloudWatch::Dashboard":             "DashboardName", "AWS::CodeDeploy::Application": "ApplicationName",
		"AWS::DynamoDB::Table": "TableName", "AWS::Lambda::Function": "FunctionName", "AWS::Logs::LogGroup": "LogGroupName",
		"AWS::Logs::DeliverySource": "Name", "AWS::Logs::DeliveryDestination": "Name", "AWS::S3::Bucket": "BucketName",
		"AWS::SNS::Topic": "TopicName", "AWS::Scheduler::Schedule": "Name", "AWS::SQS::Queue": "QueueName", "AWS::SecretsManager::Secret": "Name", "AWS::WAFv2::WebACL": "Name",
	}
	named := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
		r := s.Resources[id]
		property, ok := properties[r.Type]
		if !ok || id == "ServerlessDeploymentBucket" { // osls finds it by its logical ID
			continue
		}
		name := text(r.get(property))
		if !strings.Contains(name, s.service+"-"+s.stage) {
			t.Errorf("%s: its %s %s does not contain service and stage", id, property, name)
		}
		if other, taken := named[r.Type+name]; taken {
			t.Errorf("%s and %s have the same name %s", id, other, name)
		}
		named[r.Type+name] = id
		// Bucket names are global.
		if r.Type == "AWS::S3::Bucket" && !strings.Contains(name, "${AWS::AccountId}") {
			t.Errorf("%s: its name %s may be taken by another account", id, name)
		}
	}
}
