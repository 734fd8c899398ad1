package lambda

import (
	"strings"
	"testing"
	"time"
)

// With chaos at 1, each invocation's process is killed, before or after the answer, and the platform recovers:
// events are retried, and the next invocation starts a new process.
func TestChaos(t *testing.T) {
	log := &safe{}
	p := open(t, Options{Chaos: 1, Output: log}, "wait")
	const times = 20
	answered := 0
	for n := range times {
		r := invoke(t, p, "wait", input{Milliseconds: 10})
		switch {
		case r.FunctionError == "":
			answered++
		case !strings.Contains(string(r.Payload), `Error: Runtime exited with error: signal: killed","errorType":"Runtime.ExitError"}`):
			t.Errorf("answer %s", r.Payload)
		}
		eventually(t, "a kill", func() bool { return p.Functions()[0].Kills == n+1 })
	}
	f := p.Functions()[0]
	if f.Kills != times || f.Invocations != times || f.Errors != times-answered {
		t.Errorf("%d answered, state %+v", answered, f)
	}
	if reported := strings.Count(log.String(), "CHAOS RequestId: "); reported != times {
		t.Errorf("the log tells of %d kills", reported)
	}
}

func TestNoChaos(t *testing.T) {
	p := open(t, Options{}, "wait")
	first := decode(t, invoke(t, p, "wait", input{}))
	for range 5 {
		state(t, p, "warm")
		if got := decode(t, invoke(t, p, "wait", input{})); got.PID != first.PID {
			t.Error("another process")
		}
	}
}

// Half of the invocations are killed. An event has three attempts; then a record goes to the destination.
func TestChaosOfEvents(t *testing.T) {
	t.Parallel()
	out := make(records, 40)
	p := open(t, Options{Chaos: 0.5, TimeScale: 2000, Send: out.send})
	add(t, p, Function{Name: "note", Handler: "note", OnFailure: destination, OnSuccess: destination, Timeout: 10 * time.Second})
	file := t.TempDir() + "/notes"
	want := map[string]bool{}
	for range 20 {
		want[enqueue(t, p, "note", input{File: file})] = true
	}
	for range 20 {
		context := out.next(t)["requestContext"].(map[string]any)
		if context["condition"] == exhausted && context["approximateInvokeCount"] != 3.0 {
			t.Errorf("record %v", context)
		}
		delete(want, context["requestId"].(string))
	}
	if len(want) > 0 {
		t.Errorf("no record of %v", want)
	}
	empty(t, p)
}
