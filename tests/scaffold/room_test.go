package scaffold

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const (
	most      = 55  // functions that one stack has room for
	resources = 450 // CloudFormation allows 500
	perHTTP   = 6   // resources of an HTTP function
)

// TestRoom: with 55 functions the stack of prod has fewer than 450 resources and passes the tests of the template and
// cfn-lint. One more HTTP function takes six resources at most.
func TestRoom(t *testing.T) {
	osls, copied := compiler(t), copyOf(t)
	run(t, copied, "go", "build", "-o", "build/scaffold", "./infra/scaffold")
	orders := more(most - artifacts(t, copied))
	before := 0
	for i, order := range orders {
		if i == len(orders)-1 {
			before = size(t, osls, copied)
		}
		run(t, copied, "build/scaffold", append([]string{"--function"}, order...)...)
		artifacts(t, copied)
	}
	all := size(t, osls, copied)
	t.Logf("%d functions: %d resources", most, all)
	if all >= resources {
		t.Errorf("%d functions: %d resources, want fewer than %d", most, all, resources)
	}
	if all-before > perHTTP {
		t.Errorf("an HTTP function takes %d resources, want %d", all-before, perHTTP)
	}
	run(t, copied, "go", "test", "-run", "^TestStack$/^prod$", "./tests/template")
	lint, err := exec.LookPath("cfn-lint")
	if err != nil {
		t.Skip("needs cfn-lint: pip install -r tests/requirements.txt")
	}
	// As TestLint of tests/template calls it.
	if out := run(t, copied, lint, "--ignore-checks", "W3005", "--regions", "us-east-1", "--", compiled); out != "" {
		t.Errorf("cfn-lint: %s", out)
	}
}

// more are orders for n functions, of which the last one is an HTTP function: the mix that the design plans.
func more(n int) [][]string {
	var orders [][]string
	for event, count := range map[string]int{"sqs": 3, "s3": 3, "schedule": 5, "stream": 3} {
		for i := range count {
			orders = append(orders, []string{fmt.Sprintf("specimen%d-%s", i, event), "--event", event})
		}
	}
	for i := 0; len(orders) < n; i++ {
		orders = append(orders, []string{fmt.Sprintf("specimen%d-create", i), "--event", "http"})
	}
	return orders
}

const compiled = "build/stack-prod/cloudformation-template-update-stack.json"

// size compiles the stack of prod and counts its resources.
func size(t *testing.T, osls, copied string) int {
	t.Helper()
	run(t, copied, osls, "package", "--stage", "prod", "--package", "build/stack-prod")
	var stack struct{ Resources map[string]any }
	text, err := os.ReadFile(filepath.Join(copied, compiled))
	if err == nil {
		err = json.Unmarshal(text, &stack)
	}
	if err != nil {
		t.Fatal(err)
	}
	return len(stack.Resources)
}
