package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const destination = "arn:aws:sqs:us-east-1:000000000000:failures"

// records is a fake destination.
type records chan []byte

func (r records) send(_ context.Context, arn string, body []byte) error {
	if arn != destination {
		return errors.New("unknown destination " + arn)
	}
	r <- body
	return nil
}

func (r records) next(t *testing.T) map[string]any {
	t.Helper()
	select {
	case body := <-r:
		var v map[string]any
		if err := json.Unmarshal(body, &v); err != nil {
			t.Fatal(err)
		}
		return v
	case <-time.After(2 * time.Minute):
		t.Fatal("no record")
		return nil
	}
}

func enqueue(t *testing.T, p *Platform, name string, in input) string {
	t.Helper()
	payload, _ := json.Marshal(in)
	id, err := p.InvokeAsync(name, payload)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// empty waits until the only function has no queued events and the spool is empty.
func empty(t *testing.T, p *Platform) {
	t.Helper()
	eventually(t, "empty queue", func() bool { return p.Functions()[0].Queued == 0 })
	if left, _ := filepath.Glob(p.options.Spool + "/*/*"); len(left) > 0 {
		t.Errorf("left in the spool: %v", left)
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	out := make(records, 10)
	p := open(t, Options{TimeScale: 200, Send: out.send}) // a minute is 300 ms
	add(t, p, Function{Name: "error", Handler: "error", OnFailure: destination})
	file := t.TempDir() + "/notes"
	id := enqueue(t, p, "error", input{File: file})
	got := out.next(t)
	if _, err := time.Parse("2006-01-02T15:04:05.000Z", got["timestamp"].(string)); err != nil {
		t.Error(err)
	}
	delete(got, "timestamp")
	want := map[string]any{
		"version": "1.0",
		"requestContext": map[string]any{"requestId": id, "condition": "RetriesExhausted", "approximateInvokeCount": 3.0,
			"functionArn": "arn:aws:lambda:us-east-1:000000000000:function:error:$LATEST"},
		"requestPayload":  map[string]any{"file": file},
		"responseContext": map[string]any{"statusCode": 200.0, "executedVersion": "$LATEST", "functionError": "Unhandled"},
		"responsePayload": map[string]any{"errorMessage": "not today", "errorType": "errorString"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var at []time.Time
	for _, n := range notes(t, file) {
		v, err := time.Parse(time.RFC3339Nano, n)
		if err != nil {
			t.Fatal(err)
		}
		at = append(at, v)
	}
	if len(at) != 3 {
		t.Fatalf("%d attempts", len(at))
	}
	if first, second := at[1].Sub(at[0]), at[2].Sub(at[1]); first < 300*time.Millisecond || second < 600*time.Millisecond || first > second {
		t.Errorf("retries after %s and %s", first, second)
	}
	empty(t, p)
}

func TestEventOutcomes(t *testing.T) {
	none := 0
	tests := map[string]struct {
		function  Function
		condition string
		attempts  float64
	}{
		"no retries":  {Function{Handler: "error", MaxRetries: &none, OnFailure: destination}, "RetriesExhausted", 1},
		"too old":     {Function{Handler: "error", MaxEventAge: time.Minute, OnFailure: destination}, "EventAgeExceeded", 1},
		"throttled":   {Function{Handler: "error", Reserved: &none, OnFailure: destination}, "RetriesExhausted", 0},
		"time-out":    {Function{Handler: "wait", Timeout: time.Second, MaxRetries: &none, OnFailure: destination}, "RetriesExhausted", 1},
		"crash":       {Function{Handler: "exit", MaxRetries: &none, OnFailure: destination}, "RetriesExhausted", 1},
		"success":     {Function{Handler: "note", OnSuccess: destination, OnFailure: "other"}, "Success", 1},
		"no interest": {Function{Handler: "note"}, "", 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := make(records, 1)
			p := open(t, Options{TimeScale: 200, Send: out.send})
			test.function.Name = "fn"
			add(t, p, test.function)
			enqueue(t, p, "fn", input{File: t.TempDir() + "/notes", Milliseconds: 3000})
			if test.condition != "" {
				got := out.next(t)["requestContext"].(map[string]any)
				if got["condition"] != test.condition || got["approximateInvokeCount"] != test.attempts {
					t.Errorf("record %v", got)
				}
			}
			empty(t, p)
		})
	}
}

// The record for a destination, byte by byte. It contains the event unchanged.
func TestRecordOnTheWire(t *testing.T) {
	p := open(t, Options{Region: "us-east-2", Account: "123456789012"})
	e := &event{ID: "id-1", Payload: []byte(`{"text":"<a & b>"}`), Attempts: 3}
	now := regexp.MustCompile(`"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"`)
	const head = `{"version":"1.0","timestamp":"T","requestContext":{"requestId":"id-1","functionArn":"arn:aws:lambda:us-east-2:123456789012:function:fn:$LATEST",`
	for condition, test := range map[string]struct {
		result *Result
		want   string
	}{
		success: {&Result{Payload: []byte(`"<done>"`)}, `"condition":"Success","approximateInvokeCount":3},"requestPayload":{"text":"<a & b>"},` +
			`"responseContext":{"statusCode":200,"executedVersion":"$LATEST"},"responsePayload":"<done>"}`},
		exhausted: {&Result{Payload: []byte(`{"errorMessage":"m"}`), FunctionError: unhandled},
			`"condition":"RetriesExhausted","approximateInvokeCount":3},"requestPayload":{"text":"<a & b>"},` +
				`"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},"responsePayload":{"errorMessage":"m"}}`},
		tooOld: {nil, `"condition":"EventAgeExceeded","approximateInvokeCount":3},"requestPayload":{"text":"<a & b>"}}`},
	} {
		got := p.delivery(e, Function{Name: "fn", OnFailure: "f", OnSuccess: "s"}, condition, test.result)
		if diff := cmp.Diff(head+test.want, now.ReplaceAllString(string(got.Record), `"timestamp":"T"`)); diff != "" {
			t.Errorf("%s: %s", condition, diff)
		}
		if want := map[bool]string{true: "s", false: "f"}[condition == success]; got.Destination != want {
			t.Errorf("%s goes to %s", condition, got.Destination)
		}
	}
}

// A dead-letter queue gets the event, with the error in message attributes.
func TestDeadLetter(t *testing.T) {
	none := 0
	for name, test := range map[string]struct {
		function      Function
		code, message string
	}{
		"error":     {Function{Handler: "error", MaxRetries: &none}, "200", "not today"},
		"crash":     {Function{Handler: "exit", MaxRetries: &none}, "200", "RequestId: ID Error: Runtime exited with error: exit status 1"},
		"throttled": {Function{Handler: "error", Reserved: &none}, "429", "Rate Exceeded."},
	} {
		t.Run(name, func(t *testing.T) {
			type letter struct {
				arn, event string
				attributes map[string]string
			}
			letters, out := make(chan letter, 1), make(records, 1)
			tries := 0
			p := open(t, Options{TimeScale: 200, Send: out.send,
				SendDead: func(_ context.Context, arn string, event []byte, attributes map[string]string) error {
					if tries++; tries == 1 {
						return errors.New("not now")
					}
					letters <- letter{arn, string(event), attributes}
					return nil
				}})
			test.function.Name, test.function.DeadLetter, test.function.OnFailure = "fn", "arn:dead", destination
			add(t, p, test.function)
			id := enqueue(t, p, "fn", input{File: "/dev/null"})
			out.next(t) // the destination gets its record, too
			got := <-letters
			want := letter{"arn:dead", `{"file":"/dev/null"}`,
				map[string]string{"RequestID": id, "ErrorCode": test.code, "ErrorMessage": strings.ReplaceAll(test.message, "ID", id)}}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(letter{})); diff != "" {
				t.Error(diff)
			}
			empty(t, p)
		})
	}
}

// A throttled event waits a second, then twice as long each time, up to five minutes.
func TestBackOff(t *testing.T) {
	for throttles, want := range map[int]time.Duration{0: time.Second, 1: 2 * time.Second, 5: 32 * time.Second,
		8: 256 * time.Second, 9: 5 * time.Minute, 5000: 5 * time.Minute} {
		if got := backOff(throttles); got != want {
			t.Errorf("after %d throttles: %s, want %s", throttles, got, want)
		}
	}
}

// Throttled events are retried later. Throttling does not count as an attempt.
func TestThrottledEvents(t *testing.T) {
	log := &safe{}
	out := make(records, 1)
	p := open(t, Options{TimeScale: 20, Concurrency: 1, Output: log, Send: out.send}, "wait")
	one := make(chan Result)
	go func() { one <- invoke(t, p, "wait", input{Milliseconds: 300}) }()
	state(t, p, "busy")
	if err := p.Add(Function{Name: "note", Handler: "note", Binary: executable(t), OnSuccess: destination}); err != nil {
		t.Fatal(err)
	}
	enqueue(t, p, "note", input{File: t.TempDir() + "/notes"})
	if got := out.next(t)["requestContext"].(map[string]any); got["approximateInvokeCount"] != 1.0 {
		t.Errorf("record %v", got)
	}
	<-one
	if s := p.Functions()[0]; s.Name != "note" || s.Throttles == 0 {
		t.Errorf("state %+v", s)
	}
}

func TestDuplicates(t *testing.T) {
	p := open(t, Options{Duplicate: 1}, "note")
	file := t.TempDir() + "/notes"
	id := enqueue(t, p, "note", input{File: file})
	empty(t, p)
	if n := notes(t, file); !cmp.Equal(n, []string{id, id}) {
		t.Errorf("request ids %v, want %s twice", n, id)
	}
}

func TestEventsSurvive(t *testing.T) {
	t.Parallel()
	spool, file := t.TempDir(), t.TempDir()+"/notes"
	out := make(records, 10)
	before := open(t, Options{Spool: spool, TimeScale: 60, Send: out.send}, "wait", "error")
	running := enqueue(t, before, "wait", input{Milliseconds: 5000, File: file})
	waiting := enqueue(t, before, "error", input{File: file})
	eventually(t, "one running, one failed", func() bool {
		data, _ := os.ReadFile(filepath.Join(spool, "error", waiting+".json"))
		return before.Functions()[1].Invocations == 1 && strings.Contains(string(data), `"attempts":1`)
	})
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}

	after := open(t, Options{Spool: spool, Send: out.send})
	for _, name := range []string{"wait", "error"} {
		add(t, after, Function{Name: name, Handler: "note", OnSuccess: destination})
	}
	got := map[string]float64{}
	for range 2 {
		c := out.next(t)["requestContext"].(map[string]any)
		got[c["requestId"].(string)] = c["approximateInvokeCount"].(float64)
	}
	if diff := cmp.Diff(map[string]float64{running: 1, waiting: 2}, got); diff != "" {
		t.Error(diff)
	}
}

// A record that cannot be delivered is stored and retried, even after a restart.
func TestDestinationDown(t *testing.T) {
	var tries atomic.Int32
	down := func(context.Context, string, []byte) error { tries.Add(1); return errors.New("down") }
	spool, file, none := t.TempDir(), t.TempDir()+"/notes", 0
	f := Function{Name: "error", Handler: "error", OnFailure: destination, MaxRetries: &none}
	p := open(t, Options{Spool: spool, TimeScale: 100, Send: down})
	add(t, p, f)
	id := enqueue(t, p, "error", input{File: file})
	eventually(t, "tries", func() bool { return tries.Load() >= 3 })
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	out := make(records, 1)
	p = open(t, Options{Spool: spool, Send: out.send})
	add(t, p, f)
	if got := out.next(t)["requestContext"].(map[string]any)["requestId"]; got != id {
		t.Errorf("record of %v, want %s", got, id)
	}
	empty(t, p)
	if n := notes(t, file); len(n) != 1 {
		t.Errorf("the function ran %d times, want once", len(n))
	}
}

func TestInvokeAsyncRefuses(t *testing.T) {
	p := open(t, Options{}, "wait")
	for want, try := range map[string]struct{ name, payload string }{
		"ResourceNotFoundException":      {"nope", "{}"},
		"InvalidRequestContentException": {"wait", "{"},
		"RequestTooLargeException":       {"wait", `"` + strings.Repeat("x", 1<<20) + `"`},
	} {
		if _, err := p.InvokeAsync(try.name, []byte(try.payload)); err == nil || !regexp.MustCompile("^"+want).MatchString(err.Error()) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
