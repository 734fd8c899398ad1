package lambda

import (
	"errors"
	"strings"
	"testing"
)

func TestLineage(t *testing.T) {
	trace := "Root=1-0-a;Parent=b;Sampled=1"
	for i := range 3 {
		if got := depth(trace, "f"); got != i {
			t.Errorf("depth %d, want %d", got, i)
		}
		trace = descend(trace, "f")
	}
	trace = descend(trace, "g")
	if depth(trace, "f") != 3 || depth(trace, "g") != 1 || depth(trace, "h") != 0 {
		t.Error(trace)
	}
	if !strings.HasPrefix(trace, "Root=1-0-a;Parent=b;Sampled=1;Lineage=") || strings.Count(trace, "Lineage") != 1 {
		t.Error(trace)
	}
	if depth("Lineage=x|y:z", "f") != 0 {
		t.Error("a damaged header counts")
	}
}

// TestRecursion checks that recursive chains of events are stopped, for each way to invoke a function.
func TestRecursion(t *testing.T) {
	p := open(t, Options{}, "echo")
	trace := newTrace()
	for range maxRecursion - 1 {
		trace = descend(trace, "echo")
	}
	if _, err := p.InvokeTraced(t.Context(), trace, "echo", []byte("1")); err != nil {
		t.Errorf("the last one: %v", err)
	}
	trace = descend(trace, "echo")
	for kind, invoke := range map[string]func() error{
		"synchronous":  func() error { _, err := p.InvokeTraced(t.Context(), trace, "echo", []byte("1")); return err },
		"asynchronous": func() error { _, err := p.enqueue("echo", []byte("1"), trace); return err },
	} {
		var refused *Error
		if err := invoke(); !errors.As(err, &refused) || refused.Type != "RecursiveInvocationException" {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
