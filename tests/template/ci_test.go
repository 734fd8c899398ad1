package template

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

var deployRole = filepath.Join(root, "infra", "ci", "deploy-role.yml")

// TestDeployRole: whatever kind of resource comes into the stack, the role that
// deploys it must be able to make it.
func TestDeployRole(t *testing.T) {
	source, err := os.ReadFile(deployRole)
	if err != nil {
		t.Fatal(err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(source, &document); err != nil {
		t.Fatal(err)
	}
	granted := map[string]bool{}
	var visit func(*yaml.Node)
	visit = func(node *yaml.Node) {
		for i, child := range node.Content {
			if child.Value == "Action" && node.Kind == yaml.MappingNode && i%2 == 0 {
				actions := node.Content[i+1]
				for _, action := range append([]*yaml.Node{actions}, actions.Content...) {
					service, _, _ := strings.Cut(action.Value, ":")
					granted[service] = true
				}
			}
			visit(child)
		}
	}
	visit(&document)
	prefixes := map[string]string{"ApiGatewayV2": "apigateway", "CertificateManager": "acm", "CloudWatch": "cloudwatch"}
	for _, stage := range stages()[1:] {
		for id, r := range load(t, stage).Resources {
			service := strings.Split(r.Type, "::")[1]
			prefix, ok := prefixes[service]
			if !ok {
				prefix = strings.ToLower(service)
			}
			if !granted[prefix] {
				t.Errorf("%s: %s is a %s, of which infra/ci/deploy-role.yml grants nothing", stage, id, r.Type)
			}
		}
	}
}

// TestDeployRoleNeedsMore: what AWS asks for beside the permission for the resource itself.
func TestDeployRoleNeedsMore(t *testing.T) {
	source, err := os.ReadFile(deployRole)
	if err != nil {
		t.Fatal(err)
	}
	for _, needed := range []string{
		"global/managedruleset/*",                                  // of a firewall of managed rules
		"ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway", // of an account's first API
		"cloudfront:AllowVendedLogDeliveryForResource",             // of the edge's log
		"logs:CreateLogDelivery", "logs:PutResourcePolicy",         // of the API's log
		"log-group:/aws/vendedlogs/${Service}-${Stage}-*",
	} {
		if !strings.Contains(string(source), needed) {
			t.Errorf("the deploy role lacks %s", needed)
		}
	}
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
