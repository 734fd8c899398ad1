package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// mutation is a defect: one place in a file and what replaces it.
type mutation struct {
	file   string // from the root of the repository
	from   string // occurs exactly once in the file
	to     string
	breaks string // the invariant that no longer holds, as a sentence without an end
	tests  string // the package whose tests must notice; "" is the file's own
}

// pkg is the folder of the package whose tests must notice the mutation.
func (m mutation) pkg() string {
	if m.tests != "" {
		return m.tests
	}
	return filepath.Dir(m.file)
}

// apply returns the mutated text of the file.
func (m mutation) apply(root string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		return nil, err
	}
	if n := strings.Count(string(text), m.from); n != 1 {
		return nil, fmt.Errorf("%s: %q occurs %d times, want once; update the list in tests/mutants", m.file, m.from, n)
	}
	return []byte(strings.Replace(string(text), m.from, m.to, 1)), nil
}

// runner applies mutations to a copy of one file at a time: the repository itself
// stays as it is, since the compiler reads the copy through an overlay.
type runner struct {
	root  string
	limit time.Duration
	out   io.Writer
}

// run applies each mutation and returns those that no test noticed. It is an error
// if a package's tests fail without a mutation, or if a mutant does not compile:
// neither says anything about the tests. The others are judged all the same.
func (r *runner) run(ctx context.Context, mutations []mutation) (survivors []mutation, err error) {
	folder, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	var problems []error
	sound := map[string]bool{}
	for n, m := range mutations {
		if !sound[m.pkg()] {
			if err := r.sound(ctx, folder, m.pkg()); err != nil {
				return nil, err
			}
			sound[m.pkg()] = true
		}
		verdict := "SURVIVED"
		switch failed, err := r.judge(ctx, folder, m); {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			verdict = "NOT JUDGED"
			problems = append(problems, fmt.Errorf("%s: %s: %w", m.file, m.breaks, err))
		case failed != "":
			verdict = "killed by " + failed
		default:
			survivors = append(survivors, m)
		}
		fmt.Fprintf(r.out, "%3d/%d  %s: %s: %s\n", n+1, len(mutations), m.file, m.breaks, verdict)
	}
	return survivors, errors.Join(problems...)
}

// sound fails if the tests of a package fail without a mutation. They run twice: they run on what they have left
// when a mutant is judged, too.
func (r *runner) sound(ctx context.Context, folder, pkg string) error {
	for run := range 2 {
		failed, err := r.test(ctx, folder, pkg, "")
		if err != nil {
			return err
		}
		if failed != "" {
			return fmt.Errorf("the tests of %s fail without a mutation, in run %d: %s", pkg, run+1, failed)
		}
	}
	return nil
}

// judge tests one mutant, as test does.
func (r *runner) judge(ctx context.Context, folder string, m mutation) (failed string, err error) {
	overlay, err := r.overlay(folder, m)
	if err != nil {
		return "", err
	}
	return r.test(ctx, folder, m.pkg(), overlay)
}

// overlay writes the mutated file and the compiler's instruction to read it.
func (r *runner) overlay(folder string, m mutation) (string, error) {
	text, err := m.apply(r.root)
	if err != nil {
		return "", err
	}
	original, err := filepath.Abs(filepath.Join(r.root, m.file))
	if err != nil {
		return "", err
	}
	mutated, overlay := filepath.Join(folder, "mutated.go"), filepath.Join(folder, "overlay.json")
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{original: mutated}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(mutated, text, 0o600); err != nil {
		return "", err
	}
	return overlay, os.WriteFile(overlay, replace, 0o600)
}

// test runs a package's tests until the first failure, and returns which test
// failed, or "" if all passed. An error means that they could not be compiled.
func (r *runner) test(ctx context.Context, folder, pkg, overlay string) (failed string, err error) {
	binary := filepath.Join(folder, "tests")
	// An empty overlay is none.
	compile := exec.CommandContext(ctx, "go", "test", "-c", "-overlay", overlay, "-o", binary, "./"+pkg)
	compile.Dir = r.root
	if out, err := compile.CombinedOutput(); err != nil {
		return "", fmt.Errorf("compile %s: %w\n%s", pkg, err, out)
	}
	ctx, cancel := context.WithTimeout(ctx, r.limit)
	defer cancel()
	run := exec.CommandContext(ctx, binary, "-test.failfast", "-test.timeout", r.limit.String())
	run.Dir = filepath.Join(r.root, pkg)
	run.WaitDelay = time.Second // for processes that the tests have started
	out, err := run.CombinedOutput()
	switch {
	case err == nil:
		return "", nil
	case ctx.Err() != nil && context.Cause(ctx) != context.DeadlineExceeded:
		return "", ctx.Err()
	}
	return firstFailure(out), nil
}

var failure = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// firstFailure returns the name of the test that failed, or what ended the process.
func firstFailure(output []byte) string {
	if found := failure.FindSubmatch(output); found != nil {
		return string(found[1])
	}
	for line := range strings.Lines(string(output)) {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return strings.TrimSpace(line)
		}
	}
	return "the time limit"
}
