package template

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/minim-dev/minim/infra/local/iam"
)

var deployRole = filepath.Join(root, "infra", "ci", "deploy-role.yml")

// grant is a statement of the deploy role, its conditions aside.
type grant struct{ actions, resources []string }

func (g grant) allows(action, resource string) bool {
	return slices.ContainsFunc(g.actions, func(pattern string) bool { return iam.Match(pattern, action) }) &&
		slices.ContainsFunc(g.resources, func(pattern string) bool { return iam.MatchARN(pattern, resource) })
}

// TestDeployRole: the role may do what making, changing and removing each resource of
// each stage asks for (testdata/handlers.yml), on that resource, and not on what has
// another stage's name.
func TestDeployRole(t *testing.T) {
	needs := handlers(t)
	for _, stage := range stages()[1:] {
		grants := deployRoleOf(t, stage)
		may := func(action, resource string) bool {
			return slices.ContainsFunc(grants, func(g grant) bool { return g.allows(action, resource) })
		}
		kinds := map[string]bool{"make deploy": true}
		for id, r := range load(t, stage).Resources {
			if kinds[r.Type] = true; needs[r.Type] == nil {
				t.Errorf("%s: what %s, a %s, asks for is not in testdata/handlers.yml", stage, id, r.Type)
			}
		}
		for kind := range kinds {
			for resource, actions := range needs[kind] {
				own, other := strings.ReplaceAll(resource, "STAGE", stage), strings.ReplaceAll(resource, "STAGE", stage+"2")
				for _, action := range actions {
					if !may(action, own) {
						t.Errorf("%s: the role may not %s on %s, for a %s", stage, action, own, kind)
					}
					// CloudFront has ids, but for its functions.
					if own != other && may(action, other) && !strings.HasPrefix(action, "cloudfront:") {
						t.Errorf("%s: the role may %s on %s", stage, action, other)
					}
				}
			}
		}
	}
}

// TestDeployRoleIsNotTooWide: an action that the role names is one that somebody needs.
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
				t.Errorf("nobody needs %s", action)
			}
		}
	}
}

// handlers are actions by resource, by type.
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

// deployRoleOf reads the statements of a stage's deploy role, each policy of which is
// within IAM's 6144 characters.
func deployRoleOf(t *testing.T, stage string) []grant {
	t.Helper()
	source, err := os.ReadFile(deployRole)
	if err != nil {
		t.Fatal(err)
	}
	filled := strings.NewReplacer("${AWS::Partition}", "aws", "${AWS::AccountId}", "111122223333", "${Service}", "minim", "${Stage}", stage, "${Zone}", "Z1").Replace(string(source))
	var document struct {
		Resources map[string]struct {
			Type       string `yaml:"Type"`
			Properties struct {
				PolicyDocument struct{ Statement []map[string]any }
			} `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	decode := strings.NewReplacer("PolicyDocument:", "policydocument:", "Statement:", "statement:")
	if err := yaml.Unmarshal([]byte(decode.Replace(filled)), &document); err != nil {
		t.Fatal(err)
	}
	var grants []grant
	for id, r := range document.Resources {
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

func TestLintDeployRole(t *testing.T) {
	lint, err := exec.LookPath("cfn-lint")
	if err != nil {
		t.Skip("needs cfn-lint: pip install cfn-lint")
	}
	if out, err := exec.CommandContext(t.Context(), lint, deployRole).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
