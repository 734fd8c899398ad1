package template

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

var deployRole = filepath.Join(root, "infra", "ci", "deploy-role.yml")

// grant is a statement of the deploy role without its conditions.
type grant struct{ actions, resources []string }

func (g grant) allows(action, resource string) bool {
	return slices.ContainsFunc(g.actions, func(pattern string) bool { return matches(pattern, action) }) &&
		slices.ContainsFunc(g.resources, func(pattern string) bool { return matchesARN(pattern, resource) })
}

// matches reports whether an IAM pattern matches a whole text: * is any number of characters, ? a single one.
func matches(pattern, text string) bool {
	expression := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile("^(?s:" + expression + ")$").MatchString(text)
}

// matchesARN is matches for ARNs, in which a wildcard stays within its segment. The pattern "*" matches all ARNs.
func matchesARN(pattern, arn string) bool {
	const segments = 6
	patterns, texts := strings.SplitN(pattern, ":", segments), strings.SplitN(arn, ":", segments)
	return pattern == "*" || len(patterns) == segments && slices.EqualFunc(patterns, texts, matches)
}

func TestMatchesARN(t *testing.T) {
	for _, c := range []struct {
		pattern, arn string
		want         bool
	}{
		{"*", "arn:aws:s3:::files", true},
		{"arn:aws:s3:::fil*", "arn:aws:s3:::files/a:b", true},
		{"arn:aws:s3:::file?", "arn:aws:s3:::files", true},
		{"arn:aws:s3:::file?", "arn:aws:s3:::file", false},
		{"arn:aws:s3:::f.les", "arn:aws:s3:::files", false},
		{"arn:aws:*:queue", "arn:aws:sqs:us-east-1:1:queue", false}, // a wildcard stays within its segment
		{"arn:aws:sqs:*:1:queue", "arn:aws:sqs:us-east-1:1:queue", true},
		{"arn:aws:sqs:*:1:queue", "arn:aws:sqs:us-east-1:1:queues", false},
	} {
		if got := matchesARN(c.pattern, c.arn); got != c.want {
			t.Errorf("%s matches %s: %t", c.pattern, c.arn, got)
		}
	}
}

// TestDeployRole: for each resource of each stage, the role has the permissions to create,
// change and delete it (testdata/handlers.yml), and does not have them for resources with
// another stage's name.
func TestDeployRole(t *testing.T) {
	needs := handlers(t)
	for _, name := range append(stages()[1:], elsewhere()...) {
		stage, region, _ := strings.Cut(name, "-")
		grants := deployRoleOf(t, stage)
		may := func(action, resource string) bool {
			return slices.ContainsFunc(grants, func(g grant) bool { return g.allows(action, resource) })
		}
		kinds := map[string]bool{"make deploy": true}
		for id, r := range load(t, name).Resources {
			if kinds[r.Type] = true; needs[r.Type] == nil {
				t.Errorf("%s: testdata/handlers.yml lacks the permissions for %s, a %s", stage, id, r.Type)
			}
		}
		for kind := range kinds {
			for resource, actions := range needs[kind] {
				if region != "" && !slices.Contains(apart(), kind) && !strings.Contains(resource, "-us-east-1/") {
					resource = strings.ReplaceAll(resource, "us-east-1", region)
				}
				own, other := strings.ReplaceAll(resource, "STAGE", stage), strings.ReplaceAll(resource, "STAGE", stage+"2")
				for _, action := range actions {
					if !may(action, own) {
						t.Errorf("%s: the role may not %s on %s, for a %s", stage, action, own, kind)
					}
					// CloudFront's resources other than functions have generated IDs.
					if own != other && may(action, other) && !strings.HasPrefix(action, "cloudfront:") {
						t.Errorf("%s: the role may %s on %s", stage, action, other)
					}
				}
			}
		}
	}
}

// TestDeployRoleTrusts: the role trusts the jobs of its repository and environment, by GitHub's subject claim, with
// IDs (the default since July 15, 2026) or without.
func TestDeployRoleTrusts(t *testing.T) {
	for _, test := range []struct {
		repository string
		allowed    bool     // by AllowedPattern
		trusted    []string // subjects
	}{
		{"minim-dev@123456/minim@456789", true, []string{"repo:minim-dev@123456/minim@456789:environment:dev"}},
		{"octo.cat@1/my_repo.go@22", true, []string{"repo:octo.cat@1/my_repo.go@22:environment:dev"}},
		{"minim-dev/minim", true, []string{"repo:minim-dev/minim:environment:dev"}},
		{"minim-dev@123456/minim", false, nil},
		{"minim-dev/minim@456789", false, nil},
		{"minim-dev@x/minim@y", false, nil},
		{"minim-dev", false, nil},
		{"minim-dev@123456/*@456789", false, nil},
	} {
		document := deployRoleFor(t, "dev", test.repository)
		pattern := regexp.MustCompile("^(?:" + document.Parameters["Repository"].AllowedPattern + ")$")
		if allowed := pattern.MatchString(test.repository); allowed != test.allowed {
			t.Errorf("%s: AllowedPattern accepts it: %t, want %t", test.repository, allowed, test.allowed)
			continue
		}
		for _, subject := range []string{
			"repo:minim-dev@123456/minim@456789:environment:dev", "repo:minim-dev/minim:environment:dev", "repo:octo.cat@1/my_repo.go@22:environment:dev",
			"repo:minim-dev@123456/minim@456789:environment:prod", "repo:minim-dev@123456/minim@456789:ref:refs/heads/main",
			"repo:minim-dev@999/minim@456789:environment:dev", "repo:minim-dev@123456/minim@999:environment:dev",
		} {
			want := test.allowed && slices.Contains(test.trusted, subject)
			if got := test.allowed && document.trusts(t, "sts.amazonaws.com", subject); got != want {
				t.Errorf("%s trusts %s: %t, want %t", test.repository, subject, got, want)
			}
			if test.allowed && document.trusts(t, "https://github.com/minim-dev", subject) {
				t.Errorf("%s trusts a token for another audience", test.repository)
			}
		}
	}
}

