package commands

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// script runs a script of this folder in another folder, and returns its output and exit status.
func script(t *testing.T, folder string, env []string, name string, args ...string) (printed string, status int) {
	t.Helper()
	program, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir, cmd.Env = folder, append([]string{"PATH=" + os.Getenv("PATH")}, env...)
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// A file gets the start time of its command: a source saved meanwhile is newer.
func TestSince(t *testing.T) {
	folder := t.TempDir()
	if out, status := script(t, folder, nil, "since", "build/x/made", "sh", "-c", "sleep 0.02; touch source; sleep 0.02; touch build/x/made"); status != 0 {
		t.Fatal(out)
	}
	made, err := os.Stat(filepath.Join(folder, "build/x/made"))
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.Stat(filepath.Join(folder, "source"))
	if err != nil || !made.ModTime().Before(source.ModTime()) {
		t.Errorf("made at %s, the source saved at %s: %v", made.ModTime(), source.ModTime(), err)
	}
	if _, status := script(t, folder, nil, "since", "build/failed", "sh", "-c", "exit 3"); status != 3 {
		t.Errorf("status %d of a command that fails", status)
	}
	left, err := filepath.Glob(filepath.Join(folder, "build", "*"))
	if hidden, _ := filepath.Glob(filepath.Join(folder, "build", ".*")); err != nil || len(left) != 1 || len(hidden) > 0 {
		t.Errorf("in build/: %v %v, %v", left, hidden, err)
	}
}

func TestAt(t *testing.T) {
	folder := t.TempDir()
	const show = `echo "$ON $AWS_REGION $AWS_DEFAULT_REGION $AWS_ENDPOINT_URL_SQS"`
	if out, status := script(t, folder, nil, "at", "local", "sh", "-c", show); status != 1 || !strings.Contains(out, "nothing runs here; start it with make dev") {
		t.Errorf("nothing runs: status %d, %s", status, out)
	}
	if err := os.Mkdir(filepath.Join(folder, "state"), 0o700); err != nil {
		t.Fatal(err)
	}
	endpoints := "AWS_REGION=us-east-1\nAWS_DEFAULT_REGION=us-east-1\nAWS_ENDPOINT_URL_SQS='http://127.0.0.1:9'\n"
	if err := os.WriteFile(filepath.Join(folder, "state/endpoints.env"), []byte(endpoints), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ on, want string }{
		{"local", "local us-east-1 us-east-1 http://127.0.0.1:9\n"},
		{"prod", "prod eu-central-1 eu-central-1 \n"},
	} {
		out, status := script(t, folder, []string{"STATE=state", "REGION=eu-central-1"}, "at", test.on, "sh", "-c", show+"; exit 4")
		if out != test.want || status != 4 {
			t.Errorf("%s: status %d, %q, want %q", test.on, status, out, test.want)
		}
	}
}

func TestLogs(t *testing.T) {
	folder := t.TempDir()
	if out, status := script(t, folder, []string{"STATE=s"}, "logs", "local", "minim", "", ""); status != 1 || !strings.Contains(out, "start it with make dev") {
		t.Errorf("nothing has run: status %d, %s", status, out)
	}
	if err := os.MkdirAll(filepath.Join(folder, "s/logs"), 0o700); err != nil {
		t.Fatal(err)
	}
	const text = "minim-local-health | one\nminim-local-link-get | two\n"
	if err := os.WriteFile(filepath.Join(folder, "s/logs/functions.log"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for function, want := range map[string]string{
		"": text, "health": "minim-local-health | one\n", "link": "make logs: link has logged nothing since make dev was started\n",
	} {
		if out, _ := script(t, folder, []string{"STATE=s"}, "logs", "local", "minim", function, ""); out != want {
			t.Errorf("logs of %q: %q, want %q", function, out, want)
		}
	}
}
