package template

import (
	"os"
	"strings"
	"unicode/utf8"
)

// checkQuotas: the stack is within AWS's fixed quotas, with room for the length of
// resolved references.
func checkQuotas(t reporter, s stack) {
	if n := max(len(s.Resources), s.declared); n >= 450 {
		t.Errorf("%d resources; CloudFormation accepts 500", n)
	}
	if n := len(s.Outputs); n > 150 {
		t.Errorf("%d outputs; CloudFormation accepts 200", n)
	}
	if file, err := os.Stat(compiled(s.stage)); err != nil || file.Size() > 900_000 {
		t.Errorf("the template is missing or has more than 900 kB; CloudFormation accepts 1 MB: %v", err)
	}
	for _, role := range s.of("AWS::IAM::Role") {
		length := 0
		policies, _ := s.Resources[role].get("Policies").([]any)
		for _, policy := range policies {
			length += len(text(follow(policy, "PolicyDocument")))
		}
		if length > 9000 {
			t.Errorf("%s: its policies have %d characters; IAM accepts 10240", role, length)
		}
	}
	for name, id := range s.functions() {
		if n := len(s.name(name)); n > 64 {
			t.Errorf("%s: a name of %d characters; Lambda accepts 64", s.name(name), n)
		}
		if n := len(text(s.Resources[id].get("Environment.Variables"))); n > 3500 {
			t.Errorf("%s: an environment of %d bytes; Lambda accepts 4096", name, n)
		}
	}
	for _, id := range s.of("AWS::S3::Bucket") {
		name, _ := s.Resources[id].get("BucketName.Fn::Sub").(string)
		if n := len(strings.ReplaceAll(name, "${AWS::AccountId}", "111122223333")); n > 63 {
			t.Errorf("%s: a name of %d characters; S3 accepts 63", id, n)
		}
	}
	for _, id := range s.of("AWS::CloudWatch::Alarm") {
		description, _ := s.Resources[id].get("AlarmDescription").(string)
		if n := utf8.RuneCountInString(description); n > 1024 {
			t.Errorf("%s: a description of %d characters; CloudWatch accepts 1024", id, n)
		}
		if n := len(s.Resources[id].measures()); n > 10 {
			t.Errorf("%s watches %d metrics; CloudWatch accepts 10", id, n)
		}
	}
}
