package scaffold

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// made are the functions that are made, with what a person types. Their names and
// routes are none that a copy of this repository is likely to have.
var made = [][]string{
	{"--function", "specimen-create", "--event", "http"},
	{"--function", "specimen-get", "--event", "http", "--route", "GET /api/specimens/{specimenId}"},
	{"--function", "specimen-tag", "--event", "http", "--route", "PUT /api/specimens/{specimenId}"},
	{"--function", "specimen-index2", "--event", "sqs"},
	{"--function", "specimen-scan", "--event", "s3"},
	{"--function", "specimen-import", "--event", "s3"},
	{"--function", "specimen-purge", "--event", "schedule"},
	{"--function", "specimen-watch", "--event", "stream"},
	{"--function", "specimen-follow", "--event", "stream"},
	{"--function", "fossil", "--event", "table"},
}

func TestEveryKind(t *testing.T) {
	osls, copied := compiler(t), copyOf(t)
	run(t, copied, "go", "build", "-o", "build/scaffold", "./infra/scaffold")
	packages := []string{"./shared/key", "./shared/fossil"}
	for _, args := range made {
		run(t, copied, "build/scaffold", args...)
		packages = append(packages, "./functions/"+args[1]+"...") // a table has five
	}
	artifacts(t, copied)
	for _, stage := range []string{"local", "dev"} {
		run(t, copied, osls, "package", "--stage", stage, "--package", "build/stack-"+stage)
	}
	run(t, copied, "go", append([]string{"vet"}, packages...)...)
	run(t, copied, "go", append([]string{"test"}, packages...)...)
	run(t, copied, "go", "test", "-short", "./tests/rules", "./tests/template") // the other stages are not compiled
	if badly := run(t, copied, "gofmt", "-l", "functions", "shared/key"); badly != "" {
		t.Errorf("gofmt would change %s", badly)
	}
}

// compiler is osls, which compiles a stack.
func compiler(t *testing.T) string {
	t.Helper()
	osls, err := filepath.Abs(filepath.Join(root, "node_modules", ".bin", "osls"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(osls); err != nil {
		t.Fatal("needs osls: make test-stack")
	}
	t.Setenv("SLS_TRACKING_DISABLED", "1")
	t.Setenv("SLS_NOTIFICATIONS_MODE", "off")
	return osls
}

// artifacts writes an empty zip for each function, which osls requires and only a deployment reads, and returns how
// many functions there are.
func artifacts(t *testing.T, copied string) int {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join(copied, "functions", "*", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, main := range folders {
		write(t, filepath.Join(copied, "build", filepath.Base(filepath.Dir(main))+".zip"), "")
	}
	return len(folders)
}

// run runs a command in a folder and returns its output.
func run(t *testing.T, folder, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	return string(out)
}

// copyOf copies the repository without what is built, and without the tests of this
// package, which would start themselves.
func copyOf(t *testing.T) string {
	t.Helper()
	target := t.TempDir()
	left := []string{".git", ".local", ".serverless", "build", "node_modules", filepath.Join("tests", "scaffold", "scaffold_test.go"), filepath.Join("tests", "scaffold", "room_test.go")}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		switch {
		case err != nil:
			return err
		case slices.Contains(left, relative) && entry.IsDir():
			return filepath.SkipDir
		case slices.Contains(left, relative), !entry.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		write(t, filepath.Join(target, relative), string(text))
		return os.Chmod(filepath.Join(target, relative), info.Mode()) // commands stay executable
	})
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
