// Package develop keeps what runs up to date while a developer works: it runs commands when files change, and
// swaps the functions whose binary or settings are others than before.
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

// Options are what a loop needs. All are required.
type Options struct {
	Rules    []Rule
	Plan     *plan.Plan                 // what runs
	Template string                     // the file that it is made from
	Read     func() (*plan.Plan, error) // plans the template as it is now
	// Run runs a command and returns what it has printed.
	Run func(ctx context.Context, command string) (output string, err error)
	// Replace makes a function's next invocations use its binary and settings of now.
	Replace  func(lambda.Function) error
	Terminal *terminal.Terminal
	Prefix   string // of the names of functions, not shown
}

// loop is what runs now. Only the goroutine that calls takeOver uses it.
type loop struct {
	o            Options
	fingerprints fingerprinter
	functions    map[string]lambda.Function
	binaries     map[string]fingerprint // by function
	template     fingerprint
}

// change is one that a rule's command has dealt with.
type change struct {
	what  string
	rule  Rule
	begun time.Time
}

// Start follows the rules until the context ends. The function that it returns waits for the end.
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

// follow runs the command of one rule for each change. A failure that repeats with the same output is reported
// in one line.
func follow(ctx context.Context, o Options, r Rule, w *watch.Watcher, changes chan<- change) {
	failure := ""
	for {
		changed, err := w.Next(ctx)
		if err != nil {
			if ctx.Err() == nil {
				o.Terminal.Printf("changes are no longer noticed: %v", err)
			}
			return
		}
		what, begun := describe(changed), time.Now()
		output, err := o.Run(ctx, r.Command)
		switch output = compact(output); {
		case ctx.Err() != nil:
			return
		case err != nil && output == failure && output != "":
			o.Terminal.Alert("%s changed: the same mistake as before; what ran before still runs", what)
		case err != nil:
			failure = output
			o.Terminal.Alert("%s changed, but this failed (%v); what ran before still runs:\n  %s", what, err, indented(output))
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

// describe names a change in a few words, by files that exist rather than by those that an
// editor has removed.
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

// compact leaves out the lines that make adds below the output of its commands.
func compact(output string) string {
	var kept []string
	for line := range strings.Lines(output) {
		if !strings.HasPrefix(line, "make: ") && !strings.HasPrefix(line, "make[") {
			kept = append(kept, strings.TrimRight(line, "\n"))
		}
	}
	return strings.Join(kept, "\n")
}
