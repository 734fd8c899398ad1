package e2e

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestNew creates a function of each kind in a copy of the repository with make new,
// and runs the generated script: each function gets a real event.
func TestNew(t *testing.T) {
	if testing.Short() || os.Getenv("BASE_URL") != "" {
		t.Skip("needs a local cloud of its own: make test")
	}
	t.Parallel()
	folder := copied(t, "tests", "client")
	makes := func(name string, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir, cmd.Env = folder, withoutMake(os.Environ())
		output, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, output)
		}
		t.Logf("%s", output)
	}
	for _, event := range []string{"http", "sqs", "s3", "schedule", "stream"} {
		makes("make", "--no-print-directory", "new", "FN=specimen-"+event, "EVENT="+event)
	}
	makes("make", "--no-print-directory", "setup")
	makes("go", "test", "-count=1", "-v", "-run", "^TestScripts$/^specimens$", "./tests/e2e")
}
