package template

import (
	"os"
	"os/exec"
	"testing"
)

// TestLint: cfn-lint knows CloudFormation's own schemas. It is no prerequisite, so
// make says loudly when it is missing. W3005 is about DependsOn beside a reference,
// which osls writes.
func TestLint(t *testing.T) {
	lint, err := exec.LookPath("cfn-lint")
	if err != nil {
		t.Skip("needs cfn-lint: pip install cfn-lint")
	}
	args := []string{"--ignore-checks", "W3005", "--"}
	for _, stage := range stages()[1:] {
		if _, err := os.Stat(compiled(stage)); err != nil {
			t.Skip("needs the compiled template: make test-stack")
		}
		args = append(args, compiled(stage))
	}
	if out, err := exec.CommandContext(t.Context(), lint, args...).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
