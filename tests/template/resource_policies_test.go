package template

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// guarded maps each resource with a resource policy to its statements.
func (s stack) guarded() map[string][]any {
	found := map[string][]any{}
	for kind, where := range map[string]struct{ targets, document string }{
		"AWS::S3::BucketPolicy": {"Bucket", "PolicyDocument"},
		"AWS::SQS::QueuePolicy": {"Queues", "PolicyDocument"},
		"AWS::SNS::TopicPolicy": {"Topics", "PolicyDocument"},
		"AWS::KMS::Key":         {"", "KeyPolicy"},
		"AWS::DynamoDB::Table":  {"", "ResourcePolicy.PolicyDocument"},
	} {
		for _, id := range s.of(kind) {
			statements, _ := s.Resources[id].get(where.document + ".Statement").([]any)
			targets := references(s.Resources[id].get(where.targets))
			if where.targets == "" {
				targets = []string{id}
			}
			for _, target := range targets {
				found[target] = append(found[target], statements...)
			}
		}
	}
	return found
}

// checkResourcePolicies: a resource policy allows named actions to named principals, and to
// a service only on behalf of this account. Otherwise anybody's distribution, alarm or
// log could use the resource.
func checkResourcePolicies(t reporter, s stack) {
	for id, statements := range s.guarded() {
		for _, statement := range statements {
			for _, turned := range []string{"NotAction", "NotPrincipal", "NotResource"} {
				if follow(statement, turned) != nil {
					t.Errorf("%s: %s allows everything that it does not list", id, turned)
				}
			}
			switch effect := follow(statement, "Effect"); effect {
			case "Deny":
			case "Allow":
				s.checkAllowed(t, id, statement)
			default:
				t.Errorf("%s has a statement with the effect %v", id, effect)
			}
		}
	}
}

func (s stack) checkAllowed(t reporter, id string, statement any) {
	t.Helper()
	account := text(map[string]any{"AWS": map[string]any{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}})
	principal := follow(statement, "Principal")
	ofAccount := text(principal) == account && s.Resources[id].Type == "AWS::KMS::Key"
	for _, action := range strs(follow(statement, "Action")) {
		if service, what, _ := strings.Cut(action, ":"); what == "" || service == "*" || strings.Contains(what, "*") && !ofAccount {
			t.Errorf("%s allows %s: name the actions", id, action)
		}
	}
	if resource := follow(statement, "Resource"); s.Resources[id].Type != "AWS::KMS::Key" && !slices.Equal(references(resource), []string{id}) {
		t.Errorf("%s allows something on another resource, %s", id, text(resource))
	}
	if ofAccount {
		return
	}
	services := strs(follow(principal, "Service"))
	if object, ok := principal.(map[string]any); !ok || len(object) != 1 || services[0] == "null" || slices.Contains(services, "*") {
		t.Errorf("%s allows %s to a principal that is not a service: %s", id, text(follow(statement, "Action")), text(principal))
	}
	bound := false
	for _, operator := range []string{"StringEquals", "ArnEquals"} {
		conditions, _ := follow(statement, "Condition."+operator).(map[string]any)
		for key, value := range conditions {
			bound = bound || strings.EqualFold(key, "aws:SourceAccount") && text(value) == `{"Ref":"AWS::AccountId"}` ||
				strings.EqualFold(key, "aws:SourceArn") && strings.Contains(text(value), "${AWS::AccountId}")
		}
	}
	if !bound {
		t.Errorf("%s allows %v to act for any account: no aws:SourceAccount or aws:SourceArn", id, services)
	}
}

// checkOnlyTLS: every bucket, queue and topic refuses requests without TLS.
func checkOnlyTLS(t reporter, s stack) {
	actions := map[string]string{"AWS::S3::Bucket": "s3:*", "AWS::SQS::Queue": "sqs:*", "AWS::SNS::Topic": "sns:Publish"}
	policies := s.guarded()
	for _, kind := range slices.Sorted(maps.Keys(actions)) {
		for _, id := range s.of(kind) {
			if !slices.ContainsFunc(policies[id], func(statement any) bool {
				return follow(statement, "Effect") == "Deny" && follow(statement, "Principal") == "*" && follow(statement, "Action") == actions[kind] &&
					strings.ReplaceAll(text(follow(statement, "Condition")), `"false"`, "false") == `{"Bool":{"aws:SecureTransport":false}}` &&
					covers(kind, id, follow(statement, "Resource"))
			}) {
				t.Errorf("%s can be reached without TLS: its policy has no statement that denies all by aws:SecureTransport", id)
			}
		}
	}
}

// covers reports whether a statement applies to the whole resource, and for a bucket also
// to its objects.
func covers(kind, id string, resource any) bool {
	itself, inside := false, false
	list, several := resource.([]any)
	if !several {
		list = []any{resource}
	}
	for _, each := range list {
		if !slices.Contains(references(each), id) {
			continue
		}
		if strings.Contains(text(each), `/*"`) {
			inside = true
		} else {
			itself = true
		}
	}
	return itself && (inside || kind != "AWS::S3::Bucket")
}

// checkTellers: services that notify a topic may publish to it and use its encryption
// key: otherwise CloudWatch sends nothing, without an error.
func checkTellers(t reporter, s stack) {
	tellers := map[string]string{"AWS::CloudWatch::Alarm": "cloudwatch.amazonaws.com", "AWS::Budgets::Budget": "budgets.amazonaws.com"}
	for _, topic := range s.of("AWS::SNS::Topic") {
		key, _ := s.Resources[topic].get("KmsMasterKeyId.Ref").(string)
		if s.Resources[key].Type != "AWS::KMS::Key" {
			t.Errorf("%s is not encrypted with a key of the stack", topic)
		}
		policies := s.guarded()
		for kind, service := range tellers {
			if !slices.ContainsFunc(s.of(kind), func(id string) bool { return slices.Contains(references(s.Resources[id].Properties), topic) }) {
				continue
			}
			for id, needed := range map[string][]string{topic: {"sns:Publish"}, key: {"kms:Decrypt", "kms:GenerateDataKey"}} {
				for _, action := range needed {
					if !slices.ContainsFunc(policies[id], func(statement any) bool {
						return follow(statement, "Effect") == "Allow" && slices.Contains(strs(follow(statement, "Principal.Service")), service) &&
							slices.Contains(strs(follow(statement, "Action")), action) &&
							slices.Contains([]string{"*", fmt.Sprintf(`{"Ref":%q}`, id)}, strs(follow(statement, "Resource"))[0])
					}) {
						t.Errorf("%s does not allow %s to %s, which notifies %s", id, action, service, topic)
					}
				}
			}
		}
	}
	for _, key := range s.of("AWS::KMS::Key") {
		s.Resources[key].want(t, key, "EnableKeyRotation", true)
		if !slices.ContainsFunc(s.guarded()[key], func(statement any) bool {
			return follow(statement, "Effect") == "Allow" && follow(statement, "Action") == "kms:*" && strings.Contains(text(follow(statement, "Principal.AWS")), ":root") && follow(statement, "Resource") == "*"
		}) {
			t.Errorf("%s could never be managed again: its policy does not include the account", key)
		}
	}
}
