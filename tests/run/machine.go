package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// tool is something that a machine may lack. Its value is the name in the report.
type tool string

const (
	awsCLI       tool = "aws-cli"
	raceDetector tool = "race-detector"
	cfnLint      tool = "cfn-lint"
	moto         tool = "moto"
	chromium     tool = "chromium"
)

// install returns how to get a tool.
func (t tool) install() string {
	return map[tool]string{
		awsCLI: "apt install awscli", raceDetector: "apt install gcc libc6-dev", chromium: "apt install chromium",
		cfnLint: "pip install -r tests/requirements.txt", moto: "pip install -r tests/requirements.txt",
	}[t]
}

// installed reports whether this machine has a tool.
func installed(t tool) bool {
	anyOf := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { _, err := exec.LookPath(name); return err == nil })
	}
	switch t {
	case awsCLI:
		return anyOf("aws")
	case raceDetector: // needs a C compiler
		return anyOf("gcc", "clang")
	case cfnLint:
		return anyOf("cfn-lint")
	case moto:
		return exec.Command("python3", "-c", "import moto.server").Run() == nil
	case chromium:
		return os.Getenv("CHROMIUM") != "" // set by the Makefile
	}
	return false
}

// oneCache makes tests use the compiled packages of the functions, so that each package is compiled only once. Only the
// race detector needs cgo.
var oneCache = []string{"CGO_ENABLED=0", "GOFLAGS=-trimpath -buildvcs=false"}

// execute runs a command with this command's output. When the context ends, it interrupts the command.
func execute(ctx context.Context, args ...string) error {
	const shutdown = 30 * time.Second
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), oneCache...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = shutdown
	return cmd.Run()
}

// packages returns all packages of the project's modules except those in tests/.
func packages(ctx context.Context) ([]string, error) {
	modules, err := list(ctx, "-m")
	if err != nil {
		return nil, err
	}
	for i := range modules {
		modules[i] += "/..."
	}
	all, err := list(ctx, modules...)
	return slices.DeleteFunc(all, func(name string) bool { return strings.Contains(name, "/tests/") }), err
}

// list returns the lines that go list prints.
func list(ctx context.Context, args ...string) ([]string, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"list"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	return strings.Fields(string(out)), nil
}

// fuzzTest is a fuzz test, and the folder of its package.
type fuzzTest struct{ folder, name string }

// fuzzTests returns the project's fuzz tests.
func fuzzTests() (all []fuzzTest, err error) {
	declared := regexp.MustCompile(`(?m)^func (Fuzz\w*)\(`)
	for _, top := range []string{"shared", "functions", "infra", "tests"} {
		err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, match := range declared.FindAllSubmatch(text, -1) {
				all = append(all, fuzzTest{"./" + filepath.ToSlash(filepath.Dir(path)), string(match[1])})
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
