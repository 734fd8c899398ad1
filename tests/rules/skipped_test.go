package rules

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSkipped: the last line of make test lists each part that the machine cannot run, and make test notes
// each part that may be skipped.
func TestSkipped(t *testing.T) {
	script, err := filepath.Abs(filepath.Join(root, "infra", "commands", "part"))
	if err != nil {
		t.Fatal(err)
	}
	folder, last := t.TempDir(), ""
	for _, step := range []string{"begin", "run units true", "skip cfn-lint pip", "skip deployment moto", "report"} {
		cmd := exec.CommandContext(t.Context(), script, strings.Fields(step)...)
		cmd.Dir = folder
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("part %s: %v\n%s", step, err, out)
		}
		last = string(out)
	}
	last = strings.TrimSpace(last)
	last = last[strings.LastIndex(last, "\n")+1:]
	for _, want := range []string{"SKIPPED: cfn-lint (pip)", "SKIPPED: deployment (moto)"} {
		if !strings.Contains(last, want) {
			t.Errorf("the last line lacks %q: %s", want, last)
		}
	}
	makefile := read(t, "Makefile")
	for _, part := range []string{"aws-cli", "race-detector", "cfn-lint", "deployment", "browser"} {
		if !strings.Contains(makefile, "$(PART) skip "+part+" ") {
			t.Errorf("make test does not note that it skips %s", part)
		}
	}
}

// TestVulnerabilities: a database that cannot be reached is neither a clean bill nor, but on GitHub, a failure.
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
