package main

import (
	"context"
	"slices"
)

// part is a part of make test.
type part struct {
	target string // its name in the Makefile
	name   string // its name in the report
	// makes are targets of make that are brought up to date before.
	makes []string
	// needs is the tool without which the part is skipped, "" for none.
	needs tool
	// uses are tools without which some of its tests are skipped.
	uses []tool
	// commands returns what it runs, one command after another.
	commands func(context.Context, *runner) ([][]string, error)
}

// parts returns those of make test: first one after another, then lanes that run side by side. In the first lane are
// tests that fail when they wait for too long. Browsers wait most of the time, and patiently. Parts that only compute
// are in the last one, with the lowest priority. Parts that write to the same files of build/ share a lane.
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
	// Playwright starts make dev itself, which must not take over the flags of this make.
	browser := part{target: "test-browser", name: "browser", makes: []string{"setup"}, needs: chromium,
		commands: command("env", "-u", "MAKEFLAGS", "-u", "MFLAGS", "node_modules/.bin/playwright", "test", "--config", "tests/browser")}
	fuzz := part{target: "fuzz", name: "fuzz", commands: fuzzing}
	return []part{setup, template}, [][]part{{units, endToEnd, deployment}, {browser}, {stack, fuzz}}
}

// unit is the part that needs no emulator, for the time between two changes. make test does not run it: test-go runs
// its tests and more.
func unit() part {
	return part{target: "unit", name: "unit", commands: func(ctx context.Context, r *runner) ([][]string, error) {
		packages, err := r.packages(ctx)
		return [][]string{slices.Concat([]string{"go", "test", "-short"}, packages, []string{"./tests/rules", "./tests/run"})}, err
	}}
}

// copies are the complete tests of the three copies, which take too long for make test: it only compiles them.
func copies() part {
	return part{target: "test-copy", name: "copies", makes: []string{"setup", "build/staticcheck", "build/govulncheck"},
		commands: command("go", "test", "-count=1", "-v", "-timeout", "120m", "./tests/copy", "-args", "-complete")}
}

// integration tests every package on the real emulators.
func integration(ctx context.Context, r *runner) ([][]string, error) {
	packages, err := r.packages(ctx)
	return [][]string{slices.Concat([]string{"infra/commands/emulators"}, r.goTest("-timeout", "40m"), packages)}, err
}

// fuzzing runs each fuzz test for a while. Its length is a number of inputs: go test sometimes reports the end of a
// duration as a failure.
func fuzzing(_ context.Context, r *runner) (commands [][]string, err error) {
	tests, err := r.fuzzTests()
	for _, test := range tests {
		commands = append(commands, []string{"nice", "-n", "19", "go", "test", "-vet=off", "-ldflags=-w", "-run", "^$", "-fuzz", "^" + test.name + "$", "-fuzztime", r.fuzzTime, "-fuzzminimizetime", "100x", test.folder})
	}
	return commands, err
}

// command returns the commands of a part that has one.
func command(args ...string) func(context.Context, *runner) ([][]string, error) {
	return func(context.Context, *runner) ([][]string, error) { return [][]string{args}, nil }
}

// background returns the command of a part for which nothing waits.
func background(args ...string) func(context.Context, *runner) ([][]string, error) {
	return command(append([]string{"nice", "-n", "19"}, args...)...)
}

// goTest returns a go test command, with the race detector where that works. The tests are linked without what only
// debuggers need, which takes three quarters of the time, and make check vets the code.
func (r *runner) goTest(args ...string) []string {
	test := []string{"go", "test", "-vet=off", "-ldflags=-w"}
	if r.has(raceDetector) {
		test = append([]string{"env", "CGO_ENABLED=1"}, append(test, "-race")...)
	}
	return append(test, args...)
}
