package template

import (
	"slices"
	"strings"
)

// checkOrder: a resource that AWS checks when it creates another, but that the other does
// not refer to, needs a DependsOn. Otherwise a first deployment fails, but only
// sometimes.
func checkOrder(t reporter, s stack) {
	for kind, before := range map[string]string{
		"AWS::Budgets::Budget":           "AWS::SNS::TopicPolicy",            // which permits its notifications
		"AWS::Logs::DeliveryDestination": "AWS::S3::BucketPolicy",            // which permits the delivery
		"AWS::Lambda::Alias":             "AWS::CodeDeploy::DeploymentGroup", // which shifts the alias
	} {
		for _, id := range s.of(kind) {
			if !slices.ContainsFunc(strs(s.Resources[id].DependsOn), func(on string) bool { return s.Resources[on].Type == before }) {
				t.Errorf("%s may be created before the %s that it needs", id, before)
			}
		}
	}
	for _, id := range s.of("AWS::S3::Bucket") {
		notifications, _ := s.Resources[id].get("NotificationConfiguration.LambdaConfigurations").([]any)
		for _, n := range notifications {
			function, _ := follow(n, "Function.Fn::GetAtt.0").(string)
			if !slices.ContainsFunc(strs(s.Resources[id].DependsOn), func(on string) bool {
				return s.Resources[on].Type == "AWS::Lambda::Permission" && slices.Contains(s.invoked(s.Resources[on].get("FunctionName")), function)
			}) {
				t.Errorf("%s may be created before it is permitted to invoke %s", id, function)
			}
		}
	}
	for _, id := range s.of("AWS::Lambda::Function") {
		// Lambda creates a missing log group at the first invocation, and then the stack cannot create it.
		if group := strings.TrimSuffix(id, "LambdaFunction") + "LogGroup"; !slices.Contains(strs(s.Resources[id].DependsOn), group) {
			t.Errorf("%s may write its log before %s is created", id, group)
		}
	}
}

// checkIndexes: every index in a permission exists, and every index is used, since each
// write pays for it.
func checkIndexes(t reporter, s stack) {
	there, used := map[string]bool{}, map[string]bool{}
	for _, id := range s.of("AWS::DynamoDB::Table") {
		s.checkKeys(t, id)
		indexes, _ := s.Resources[id].get("GlobalSecondaryIndexes").([]any)
		for _, index := range indexes {
			name, _ := follow(index, "IndexName").(string)
			there["${"+id+".Arn}/index/"+name] = true
		}
	}
	for _, role := range s.of("AWS::IAM::Role") {
		for _, statement := range s.statements(role) {
			for _, on := range strs(follow(statement, "Resource")) {
				if _, arn, ok := strings.Cut(on, `{"Fn::Sub":"`); ok && strings.Contains(arn, "/index/") {
					used[strings.TrimSuffix(arn, `"}`)] = true
				}
			}
		}
	}
	for arn := range used {
		if !there[arn] {
			t.Errorf("a role allows %s, but there is no such index", arn)
		}
	}
	for arn := range there {
		if !used[arn] && (s.has(t, "users") || !strings.Contains(arn, "SessionsTable")) {
			t.Errorf("no role may use %s", arn)
		}
	}
}

// checkKeys: DynamoDB only accepts a table that defines exactly the attributes of its keys.
func (s stack) checkKeys(t reporter, id string) {
	t.Helper()
	defined, used := map[string]bool{}, map[string]bool{}
	list, _ := s.Resources[id].get("AttributeDefinitions").([]any)
	for _, attribute := range list {
		defined[text(follow(attribute, "AttributeName"))] = true
	}
	indexes, _ := s.Resources[id].get("GlobalSecondaryIndexes").([]any)
	for _, keyed := range append(indexes, s.Resources[id].Properties) {
		keys, _ := follow(keyed, "KeySchema").([]any)
		if len(keys) == 0 || text(follow(keys[0], "KeyType")) != `"HASH"` || len(keys) > 1 && text(follow(keys[1], "KeyType")) != `"RANGE"` {
			t.Errorf("%s has the keys %s", id, text(keys))
		}
		for _, key := range keys {
			used[text(follow(key, "AttributeName"))] = true
		}
	}
	if text(defined) != text(used) {
		t.Errorf("%s defines %s, and its keys are %s", id, text(defined), text(used))
	}
}
