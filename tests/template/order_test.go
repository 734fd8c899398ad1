package template

import (
	"slices"
	"strings"
)

// checkOrder: what AWS looks at when something is made, and what nothing in the
// template refers to, is made before it. Otherwise a first deployment fails, and
// only now and then.
func checkOrder(t reporter, s stack) {
	for kind, before := range map[string]string{
		"AWS::Budgets::Budget":           "AWS::SNS::TopicPolicy",            // it must be allowed to tell
		"AWS::Logs::DeliveryDestination": "AWS::S3::BucketPolicy",            // and the log to be written
		"AWS::Lambda::Alias":             "AWS::CodeDeploy::DeploymentGroup", // by which the alias is moved
	} {
		for _, id := range s.of(kind) {
			if !slices.ContainsFunc(strs(s.Resources[id].DependsOn), func(on string) bool { return s.Resources[on].Type == before }) {
				t.Errorf("%s may be made before the %s that it needs", id, before)
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
				t.Errorf("%s may be made before it is permitted to invoke %s", id, function)
			}
		}
	}
	for _, id := range s.of("AWS::Lambda::Function") {
		// Lambda makes the group itself at the first invocation, and one that is there is refused.
		if group := strings.TrimSuffix(id, "LambdaFunction") + "LogGroup"; !slices.Contains(strs(s.Resources[id].DependsOn), group) {
			t.Errorf("%s may write its log before %s is made", id, group)
		}
	}
}

// checkIndexes: whoever may use an index finds it, and each index is used: it is
// paid for with each write.
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
			t.Errorf("a role allows %s, and there is no such index", arn)
		}
	}
	for arn := range there {
		if !used[arn] && (s.has(t, "users") || !strings.Contains(arn, "SessionsTable")) {
			t.Errorf("nobody may use %s", arn)
		}
	}
}

// checkKeys: DynamoDB takes a table whose attributes are those of its keys.
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