// TestDeployRoleIsNotTooWide: every action of the role is needed.
func TestDeployRoleIsNotTooWide(t *testing.T) {
	needed := map[string]bool{}
	for _, resources := range handlers(t) {
		for _, actions := range resources {
			for _, action := range actions {
				needed[action] = true
			}
		}
	}
	for _, g := range deployRoleOf(t, "dev") {
		for _, action := range g.actions {
			if !needed[action] && !strings.HasSuffix(action, "*") {
				t.Errorf("%s is not needed", action)
			}
		}
	}
}

// handlers contains the actions by resource, by type.
func handlers(t *testing.T) map[string]map[string][]string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("testdata", "handlers.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var needs map[string]map[string][]string
	if err := yaml.Unmarshal(source, &needs); err != nil {
		t.Fatal(err)
	}
	return needs
}

// deployRoleOf reads the statements of a stage's deploy role, and checks that each policy
// is within IAM's limit of 6,144 characters.
func deployRoleOf(t *testing.T, stage string) []grant {
	t.Helper()
	var grants []grant
	for id, r := range deployRoleFor(t, stage, "minim-dev@1/minim@2").Resources {
		if r.Type != "AWS::IAM::ManagedPolicy" {
			continue
		}
		if length := len(text(r.Properties.PolicyDocument)); length > 6144 {
			t.Errorf("%s has %d characters; IAM takes 6144", id, length)
		}
		for _, statement := range r.Properties.PolicyDocument.Statement {
			grants = append(grants, grant{strs(statement["Action"]), strs(statement["Resource"])})
		}
	}
	return grants
}

// roleTemplate is the part of the deploy role's template that these tests read.
type roleTemplate struct {
	Parameters map[string]struct {
		AllowedPattern string `yaml:"AllowedPattern"`
	} `yaml:"Parameters"`
	Resources map[string]struct {
		Type       string `yaml:"Type"`
		Properties struct {
			PolicyDocument           policyDocument `yaml:"PolicyDocument"`
			AssumeRolePolicyDocument policyDocument `yaml:"AssumeRolePolicyDocument"`
		} `yaml:"Properties"`
	} `yaml:"Resources"`
}

type policyDocument struct {
	Statement []map[string]any `yaml:"Statement"`
}

// deployRoleFor reads the template with its parameters filled in.
func deployRoleFor(t *testing.T, stage, repository string) (document roleTemplate) {
	t.Helper()
	source, err := os.ReadFile(deployRole)
	if err != nil {
		t.Fatal(err)
	}
	filled := strings.NewReplacer("${AWS::Partition}", "aws", "${AWS::AccountId}", "111122223333", "${Service}", "minim", "${Stage}", stage,
		"${Zone}", "Z1", "${Repository}", repository).Replace(string(source))
	if err := yaml.Unmarshal([]byte(filled), &document); err != nil {
		t.Fatal(err)
	}
	return document
}

// trusts evaluates the role's trust policy for a token from GitHub.
func (r roleTemplate) trusts(t *testing.T, audience, subject string) bool {
	t.Helper()
	statements := r.Resources["DeployRole"].Properties.AssumeRolePolicyDocument.Statement
	if len(statements) != 1 || statements[0]["Effect"] != "Allow" || statements[0]["Action"] != "sts:AssumeRoleWithWebIdentity" {
		t.Fatalf("the trust policy is %s", text(statements))
	}
	conditions, _ := statements[0]["Condition"].(map[string]any)
	equals, _ := conditions["StringEquals"].(map[string]any)
	const issuer = "token.actions.githubusercontent.com:"
	if len(conditions) != 1 || len(equals) != 2 {
		t.Fatalf("the trust policy's condition is %s", text(conditions))
	}
	return slices.Contains(strs(equals[issuer+"aud"]), audience) && slices.Contains(strs(equals[issuer+"sub"]), subject)
}

func TestLintDeployRole(t *testing.T) {
	lint, err := exec.LookPath("cfn-lint")
	if err != nil {
		t.Skip("needs cfn-lint: pip install -r tests/requirements.txt")
	}
	if out, err := exec.CommandContext(t.Context(), lint, deployRole).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestDeployRolePasses: the deploy role may pass roles to the services that the stack's roles trust, and to no others.
func TestDeployRolePasses(t *testing.T) {
	want := map[string]bool{}
	for _, name := range stages()[1:] {
		s := load(t, name)
		for _, id := range s.of("AWS::IAM::Role") {
			for _, service := range strs(s.Resources[id].get("AssumeRolePolicyDocument.Statement.0.Principal.Service")) {
				want[service] = true
			}
		}
	}
	for _, r := range deployRoleFor(t, "dev", "minim-dev@1/minim@2").Resources {
		for _, statement := range r.Properties.PolicyDocument.Statement {
			if !slices.Contains(strs(statement["Action"]), "iam:PassRole") {
				continue
			}
			got := strs(follow(statement["Condition"], "StringEquals.iam:PassedToService"))
			if slices.Sort(got); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
				t.Errorf("the deploy role passes roles to %v; the stack's roles trust %v", got, slices.Sorted(maps.Keys(want)))
			}
			return
		}
	}
	t.Error("the deploy role may not pass roles")
}
