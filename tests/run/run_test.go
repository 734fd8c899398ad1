package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// machine is a fake that records commands. Each command takes as many seconds as its number.
type machine struct {
	lacks []tool
	fails string // the command that contains this fails

	mu       sync.Mutex
	commands []string
	clock    time.Time
}

func (m *machine) runner() (r *runner, out *strings.Builder) {
	out = &strings.Builder{}
	return &runner{
		exec: func(_ context.Context, args ...string) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			command := strings.Join(args, " ")
			m.commands = append(m.commands, command)
			m.clock = m.clock.Add(time.Duration(len(m.commands)) * time.Second)
			if m.fails != "" && strings.Contains(command, m.fails) {
				return errors.New("exit status 1")
			}
			return nil
		},
		packages: func(context.Context) ([]string, error) { return []string{"m/shared/link"}, nil },
		fuzzTests: func() ([]fuzzTest, error) {
			return []fuzzTest{{"./shared/link", "FuzzURL"}, {"./shared/image", "FuzzJPEG"}}, nil
		},
		has: func(t tool) bool { return !slices.Contains(m.lacks, t) },
		now: func() time.Time {
			m.mu.Lock()
			defer m.mu.Unlock()
			return m.clock
		},
		out: out, fuzzTime: "7x",
	}, out
}

func TestParts(t *testing.T) {
	for _, test := range []struct {
		target string
		lacks  []tool
		want   []string
	}{
		{"unit", nil, []string{"go test -short m/shared/link ./tests/rules ./tests/run"}},
		{"test-go", nil, []string{"make --no-print-directory setup", "infra/commands/emulators env CGO_ENABLED=1 go test -vet=off -ldflags=-w -race -timeout 40m m/shared/link"}},
		{"test-go", []tool{raceDetector}, []string{"make --no-print-directory setup", "infra/commands/emulators go test -vet=off -ldflags=-w -timeout 40m m/shared/link"}},
		{"test-e2e", nil, []string{"make --no-print-directory setup tests/contract/node_modules/.package-lock.json", "env CGO_ENABLED=1 go test -vet=off -ldflags=-w -race -count=1 -p 1 -timeout 40m ./tests/e2e ./tests/load"}},
		{"test-browser", []tool{chromium}, nil},
		{"test-deploy", []tool{moto}, nil},
		{"test-deploy", nil, []string{"make --no-print-directory node_modules/.package-lock.json build/arm64/.zips", "go test -count=1 -timeout 40m ./tests/deploy"}},
		{"fuzz", nil, []string{"nice -n 19 go test -vet=off -ldflags=-w -run ^$ -fuzz ^FuzzURL$ -fuzztime 7x -fuzzminimizetime 100x ./shared/link",
			"nice -n 19 go test -vet=off -ldflags=-w -run ^$ -fuzz ^FuzzJPEG$ -fuzztime 7x -fuzzminimizetime 100x ./shared/image"}},
	} {
		m := &machine{lacks: test.lacks}
		r, _ := m.runner()
		if err := r.run(t.Context(), []string{test.target}); err != nil || !slices.Equal(m.commands, test.want) {
			t.Errorf("%s without %v: %v\n%s\nwant\n%s", test.target, test.lacks, err, strings.Join(m.commands, "\n"), strings.Join(test.want, "\n"))
		}
	}
	for _, args := range [][]string{nil, {"test-nothing"}, {""}, {"unit", "fuzz"}} {
		m := &machine{}
		r, _ := m.runner()
		if err := r.run(t.Context(), args); err == nil || len(m.commands) > 0 {
			t.Errorf("run %q: %v, after %v", args, err, m.commands)
		}
	}
}

