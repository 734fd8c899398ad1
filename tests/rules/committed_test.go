package rules

import (
	"os/exec"
	"testing"
)

// TestNothingIgnoredIsCommitted: what .gitignore names, such as node_modules, is in no commit.
func TestNothingIgnoredIsCommitted(t *testing.T) {
	git := exec.CommandContext(t.Context(), "git", "ls-files", "--cached", "--ignored", "--exclude-standard")
	git.Dir = root
	output, err := git.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if len(output) > 0 {
		t.Errorf("git contains files that .gitignore names:\n%.1000s", output)
	}
}
