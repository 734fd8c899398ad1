package lambda

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Reserved concurrency reduces the concurrency that other functions share, even if unused.
func TestReservationCounts(t *testing.T) {
	p := open(t, Options{Concurrency: 3}, "wait")
	two := 2
	add(t, p, Function{Name: "reserved", Handler: "wait", Reserved: &two, Timeout: 10 * time.Second})
	pids, throttles := together(t, p, "wait", 3)
	if len(pids) != 1 || len(throttles) != 2 || throttles[0] != "ConcurrentInvocationLimitExceeded" {
		t.Errorf("environments %v, throttles %v", pids, throttles)
	}
	if pids, throttles := together(t, p, "reserved", 2); len(pids) != 2 || len(throttles) != 0 {
		t.Errorf("reserved: environments %v, throttles %v", pids, throttles)
	}
}

func TestTooMuchReserved(t *testing.T) {
	p := open(t, Options{Concurrency: 100})
	forty, fifty, fiftyOne := 40, 50, 51
	add(t, p, Function{Name: "a", Handler: "wait", Reserved: &forty})
	const want = "a reserved concurrency of 51 leaves 9 of the account's 100 to the functions that have none reserved: must be 10 or more"
	if err := p.Add(Function{Name: "b", Handler: "wait", Reserved: &fiftyOne, Binary: executable(t)}); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("add: %v", err)
	}
	add(t, p, Function{Name: "b", Handler: "wait", Reserved: &fifty})
	if err := p.Replace(Function{Name: "b", Handler: "wait", Reserved: &fiftyOne, Binary: executable(t)}); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("replace: %v", err)
	}
	if err := p.Replace(Function{Name: "b", Handler: "wait", Reserved: &forty, Binary: executable(t)}); err != nil {
		t.Error(err)
	}
}

// Each reserved environment allows ten requests per second, with an equal burst.
func TestRate(t *testing.T) {
	var r rate
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for n, want := range []bool{true, true, true, true, true, true, true, true, true, true, false, false} {
		if got := r.take(10, now); got != want {
			t.Errorf("request %d: %v", n, got)
		}
	}
	if !r.take(10, now.Add(100*time.Millisecond)) || r.take(10, now.Add(100*time.Millisecond)) {
		t.Error("a tenth of a second must make room for one request")
	}
	if !r.take(10, now.Add(time.Hour)) {
		t.Error("an hour must make room")
	}
}

func TestReservedRate(t *testing.T) {
	p := open(t, Options{Concurrency: 10})
	one := 1
	add(t, p, Function{Name: "fn", Handler: "note", Reserved: &one})
	p.functions["fn"].rate = rate{used: 10, at: time.Now().Add(time.Minute)} // as if the function were under constant load
	_, err := p.Invoke(t.Context(), "fn", []byte(`{"file":"/dev/null"}`))
	if refusal, ok := err.(*Error); !ok || refusal.Reason != "ReservedFunctionInvocationRateLimitExceeded" {
		t.Errorf("error %v", err)
	}
	enqueue(t, p, "fn", input{File: "/dev/null"}) // events are not limited
	empty(t, p)
	if s := p.Functions()[0]; s.Invocations != 1 {
		t.Errorf("state %+v", s)
	}
}

// The response to a throttled request, byte by byte.
func TestThrottleOnTheWire(t *testing.T) {
	p := open(t, Options{Concurrency: 10})
	none := 0
	add(t, p, Function{Name: "off", Handler: "wait", Reserved: &none})
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, httptest.NewRequest("POST", "/2015-03-31/functions/off/invocations", http.NoBody))
	want := `{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}` + "\n"
	if w.Code != 429 || w.Body.String() != want || w.Header().Get("x-amzn-ErrorType") != "TooManyRequestsException" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
}

// Idle environments are shut down after IdleTimeout; environments in use are not.
func TestReaping(t *testing.T) {
	p := open(t, Options{IdleTimeout: 300 * time.Millisecond}, "wait")
	first, _ := together(t, p, "wait", 2)
	if len(first) != 2 {
		t.Fatalf("environments %v", first)
	}
	eventually(t, "one environment, the one in use", func() bool {
		invoke(t, p, "wait", input{Milliseconds: 20})
		return len(p.Functions()[0].Environments) == 1
	})
	eventually(t, "none", func() bool { return len(p.Functions()[0].Environments) == 0 })
}

// Files in /tmp live as long as their environment: they survive a crash, and are then deleted.
func TestTemporaryFiles(t *testing.T) {
	p := open(t, Options{}, "temporary")
	files := func() string { return string(invoke(t, p, "temporary", input{}).Payload) }
	got := files()
	state(t, p, "warm")
	got += files()
	state(t, p, "warm")
	kill(t, p)
	got += files()
	if got != "123" {
		t.Errorf("files of one environment: %s, want 1, 2 and 3", got)
	}
	state(t, p, "warm")
	if err := p.Replace(Function{Name: "temporary", Handler: "temporary", Binary: executable(t)}); err != nil {
		t.Fatal(err)
	}
	if got := files(); got != "1" {
		t.Errorf("files of a new environment: %s, want 1", got)
	}
}
