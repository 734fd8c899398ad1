package template

import (
	"os"
	"os/exec"
	"testing"
)

// TestLint runs cfn-lint, which checks CloudFormation's schemas. It is optional, so make
// prints a notice if it is missing. W3005 is about DependsOn in addition to a reference,
// which osls writes.
func TestLint(t *testing.T) {
	lint, err := exec.LookPath("cfn-lint")
	if err != nil {
		t.Skip("needs cfn-lint: pip install -r tests/requirements.txt")
	}
	for region, names := range map[string][]string{
		"us-east-1":    append(stages()[1:], "dev-us-east-1", "prod-us-east-1", "example-us-east-1"),
		"eu-central-1": elsewhere(),
	} {
		args := []string{"--ignore-checks", "W3005", "--regions", region, "--"}
		for _, name := range names {
			if _, err := os.Stat(compiled(name)); err != nil {
				missing(t, "the compiled template")
			}
			args = append(args, compiled(name))
		}
		if out, err := exec.CommandContext(t.Context(), lint, args...).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v\n%s", region, err, out)
		}
	}
}
