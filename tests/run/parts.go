package main

import (
	"context"
	"slices"
)

// part is a part of make test.
type part struct {
	target string // its name in the Makefile
	name   string // its name in the report
	// makes are targets of make to bring up to date first.
	makes []string
	// needs is a tool that the part requires, "" for none.
	needs tool
	// uses are tools that some of its tests require.
	uses []tool
	// commands returns the part's commands, which run one after another.
	commands func(context.Context, *runner) ([][]string, error)
}

// parts returns the parts of make test: first those that run one after another, then lanes that run side by side. The
// first lane has the tests that depend on timing. Browsers mostly wait, with long timeouts. Parts that only compute are
// in the last lane, with the lowest priority. Parts that write to the same files of build/ share a lane.
func parts() (first []part, lanes [][]part) {
	setup := part{name: "setup", commands: command("make", "--no-print-directory", "setup")}
	template := part{target: "test-template", name: "template-and-rules", makes: []string{"templates"}, uses: []tool{cfnLint},
		commands: command("go", "test", "-count=1", "-timeout", "20m", "./tests/template", "./tests/rules", "./tests/run", "./tests/mutants")}
	stack := part{target: "test-stack", name: "scaffold-hostile-package",
		commands: background("go", "test", "-count=1", "-timeout", "40m", "./tests/scaffold", "./tests/copy", "./tests/hostile", "./tests/package")}
	units := part{target: "test-go", name: "units-and-integration", makes: []string{"setup"}, uses: []tool{awsCLI, raceDetector}, commands: integration}
	endToEnd := part{target: "test-e2e", name: "end-to-end", makes: []string{"setup", "tests/contract/node_modules/.package-lock.json"}, commands: func(_ context.Context, r *runner) ([][]string, error) {
		return [][]string{r.goTest("-count=1", "-p", "1", "-timeout", "40m", "./tests/e2e", "./tests/load")}, nil
	}}
	deployment := part{target: "test-deploy", name: "deployment", makes: []string{"node_modules/.package-lock.json", "build/arm64/.zips"}, needs: moto,
		commands: command("go", "test", "-count=1", "-timeout", "40m", "./tests/deploy")}
	// Playwright starts make dev itself, which must not inherit the flags of this make.
	browser := part{target: "test-browser", name: "browser", makes: []string{"setup"}, needs: chromium,
		commands: command("env", "-u", "MAKEFLAGS", "-u", "MFLAGS", "node_modules/.bin/playwright", "test", "--config", "tests/browser")}
	return []part{setup, template}, [][]part{{units, endToEnd}, {browser, deployment}, {stack}}
}

// unit is the part without emulators, for quick feedback. make test does not run it, because test-go includes its
// tests.
func unit() part {
	return part{target: "unit", name: "unit", commands: func(ctx context.Context, r *runner) ([][]string, error) {
		packages, err := r.packages(ctx)
		return [][]string{slices.Concat([]string{"go", "test", "-short"}, packages, []string{"./tests/rules", "./tests/run"})}, err
	}}
}

// fuzz is the part that searches for inputs that break a parser. It finds more the longer it runs, and compiles each
// test anew: .github/workflows/daily.yml runs it. make test runs the fuzz tests on the known inputs.
func fuzz() part { return part{target: "fuzz", name: "fuzz", commands: fuzzing} }

// copies runs the complete tests of the three copies. That takes too long for make test, which only compiles the copies.
func copies() part {
	return part{target: "test-copy", name: "copies", makes: []string{"setup", "build/staticcheck", "build/govulncheck"},
		commands: command("go", "test", "-count=1", "-v", "-timeout", "120m", "./tests/copy", "-args", "-complete")}
}

// integration tests every package on the real emulators.
func integration(ctx context.Context, r *runner) ([][]string, error) {
	packages, err := r.packages(ctx)
	return [][]string{slices.Concat([]string{"infra/commands/emulators"}, r.goTest("-timeout", "40m"), packages)}, err
}

// fuzzing runs each fuzz test for a number of inputs, not for a duration, whose end go test sometimes reports as a
// failure.
func fuzzing(_ context.Context, r *runner) (commands [][]string, err error) {
	tests, err := r.fuzzTests()
	for _, test := range tests {
		commands = append(commands, []string{"nice", "-n", "19", "go", "test", "-vet=off", "-ldflags=-w", "-run", "^$", "-fuzz", "^" + test.name + "$", "-fuzztime", r.fuzzTime, "-fuzzminimizetime", "100x", test.folder})
	}
	return commands, err
}

// command returns the commands of a part with a single command.
func command(args ...string) func(context.Context, *runner) ([][]string, error) {
	return func(context.Context, *runner) ([][]string, error) { return [][]string{args}, nil }
}

// background returns the command of a part that runs with low priority.
func background(args ...string) func(context.Context, *runner) ([][]string, error) {
	return command(append([]string{"nice", "-n", "19"}, args...)...)
}

// goTest returns a go test command, with the race detector if that works. The tests are linked without debug information,
// which is faster, and not vetted, which make check does.
func (r *runner) goTest(args ...string) []string {
	test := []string{"go", "test", "-vet=off", "-ldflags=-w"}
	if r.has(raceDetector) {
		test = append([]string{"env", "CGO_ENABLED=1"}, append(test, "-race")...)
	}
	return append(test, args...)
}
