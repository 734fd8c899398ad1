// Package commands tests the commands of this folder that need no running service.
package commands

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// fakeGo has three packages, two of which are not up to date. Its build ends once the file "go-on" exists.
const fakeGo = `#!/bin/sh
echo "$@" >>calls
case $1 in
list) echo 'go: downloading example.com/m v1.0.0' >&2; printf 'one\n\ntwo\n' ;;
build)
  echo one >&2
  while [ ! -e go-on ]; do sleep 0.05; done
  echo two >&2
  if [ -e broken ]; then echo '# two' >&2; echo 'two.go:1:1: no way' >&2; echo said; exit 3; fi ;;
esac
`

// step runs a step with the fake Go and returns its output and exit status.
func step(t *testing.T, folder, interval string, command ...string) (shown string, status int) {
	t.Helper()
	program, err := filepath.Abs("step.js")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "go"), []byte(fakeGo), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", append([]string{program, "2", "building"}, command...)...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "STEPS=8", "PROGRESS="+interval)
	out := &goOn{file: filepath.Join(folder, "go-on")}
	cmd.Stderr = out
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.text.String(), cmd.ProcessState.ExitCode()
}

// goOn creates a file as soon as the first package is shown.
type goOn struct {
	text bytes.Buffer
	file string
}

func (g *goOn) Write(p []byte) (int, error) {
	n, err := g.text.Write(p)
	if bytes.Contains(g.text.Bytes(), []byte("1 of 2 packages")) {
		return n, os.WriteFile(g.file, nil, 0o600)
	}
	return n, err
}

func touch(t *testing.T, path ...string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(path...), nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestStepCounts(t *testing.T) {
	folder := t.TempDir()
	shown, status := step(t, folder, "0.02", "go", "build", "-trimpath", "-o", "out/", "./...")
	want := regexp.MustCompile(`(?s)\[2/8\] building … 1 of 2 packages, \d+ s\n.*\[2/8\] building … 2 packages, \d+ s, done\n$`)
	if status != 0 || !want.MatchString(shown) {
		t.Errorf("status %d:\n%s", status, shown)
	}
	calls, err := os.ReadFile(filepath.Join(folder, "calls"))
	const expected = "list -deps -f {{if .Stale}}{{.ImportPath}}{{end}} -trimpath ./...\nbuild -v -trimpath -o out/ ./...\n"
	if err != nil || string(calls) != expected {
		t.Errorf("calls:\n%s%v", calls, err)
	}
}

func TestStepShowsErrors(t *testing.T) {
	folder := t.TempDir()
	touch(t, folder, "broken")
	touch(t, folder, "go-on")
	shown, status := step(t, folder, "0", "go", "build", "./...")
	if status != 3 || shown != "# two\ntwo.go:1:1: no way\nsaid\n" {
		t.Errorf("status %d:\n%s", status, shown)
	}
}

func TestStepWithoutProgress(t *testing.T) {
	for name, tt := range map[string]struct {
		command []string
		shown   string
		status  int
	}{
		"quick":   {[]string{"echo", "hello"}, "", 0},
		"warning": {[]string{"sh", "-c", "echo hello; printf careful >&2"}, "careful", 0},
		"failed":  {[]string{"sh", "-c", "echo hello; echo why >&2; exit 7"}, "why\nhello\n", 7},
		"killed":  {[]string{"sh", "-c", "kill -9 $$"}, "", 137},
		"none":    {[]string{"no-such-command"}, "no-such-command: spawn no-such-command ENOENT\n", 127},
	} {
		t.Run(name, func(t *testing.T) {
			if shown, status := step(t, t.TempDir(), "1000000", tt.command...); shown != tt.shown || status != tt.status {
				t.Errorf("status %d, %q, want %d, %q", status, shown, tt.status, tt.shown)
			}
		})
	}
}
