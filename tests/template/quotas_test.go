package template

import (
	"os"
	"strings"
	"unicode/utf8"
)

// checkQuotas: what AWS takes no more of, and cannot be asked to, with room for what
// references become when they are resolved.
func checkQuotas(t reporter, s stack) {
	if n := max(len(s.Resources), s.declared); n >= 450 {
		t.Errorf("%d resources; CloudFormation takes 500", n)
	}
	if n := len(s.Outputs); n > 150 {
		t.Errorf("%d outputs; CloudFormation takes 200", n)
	}
	if file, err := os.Stat(compiled(s.stage)); err != nil || file.Size() > 900_000 {
		t.Errorf("the template has more than 900 kB, or is not there; CloudFormation takes 1 MB: %v", err)
	}
	for _, role := range s.of("AWS::IAM::Role") {
		length := 0
		policies, _ := s.Resources[role].get("Policies").([]any)
		for _, policy := range policies {
			length += len(text(follow(policy, "PolicyDocument")))
		}
		if length > 9000 {
			t.Errorf("%s: its policies have %d characters; IAM takes 10240", role, length)
		}
	}
	for name, id := range s.functions() {
		if n := len(s.name(name)); n > 64 {
			t.Errorf("%s: a name of %d characters; Lambda takes 64", s.name(name), n)
		}
		if n := len(text(s.Resources[id].get("Environment.Variables"))); n > 3500 {
			t.Errorf("%s: an environment of %d bytes; Lambda takes 4096", name, n)
		}
	}
	for _, id := range s.of("AWS::S3::Bucket") {
		name, _ := s.Resources[id].get("BucketName.Fn::Sub").(string)
		if n := len(strings.ReplaceAll(name, "${AWS::AccountId}", "111122223333")); n > 63 {
			t.Errorf("%s: a name of %d characters; S3 takes 63", id, n)
		}
	}
	for _, id := range s.of("AWS::CloudWatch::Alarm") {
		description, _ := s.Resources[id].get("AlarmDescription").(string)
		if n := utf8.RuneCountInString(description); n > 1024 {
			t.Errorf("%s: %d characters about it; CloudWatch takes 1024", id, n)
		}
		if n := len(s.Resources[id].measures()); n > 10 {
			t.Errorf("%s looks at %d metrics; CloudWatch takes 10", id, n)
		}
	}
}
