package rules

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestNothingIgnoredIsCommitted: no file that .gitignore lists, such as node_modules, is committed.
func TestNothingIgnoredIsCommitted(t *testing.T) {
	if _, err := os.Stat(filepath.Join(root, ".git")); err != nil {
		t.Skip("no repository")
	}
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
