package develop

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/template"
)

// takeOver replaces the functions whose binary or settings have changed.
func (l *loop) takeOver(c change) {
	restart, err := l.readTemplate()
	if err != nil {
		l.o.Terminal.Alert("%s changed, but the template cannot be used; the previous version keeps running:\n  %s", c.what, indented(err.Error()))
	}
	var swapped []string
	for _, name := range slices.Sorted(maps.Keys(l.functions)) {
		fresh, err := l.swap(name)
		if err != nil {
			l.o.Terminal.Alert("%s changed, but %v; the previous version keeps running", c.what, err)
		}
		if fresh {
			swapped = append(swapped, strings.TrimPrefix(name, l.o.Prefix))
		}
	}
	took := time.Since(c.begun).Seconds()
	switch command, _, _ := strings.Cut(c.rule.Command, " "); {
	case len(swapped) > 0:
		l.o.Terminal.Note("%s changed: %s swapped in %.1f s", c.what, strings.Join(swapped, ", "), took)
	case len(restart) == 0 && err == nil:
		l.o.Terminal.Note("%s changed: %s ran in %.1f s", c.what, command, took)
	}
	if len(restart) > 0 {
		l.o.Terminal.Alert("%s changed; restart to apply the changes of: %s", c.what, strings.Join(restart, ", "))
	}
}

// swap replaces a function if its binary or its settings have changed, and reports whether it did.
func (l *loop) swap(name string) (fresh bool, err error) {
	f, before := l.functions[name], l.binaries[name]
	now, err := l.fingerprints.take(f.Binary, before)
	if err != nil {
		return false, err
	}
	if now.sum != before.sum {
		if err := l.o.Replace(f); err != nil {
			return false, err
		}
	}
	l.binaries[name] = now
	return now.sum != before.sum, nil
}

// readTemplate applies the settings of functions from a changed template. It returns the resources whose changes
// need a restart.
func (l *loop) readTemplate() (restart []string, err error) {
	now, err := l.fingerprints.take(l.o.Template, l.template)
	if err != nil || now.sum == l.template.sum {
		return nil, err
	}
	fresh, err := l.o.Read()
	if err != nil {
		return nil, err
	}
	l.template = now
	for _, f := range fresh.Functions {
		if old, ok := l.functions[f.Name]; ok && !reflect.DeepEqual(old, f) {
			l.functions[f.Name] = f
			l.binaries[f.Name] = fingerprint{} // differs from all fingerprints
		}
	}
	before := l.o.Plan.Stack
	return slices.DeleteFunc(template.Differences(before, fresh.Stack), func(id string) bool { return l.swappable(id, before, fresh.Stack) }), nil
}

// swappable reports whether a resource is a running function or belongs to one. Such changes need no restart.
func (l *loop) swappable(id string, before, fresh *template.Stack) bool {
	for is, f := range template.Of[template.Function](fresh) {
		if _, runs := l.functions[f.FunctionName]; is == id && runs {
			return true
		}
	}
	for _, stack := range []*template.Stack{before, fresh} {
		for is, e := range template.Of[template.EventInvoke](stack) {
			if _, runs := l.functions[e.FunctionName]; is == id && runs {
				return true
			}
		}
	}
	return false
}
