package rules

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestVulnerabilities: if the database cannot be reached, the check counts as skipped, and on GitHub as failed.
func TestVulnerabilities(t *testing.T) {
	for _, test := range []struct {
		name, does, env string
		status          int
	}{
		{"clean", "exit 0", "", 0},
		{"found something", "echo GO-2026-0001; exit 3", "", 3},
		{"not reachable", "echo 'govulncheck: fetching vulnerabilities: no such host' >&2; exit 1", "", 75},
		{"not reachable on GitHub", "echo 'govulncheck: fetching vulnerabilities: no such host' >&2; exit 1", "GITHUB_ACTIONS=true", 1},
	} {
		cmd := exec.CommandContext(t.Context(), filepath.Join(root, "infra", "commands", "vulnerabilities"), "bash", "-c", test.does)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), test.env}
		out, err := cmd.CombinedOutput()
		if got := cmd.ProcessState.ExitCode(); got != test.status {
			t.Errorf("%s: exit status %d, want %d: %v\n%s", test.name, got, test.status, err, out)
		}
	}
}
