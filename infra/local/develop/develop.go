// Package develop updates the running stack while a developer works: it runs commands when files change, and replaces
// functions whose binary or settings have changed.
package develop

import (
	"context"
	"fmt"
	"hash/maphash"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/plan"
	"github.com/minim-dev/minim/infra/local/terminal"
	"github.com/minim-dev/minim/infra/local/watch"
)

// Options are the dependencies of a loop. All are required.
type Options struct {
	Rules    []Rule
	Plan     *plan.Plan                 // the running plan
	Template string                     // the file of its template
	Read     func() (*plan.Plan, error) // plans the current template
	// Run runs a command and returns its output.
	Run func(ctx context.Context, command string) (output string, err error)
	// Replace makes later invocations of a function use its current binary and settings.
	Replace  func(lambda.Function) error
	Terminal *terminal.Terminal
	Prefix   string // of function names; output omits it
}

// loop is the state of the running stack. Only the goroutine that calls takeOver uses it.
type loop struct {
	o            Options
	fingerprints fingerprinter
	functions    map[string]lambda.Function
	binaries     map[string]fingerprint // by function
	template     fingerprint
}

// change is a change for which a rule's command has run.
type change struct {
	what  string
	rule  Rule
	begun time.Time
}

// Start applies the rules until the context is done. The returned function waits until everything has stopped.
func Start(ctx context.Context, o Options) (finish func(), err error) {
	l := &loop{o: o, fingerprints: fingerprinter{maphash.MakeSeed()}, functions: map[string]lambda.Function{}, binaries: map[string]fingerprint{}}
	for _, f := range o.Plan.Functions {
		l.functions[f.Name] = f
		if l.binaries[f.Name], err = l.fingerprints.take(f.Binary, fingerprint{}); err != nil {
			return nil, err
		}
	}
	if l.template, err = l.fingerprints.take(o.Template, fingerprint{}); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	changes := make(chan change)
	var all sync.WaitGroup
	finish = func() { cancel(); all.Wait() }
	all.Go(func() {
		for {
			select {
			case c := <-changes:
				l.takeOver(c)
			case <-ctx.Done():
				return
			}
		}
	})
	for _, r := range o.Rules {
		w, err := watch.Open(r.Paths...)
		if err != nil {
			finish()
			return nil, err
		}
		all.Go(func() {
			defer w.Close()
			follow(ctx, o, r, w, changes)
		})
	}
	return finish, nil
}

// follow runs the command of one rule for each change. A repeated failure with the same output is reported in one
// line.
func follow(ctx context.Context, o Options, r Rule, w *watch.Watcher, changes chan<- change) {
	failure := ""
	for {
		changed, err := w.Next(ctx)
		if err != nil {
			if ctx.Err() == nil {
				o.Terminal.Printf("cannot watch files for changes any more: %v", err)
			}
			return
		}
		what, begun := describe(changed), time.Now()
		output, err := o.Run(ctx, r.Command)
		switch output = compact(output); {
		case ctx.Err() != nil:
			return
		case err != nil && output == failure && output != "":
			o.Terminal.Alert("%s changed: the same error as before; the previous version keeps running", what)
		case err != nil:
			failure = output
			o.Terminal.Alert("%s changed, but this failed (%v); the previous version keeps running:\n  %s", what, err, indented(output))
		default:
			failure = ""
			select {
			case changes <- change{what, r, begun}:
			case <-ctx.Done():
				return
			}
		}
	}
}

func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n  ") }

// describe summarises a change. It prefers the names of files that exist to those that an editor has
// deleted.
func describe(changed []string) string {
	existing := slices.DeleteFunc(slices.Clone(changed), func(path string) bool {
		_, err := os.Stat(path)
		return err != nil
	})
	if len(existing) == 0 {
		existing = changed
	}
	if len(existing) == 1 {
		return existing[0]
	}
	return fmt.Sprintf("%s and %d more", existing[0], len(existing)-1)
}

// compact removes the lines that make adds after the output of its commands.
func compact(output string) string {
	var kept []string
	for line := range strings.Lines(output) {
		if !strings.HasPrefix(line, "make: ") && !strings.HasPrefix(line, "make[") {
			kept = append(kept, strings.TrimRight(line, "\n"))
		}
	}
	return strings.Join(kept, "\n")
}
