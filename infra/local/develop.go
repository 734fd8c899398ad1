package main

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/template"
	"github.com/minim-dev/minim/infra/local/watch"
)

// rule is a command to run when files change.
type rule struct {
	paths   []string
	command string
}

// rules reads "PATH…: COMMAND" lines; the switch 0 drops them.
func rules(lines []string, on string) ([]rule, error) {
	if on != "" && on != "0" && on != "1" {
		return nil, fmt.Errorf("WATCH=%s is neither 0 nor 1", on)
	}
	var all []rule
	for _, line := range lines {
		paths, command, _ := strings.Cut(line, ": ")
		r := rule{strings.Fields(paths), strings.TrimSpace(command)}
		if len(r.paths) == 0 || r.command == "" {
			return nil, fmt.Errorf("watch %q: must read PATH…: COMMAND", line)
		}
		all = append(all, r)
	}
	if on == "0" {
		return nil, nil
	}
	return all, nil
}

// loop is what the development loop knows of the functions at work.
type loop struct {
	*site
	seed maphash.Seed

	mu        sync.Mutex
	functions map[string]lambda.Function
	binaries  map[string]fingerprint // by function
	template  fingerprint
}

// develop runs the commands for changed files, and takes over what they have made,
// until the context ends and what it returns has been called.
func (s *site) develop(ctx context.Context) (finished func(), err error) {
	if len(s.watched) == 0 {
		return func() {}, nil
	}
	l := &loop{site: s, seed: maphash.MakeSeed(), functions: s.functions(s.stack), binaries: map[string]fingerprint{}}
	for name, f := range l.functions {
		if l.binaries[name], err = l.fingerprint(f.Binary, fingerprint{}); err != nil {
			return nil, err
		}
	}
	if l.template, err = l.fingerprint(s.settings.template, fingerprint{}); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	finished = func() { cancel(); all.Wait() }
	for _, r := range s.watched {
		w, err := watch.Open(r.paths...)
		if err != nil {
			finished()
			return nil, err
		}
		all.Go(func() {
			defer w.Close()
			l.follow(ctx, r, w)
		})
	}
	return finished, nil
}

// follow keeps up with one rule. A failure that comes again in the same words is
// told in one line.
func (l *loop) follow(ctx context.Context, r rule, w *watch.Watcher) {
	failure := ""
	for {
		changed, err := w.Next(ctx)
		if err != nil {
			if ctx.Err() == nil {
				l.say.printf("changes are not noticed any more: %v", err)
			}
			return
		}
		what, begun := describe(changed), time.Now()
		said, err := l.shell(ctx, r.command)
		switch said = compact(said); {
		case ctx.Err() != nil:
			return
		case err != nil && said == failure && said != "":
			l.say.alert("%s changed: the same mistake as before; what ran before still runs", what)
		case err != nil:
			failure = said
			l.say.alert("%s changed, but this failed (%v); what ran before still runs:\n  %s", what, err, strings.ReplaceAll(said, "\n", "\n  "))
		default:
			failure = ""
			l.takeOver(what, r, begun)
		}
	}
}

// describe names a change in a few words, by what is there rather than by what an
// editor has removed.
func describe(changed []string) string {
	there := slices.DeleteFunc(slices.Clone(changed), func(path string) bool {
		_, err := os.Stat(path)
		return err != nil
	})
	if len(there) == 0 {
		there = changed
	}
	if len(there) == 1 {
		return there[0]
	}
	return fmt.Sprintf("%s and %d more", there[0], len(there)-1)
}

// compact leaves out what make says of itself below what its commands say.
func compact(said string) string {
	var kept []string
	for line := range strings.Lines(said) {
		if !strings.HasPrefix(line, "make: ") && !strings.HasPrefix(line, "make[") {
			kept = append(kept, strings.TrimRight(line, "\n"))
		}
	}
	return strings.Join(kept, "\n")
}

