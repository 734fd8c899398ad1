package rules

import (
	"fmt"
	"maps"
	"slices"
	"testing"
)

// allowed are the exceptions: the place, the rule, and the reason.
var allowed = map[exception]string{
	{"functions/session-get/function.yml", "scopes of routes"}:   "everybody may know who they are",
	{"functions/session-close/function.yml", "scopes of routes"}: "everybody who is signed in may sign out",
	{"functions/space-manage/function.yml", "scopes of routes"}:  "people who are signed in manage spaces, by their role in each",
}

// linked are the functions that render HTML and may therefore link the template engine.
var linked = map[string]string{
	"report-run": "writes the report as a page",
}

type exception struct{ where, rule string }

// findings collects the breaches of a rule and the exceptions that were needed.
type findings struct {
	t    *testing.T
	rule string
	used map[exception]bool
}

// rule begins the check of a rule. At the end of the test, unnecessary exceptions are errors.
func rule(t *testing.T, name string) *findings {
	f := &findings{t: t, rule: name, used: map[exception]bool{}}
	t.Cleanup(func() {
		for _, e := range slices.SortedFunc(maps.Keys(allowed), func(a, b exception) int { return len(a.where) - len(b.where) }) {
			if e.rule == name && !f.used[e] {
				t.Errorf("%s no longer needs an exception from the rule %q", e.where, name)
			}
		}
	})
	return f
}

// add reports a breach, unless the place is excepted: a file, or "file: name".
func (f *findings) add(where, format string, args ...any) {
	f.t.Helper()
	e := exception{where, f.rule}
	if _, ok := allowed[e]; ok {
		f.used[e] = true
		return
	}
	f.t.Errorf("%s: %s", where, fmt.Sprintf(format, args...))
}
