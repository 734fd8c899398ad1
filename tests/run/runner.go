package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// runner runs parts, and collects their results for the report.
type runner struct {
	exec      func(ctx context.Context, args ...string) error
	packages  func(context.Context) ([]string, error)
	fuzzTests func() ([]fuzzTest, error)
	has       func(tool) bool
	out       io.Writer
	now       func() time.Time
	fuzzTime  string

	mu      sync.Mutex
	passed  []result
	skipped []string // "NAME (how to install the missing tool)"
	failed  bool
}

// result is a part that passed.
type result struct {
	name string
	took time.Duration
}

// run runs all parts or the part that the arguments name.
func (r *runner) run(ctx context.Context, args []string) error {
	if len(args) != 1 || args[0] == "" {
		return errors.New("which tests? run test, or run with the name of a part")
	}
	if args[0] == "test" {
		return r.all(ctx)
	}
	first, lanes := parts()
	for _, p := range slices.Concat(append(lanes, first, []part{unit(), fuzz(), copies()})...) {
		if p.target == args[0] {
			return r.part(ctx, p)
		}
	}
	return fmt.Errorf("there is no part %q", args[0])
}

// all runs every part, and prints the report. After a failure it starts no other part, and returns once the running
// ones have ended.
func (r *runner) all(ctx context.Context) error {
	begun := r.now()
	first, lanes := parts()
	if err := r.lane(ctx, first); err != nil {
		return err
	}
	failures := make([]error, len(lanes))
	var running sync.WaitGroup
	for i, lane := range lanes {
		running.Go(func() { failures[i] = r.lane(ctx, lane) })
	}
	running.Wait()
	if err := errors.Join(failures...); err != nil {
		return err
	}
	r.report(r.now().Sub(begun))
	return nil
}

// lane runs parts one after another.
func (r *runner) lane(ctx context.Context, all []part) error {
	for _, p := range all {
		if r.stopped() {
			return nil
		}
		if err := r.part(ctx, p); err != nil {
			r.stop()
			return err
		}
	}
	return nil
}

func (r *runner) stopped() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

func (r *runner) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = true
}

// part runs a part, or skips it if a tool is missing.
func (r *runner) part(ctx context.Context, p part) error {
	if p.needs != "" && !r.has(p.needs) {
		r.skip(p.name, p.needs)
		return nil
	}
	for _, t := range p.uses {
		if !r.has(t) {
			r.skip(string(t), t)
		}
	}
	if len(p.makes) > 0 {
		if err := r.exec(ctx, append([]string{"make", "--no-print-directory"}, p.makes...)...); err != nil {
			return fmt.Errorf("FAILED: %s, before its tests: %w", p.name, err)
		}
	}
	begun := r.now()
	commands, err := p.commands(ctx, r)
	for _, c := range commands {
		if err == nil {
			err = r.exec(ctx, c...)
		}
	}
	took := r.now().Sub(begun)
	if err != nil {
		return fmt.Errorf("FAILED: %s, after %s: %w", p.name, clock(took), err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.passed = append(r.passed, result{p.name, took})
	fmt.Fprintf(r.out, "passed: %s, in %s\n", p.name, clock(took))
	return nil
}

// skip records that this machine cannot run a part or test.
func (r *runner) skip(name string, missing tool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.skipped = append(r.skipped, fmt.Sprintf("%s (%s)", name, missing.install()))
	fmt.Fprintf(r.out, "\n  ==================== SKIPPED: %s: %s ====================\n\n", name, missing.install())
}

// report lists the parts, the slowest first, and the skipped ones.
func (r *runner) report(took time.Duration) {
	slices.SortStableFunc(r.passed, func(a, b result) int { return cmp.Compare(b.took, a.took) })
	fmt.Fprintln(r.out)
	for _, p := range r.passed {
		fmt.Fprintf(r.out, "%6.0f s  %s\n", p.took.Seconds(), p.name)
	}
	slices.Sort(r.skipped)
	var skipped strings.Builder
	for _, s := range r.skipped {
		skipped.WriteString("; SKIPPED: " + s)
	}
	fmt.Fprintf(r.out, "make test: passed in %s%s\n", clock(took), skipped.String())
}

// clock formats a duration as "2m 05s".
func clock(d time.Duration) string {
	seconds := int(d.Round(time.Second).Seconds())
	return fmt.Sprintf("%dm %02ds", seconds/60, seconds%60)
}