// takeOver swaps the functions whose binary or settings have changed.
func (l *loop) takeOver(what string, r rule, begun time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	restart, err := l.readTemplate()
	if err != nil {
		l.say.alert("%s changed, but the template cannot be used; what ran before still runs:\n  %s", what, strings.ReplaceAll(err.Error(), "\n", "\n  "))
	}
	var swapped []string
	for _, name := range slices.Sorted(maps.Keys(l.functions)) {
		fresh, err := l.swap(name)
		if err != nil {
			l.say.alert("%s changed, but %v; what ran before still runs", what, err)
		}
		if fresh {
			swapped = append(swapped, l.short(name))
		}
	}
	took := time.Since(begun).Seconds()
	switch name, _, _ := strings.Cut(r.command, " "); {
	case len(swapped) > 0:
		l.say.note("%s changed: %s swapped in %.1f s", what, strings.Join(swapped, ", "), took)
	case len(restart) == 0 && err == nil:
		l.say.note("%s changed: %s ran in %.1f s", what, name, took)
	}
	if len(restart) > 0 {
		l.say.alert("%s changed what only a restart takes over: %s", what, strings.Join(restart, ", "))
	}
}

// swap gives a function's next invocations the binary and the settings of now, if
// they are others than before.
func (l *loop) swap(name string) (fresh bool, err error) {
	f, before := l.functions[name], l.binaries[name]
	now, err := l.fingerprint(f.Binary, before)
	if err != nil {
		return false, err
	}
	if now.sum != before.sum {
		if err := l.platform.Replace(f); err != nil {
			return false, err
		}
	}
	l.binaries[name] = now
	return now.sum != before.sum, nil
}

// readTemplate takes over the settings of functions from a changed template, and
// returns what it cannot take over, when that is more than nothing.
func (l *loop) readTemplate() (restart []string, err error) {
	now, err := l.fingerprint(l.settings.template, l.template)
	if err != nil || now.sum == l.template.sum {
		return nil, err
	}
	fresh, err := template.Load(l.settings.template, l.options())
	if err != nil {
		return nil, err
	}
	l.template = now
	for name, f := range l.site.functions(fresh) {
		if old, ok := l.functions[name]; ok && !reflect.DeepEqual(old, f) {
			l.functions[name] = f
			l.binaries[name] = fingerprint{} // another than any
		}
	}
	return slices.DeleteFunc(template.Differences(l.stack, fresh), func(id string) bool { return l.settled(fresh, id) }), nil
}

// settled tells whether a resource is, or belongs to, a function that runs, and so
// is taken over.
func (l *loop) settled(fresh *template.Stack, id string) bool {
	for is, f := range template.Of[template.Function](fresh) {
		if _, runs := l.functions[f.FunctionName]; is == id && runs {
			return true
		}
	}
	for _, stack := range []*template.Stack{l.stack, fresh} {
		for is, e := range template.Of[template.EventInvoke](stack) {
			if _, runs := l.functions[e.FunctionName]; is == id && runs {
				return true
			}
		}
	}
	return false
}

// fingerprint tells one content of a file from another.
type fingerprint struct {
	info os.FileInfo
	sum  uint64
}

// fingerprint reads the file only when it may be another than before.
func (l *loop) fingerprint(path string, before fingerprint) (fingerprint, error) {
	file, err := os.Open(path)
	if err != nil {
		return fingerprint{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fingerprint{}, err
	}
	if b := before.info; b != nil && os.SameFile(b, info) && b.ModTime().Equal(info.ModTime()) && b.Size() == info.Size() {
		return before, nil
	}
	var hash maphash.Hash
	hash.SetSeed(l.seed)
	if _, err := io.Copy(&hash, file); err != nil {
		return fingerprint{}, errors.Join(fmt.Errorf("read %s", path), err)
	}
	return fingerprint{info, hash.Sum64()}, nil
}