// The report lists every part, and its last line all skipped parts.
func TestAll(t *testing.T) {
	m := &machine{lacks: []tool{cfnLint}}
	r, out := m.runner()
	if err := r.run(t.Context(), []string{"test"}); err != nil {
		t.Fatal(err)
	}
	text := strings.TrimSpace(out.String())
	for _, part := range []string{"setup", "template-and-rules", "scaffold-hostile-package", "units-and-integration", "end-to-end", "browser", "deployment"} {
		if !strings.Contains(text, " s  "+part+"\n") || !strings.Contains(text, "passed: "+part+", in ") {
			t.Errorf("no time of %s:\n%s", part, text)
		}
	}
	last := text[strings.LastIndex(text, "\n")+1:]
	if !strings.HasPrefix(last, "make test: passed in ") || !strings.HasSuffix(last, "s; SKIPPED: cfn-lint (pip install -r tests/requirements.txt)") {
		t.Errorf("the last line is %s", last)
	}
	at := func(part string) int {
		return slices.IndexFunc(m.commands, func(c string) bool { return strings.Contains(c, part) })
	}
	if at("setup") != 0 || at("./tests/template") > at("./tests/scaffold") || at("./tests/template") > at("emulators") || at("emulators") > at("./tests/e2e") || at("playwright") > at("./tests/deploy") || at("Fuzz") >= 0 {
		t.Errorf("the order is\n%s", strings.Join(m.commands, "\n"))
	}
}

// The last line lists all missing tools.
func TestSkipped(t *testing.T) {
	m := &machine{lacks: []tool{awsCLI, raceDetector, cfnLint, moto, chromium}}
	r, out := m.runner()
	if err := r.run(t.Context(), []string{"test"}); err != nil {
		t.Fatal(err)
	}
	text := strings.TrimSpace(out.String())
	last := text[strings.LastIndex(text, "\n")+1:]
	for name, lacking := range map[string]tool{"aws-cli": awsCLI, "race-detector": raceDetector, "cfn-lint": cfnLint, "deployment": moto, "browser": chromium} {
		if want := "SKIPPED: " + name + " (" + lacking.install() + ")"; lacking.install() == "" || !strings.Contains(last, want) {
			t.Errorf("the last line lacks %q: %s", want, last)
		}
	}
}

// After a failure no other part begins, except in a lane that has not noticed it yet, and the output does not contain "passed".
func TestFailures(t *testing.T) {
	for fails, never := range map[string]string{
		"directory setup": "templates", "directory templates": "./tests/template", "./tests/template": "./tests/scaffold", "emulators": "./tests/e2e", "playwright": "./tests/deploy",
	} {
		m := &machine{fails: fails}
		r, out := m.runner()
		err := r.run(t.Context(), []string{"test"})
		if err == nil || !strings.HasPrefix(err.Error(), "FAILED: ") || strings.Contains(out.String(), "make test: passed") {
			t.Errorf("%s fails: %v\n%s", fails, err, out)
		}
		if i := slices.IndexFunc(m.commands, func(c string) bool { return strings.Contains(c, never) }); i >= 0 {
			t.Errorf("%s fails, and this runs: %s", fails, m.commands[i])
		}
	}
}

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0m 00s", 59600 * time.Millisecond: "1m 00s", 605 * time.Second: "10m 05s"} {
		if got := clock(d); got != want {
			t.Errorf("%s is %s, want %s", d, got, want)
		}
	}
}

// TestFuzzTests finds the fuzz tests of this repository.
func TestFuzzTests(t *testing.T) {
	t.Chdir("../..")
	all, err := fuzzTests()
	if err != nil || len(all) < 5 {
		t.Fatalf("%d fuzz tests, %v", len(all), err)
	}
	for _, test := range all {
		if info, err := os.Stat(test.folder); err != nil || !info.IsDir() {
			t.Errorf("%s is in no folder: %v", test.name, err)
		}
	}
}

// TestPackages: packages in tests/, such as this one, are left out.
func TestPackages(t *testing.T) {
	t.Chdir("../..")
	all, err := packages(t.Context())
	if err != nil || len(all) < 50 {
		t.Fatalf("%d packages, %v", len(all), err)
	}
	for _, name := range all {
		if strings.Contains(name, "/tests/") {
			t.Errorf("%s is one of them", name)
		}
	}
}
