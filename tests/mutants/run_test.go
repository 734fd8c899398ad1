package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// module is a package with one line that is tested and one that is not.
func module(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":         "module example.com/m\n\ngo 1.26\n",
		"half/half.go":   "package half\n\nfunc Of(n int) int { return n / 2 }\n\nfunc Twice(n int) int { return n * 2 }\n\nfunc Wait() {}\n",
		"half/h_test.go": "package half\n\nimport \"testing\"\n\nfunc TestOf(t *testing.T) {\n\tWait()\n\tif Of(4) != 2 {\n\t\tt.Error(Of(4))\n\t}\n\tTwice(2)\n}\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestRun(t *testing.T) {
	root := module(t)
	killed := mutation{"half/half.go", "n / 2", "n / 3", "a half is a half", ""}
	ended := mutation{"half/half.go", "n / 2", "n / (n - n)", "no division by zero", ""}
	survivor := mutation{"half/half.go", "n * 2", "n * 3", "twice is twice", ""}
	var out bytes.Buffer
	r := &runner{root: root, limit: time.Minute, out: &out}
	survivors, err := r.run(t.Context(), []mutation{killed, ended, survivor})
	if err != nil || len(survivors) != 1 || survivors[0] != survivor {
		t.Errorf("survivors %v: %v", survivors, err)
	}
	for _, want := range []string{"1/3  half/half.go: a half is a half: killed by TestOf\n", "2/3  half/half.go: no division by zero: killed by TestOf\n", "twice is twice: SURVIVED\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	r.limit = time.Second
	hang := mutation{"half/half.go", "func Wait() {}", "func Wait() { select {} }", "the wait ends", ""}
	if survivors, err := r.run(t.Context(), []mutation{hang}); err != nil || len(survivors) != 0 {
		t.Errorf("a mutant that hangs: survivors %v: %v", survivors, err)
	}
}

func TestRunErrors(t *testing.T) {
	root := module(t)
	r := &runner{root: root, limit: time.Minute, out: &bytes.Buffer{}}
	for name, m := range map[string]mutation{
		"does not compile": {"half/half.go", "n / 2", "n /", "", ""},
		"occurs 0 times":   {"half/half.go", "n / 5", "n / 2", "", ""},
		"occurs 3 times":   {"half/half.go", "func ", "func  ", "", ""},
		"no such file":     {"half/third.go", "n", "m", "", ""},
		"no such package":  {"half/half.go", "n / 2", "n / 3", "", "third"},
	} {
		if survivors, err := r.run(t.Context(), []mutation{m}); err == nil {
			t.Errorf("%s: survivors %v, no error", name, survivors)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "half/g_test.go"), []byte("package half\n\nimport \"testing\"\n\nfunc TestFails(t *testing.T) { t.Fail() }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.run(t.Context(), []mutation{{"half/half.go", "n / 2", "n / 3", "", ""}}); err == nil || !strings.Contains(err.Error(), "TestFails") {
		t.Errorf("tests that fail without a mutation: %v", err)
	}
}

// TestMutations checks that the list matches the code.
func TestMutations(t *testing.T) {
	const root = "../.."
	seen := map[mutation]bool{}
	for _, m := range all() {
		if _, err := m.apply(root); err != nil {
			t.Error(err)
		}
		if m.from == m.to || m.breaks == "" || seen[m] {
			t.Errorf("%s: %q to %q: no change, no invariant, or listed twice", m.file, m.from, m.to)
		}
		seen[m] = true
		if tests, err := filepath.Glob(filepath.Join(root, m.pkg(), "*_test.go")); err != nil || len(tests) == 0 {
			t.Errorf("%s: %s has no tests", m.file, m.pkg())
		}
	}
	if len(seen) < 60 {
		t.Errorf("%d mutations, want at least 60", len(seen))
	}
}

// TestRunTwice: tests that fail on what they have left would kill every mutant.
func TestRunTwice(t *testing.T) {
	root := module(t)
	once := "package half\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestOnce(t *testing.T) {\n\tif err := os.Mkdir(\"left\", 0o700); err != nil {\n\t\tt.Error(err)\n\t}\n}\n"
	if err := os.WriteFile(filepath.Join(root, "half/once_test.go"), []byte(once), 0o600); err != nil {
		t.Fatal(err)
	}
	r := &runner{root: root, limit: time.Minute, out: &bytes.Buffer{}}
	_, err := r.run(t.Context(), []mutation{{"half/half.go", "n / 2", "n / 3", "a half is a half", ""}})
	if err == nil || !strings.Contains(err.Error(), "in run 2: TestOnce") {
		t.Errorf("%v", err)
	}
}
