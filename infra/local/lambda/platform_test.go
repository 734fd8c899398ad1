package lambda

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// safe is a buffer for concurrent writers.
type safe struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safe) Write(p []byte) (int, error) { s.mu.Lock(); defer s.mu.Unlock(); return s.b.Write(p) }
func (s *safe) String() string              { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

// open returns a platform with one function for each handler, with the same name. At the end of the test it checks
// that no process and no directory is left.
func open(t *testing.T, o Options, handlers ...string) *Platform {
	t.Helper()
	log := &safe{}
	if o.Output == nil {
		o.Output = log
	}
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	p, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		pids := pids(p)
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		for _, pid := range pids {
			if syscall.Kill(pid, 0) == nil {
				t.Errorf("process %d is still there", pid)
			}
		}
		if left, err := os.ReadDir(p.options.environments()); err != nil || len(left) > 0 {
			t.Errorf("directories left: %v %v", left, err)
		}
		if t.Failed() {
			t.Log(log)
		}
	})
	for _, h := range handlers {
		add(t, p, Function{Name: h, Handler: h, Timeout: 10 * time.Second})
	}
	return p
}

func add(t *testing.T, p *Platform, f Function) {
	t.Helper()
	f.Binary = executable(t)
	if err := p.Add(f); err != nil {
		t.Fatal(err)
	}
}

func executable(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func invoke(t *testing.T, p *Platform, name string, in any) Result {
	t.Helper()
	payload, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Invoke(t.Context(), name, payload)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r
}

func pids(p *Platform) (list []int) {
	for _, f := range p.Functions() {
		for _, e := range f.Environments {
			if e.PID != 0 {
				list = append(list, e.PID)
			}
		}
	}
	return list
}

// eventually waits until a condition becomes true in the background.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// state waits until the only environment of the only function has a state.
func state(t *testing.T, p *Platform, want string) {
	t.Helper()
	eventually(t, "one environment, "+want, func() bool {
		e := p.Functions()[0].Environments
		return len(e) == 1 && e[0].State == want
	})
}

// kill kills the only process, like a crash.
func kill(t *testing.T, p *Platform) {
	t.Helper()
	for _, pid := range pids(p) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	state(t, p, "cold")
}

func TestAnswer(t *testing.T) {
	p := open(t, Options{}, "wait")
	first := decode(t, invoke(t, p, "wait", input{}))
	state(t, p, "warm")
	second := decode(t, invoke(t, p, "wait", input{}))
	if first.PID != second.PID || first.PID == os.Getpid() {
		t.Errorf("pids %d, %d", first.PID, second.PID)
	}
	if got := p.Functions()[0]; got.Invocations != 2 || got.Environments[0].PID != first.PID || got.Environments[0].Invocations != 2 {
		t.Errorf("state %+v", got)
	}
}

func TestFailures(t *testing.T) {
	tests := map[string]struct {
		kind, message string
		again         bool // the same process serves the next request
	}{
		"error":           {"errorString", "not today", true},
		"panic":           {"string", "no way", false},
		"exit":            {"Runtime.ExitError", "RequestId: ID Error: Runtime exited with error: exit status 1", false},
		"init-error":      {"Config", "no database", false},
		"init-exit":       {"Runtime.ExitError", "RequestId: ID Error: Runtime exited with error: exit status 3", false},
		"extension-error": {"Extension.Error", "Extension broken reported an error", false},
		"wait":            {"Sandbox.Timedout", "RequestId: ID Error: Task timed out after 1.00 seconds", false},
		"stream":          {"errorString", "source ran dry", true},
		"pad": {"Function.ResponseSizeTooLarge",
			"Response payload size exceeded maximum allowed payload size (6291556 bytes).", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := open(t, Options{})
			f := Function{Name: name, Handler: name, Timeout: 10 * time.Second, MemoryMB: 512}
			if test.kind == "Sandbox.Timedout" {
				f.Timeout = time.Second
			}
			add(t, p, f)
			for range 2 {
				r := invoke(t, p, name, input{Milliseconds: 5000, Bytes: 7 << 20, File: t.TempDir() + "/notes"})
				var got struct {
					Type    string `json:"errorType"`
					Message string `json:"errorMessage"`
				}
				if err := json.Unmarshal(r.Payload, &got); err != nil || r.FunctionError != "Unhandled" {
					t.Fatalf("%s %s: %v", r.FunctionError, r.Payload, err)
				}
				message := strings.ReplaceAll(got.Message, r.RequestID, "ID")
				if got.Type != test.kind || message != test.message {
					t.Errorf("%s: %s, want %s: %s", got.Type, message, test.kind, test.message)
				}
				want := "cold"
				if test.again {
					want = "warm"
				}
				eventually(t, "all "+want, func() bool {
					return !slices.ContainsFunc(p.Functions()[0].Environments, func(e EnvironmentState) bool { return e.State != want })
				})
			}
			if s := p.Functions()[0]; s.Errors != 2 {
				t.Errorf("%d errors, want 2", s.Errors)
			}
		})
	}
}

func TestResponseLimit(t *testing.T) {
	p := open(t, Options{}, "wait")
	add(t, p, Function{Name: "pad", Handler: "pad", MemoryMB: 512, Timeout: 10 * time.Second})
	empty := len(invoke(t, p, "pad", input{}).Payload)
	r := invoke(t, p, "pad", input{Bytes: maxResponse - empty})
	if r.FunctionError != "" || len(r.Payload) != maxResponse {
		t.Errorf("%d bytes, %q", len(r.Payload), r.FunctionError)
	}
	payload := append(append([]byte{'"'}, bytes.Repeat([]byte{'x'}, maxPayload)...), '"')
	var refusal *Error
	if _, err := p.Invoke(t.Context(), "wait", payload); !errors.As(err, &refusal) || refusal.Status != 413 {
		t.Errorf("error %v, want 413", err)
	}
}

func TestEnvironmentKilled(t *testing.T) {
	for _, when := range []string{"busy", "warm"} {
		t.Run(when, func(t *testing.T) {
			p := open(t, Options{}, "wait")
			before := decode(t, invoke(t, p, "wait", input{})).PID
			state(t, p, "warm")
			if when == "busy" {
				results := make(chan Result)
				go func() { results <- invoke(t, p, "wait", input{Milliseconds: 5000}) }()
				state(t, p, "busy")
				syscall.Kill(before, syscall.SIGKILL)
				if r := <-results; !strings.Contains(string(r.Payload), "signal: killed") {
					t.Errorf("answer %s", r.Payload)
				}
			} else {
				syscall.Kill(before, syscall.SIGKILL)
			}
			state(t, p, "cold")
			if after := decode(t, invoke(t, p, "wait", input{})).PID; after == before {
				t.Error("same process")
			}
		})
	}
}

func TestSlowInit(t *testing.T) {
	t.Parallel()
	log := &safe{}
	p := open(t, Options{InitTimeout: 100 * time.Millisecond, Output: log}, "init-slow")
	decode(t, invoke(t, p, "init-slow", input{}))
	state(t, p, "warm")
	if s := log.String(); !strings.Contains(s, "INIT_REPORT") || strings.Contains(s, "\tInit Duration") {
		t.Errorf("init must fail, and run again at the invocation's cost:\n%s", s)
	}
}

func TestCallerLeaves(t *testing.T) {
	p := open(t, Options{}, "wait")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := p.Invoke(ctx, "wait", []byte(`{"milliseconds":100}`)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	state(t, p, "warm")
	if s := p.Functions()[0]; s.Invocations != 1 || s.Errors != 0 {
		t.Errorf("state %+v", s)
	}
}

func TestClose(t *testing.T) {
	p := open(t, Options{}, "wait", "child")
	grandchild := decode(t, invoke(t, p, "child", input{})).Child
	errs := make(chan error)
	go func() {
		_, err := p.Invoke(t.Context(), "wait", []byte(`{"milliseconds":9000}`))
		errs <- err
	}()
	eventually(t, "busy", func() bool { return len(pids(p)) == 2 })
	all := append(pids(p), grandchild)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	var refusal *Error
	if err := <-errs; !errors.As(err, &refusal) || refusal.Status != 503 {
		t.Errorf("running invocation: %v", err)
	}
	if _, err := p.Invoke(t.Context(), "wait", nil); !errors.As(err, &refusal) || refusal.Status != 503 {
		t.Errorf("later invocation: %v", err)
	}
	if _, err := p.InvokeAsync("wait", nil); !errors.As(err, &refusal) || refusal.Status != 503 {
		t.Errorf("later event: %v", err)
	}
	for _, pid := range all {
		// The system reaps grandchildren, not this process.
		eventually(t, "end of a process", func() bool { return syscall.Kill(pid, 0) != nil || zombie(pid) })
	}
}

func TestReplace(t *testing.T) {
	t.Parallel()
	p := open(t, Options{}, "wait")
	before := decode(t, invoke(t, p, "wait", input{})).PID
	state(t, p, "warm")
	results := make(chan Result)
	go func() { results <- invoke(t, p, "wait", input{Milliseconds: 200}) }()
	state(t, p, "busy")
	if err := p.Replace(Function{Name: "wait", Handler: "show", Binary: executable(t)}); err != nil {
		t.Fatal(err)
	}
	after := decode(t, invoke(t, p, "wait", input{}))
	if after.ARN == "" || after.PID == before {
		t.Errorf("still the old function: %+v", after)
	}
	if old := decode(t, <-results); old.PID != before {
		t.Errorf("running invocation answered by %d, want %d", old.PID, before)
	}
	eventually(t, "only the new environment", func() bool { return cmp.Equal(pids(p), []int{after.PID}) })
}
