package afterward_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// platform is what a function sees of Lambda: the Runtime and the Extensions
// API. It runs this test's binary as the function.
type platform struct {
	invocations chan invocation // for the runtime
	events      chan invocation // for the extension

	mu       sync.Mutex
	reported []string // what happened since the last invocation
	answer   string

	ready    chan bool // the extension asked for its next event
	answered chan bool // the runtime answered
}

type invocation struct {
	id       string
	payload  []byte
	deadline time.Time
}

func start(t *testing.T) *platform {
	t.Helper()
	p := &platform{invocations: make(chan invocation), events: make(chan invocation), ready: make(chan bool, 1), answered: make(chan bool, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", p.runtimeNext)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{what}", p.respond)
	mux.HandleFunc("POST /2020-01-01/extension/register", p.register)
	mux.HandleFunc("GET /2020-01-01/extension/event/next", p.extensionNext)
	mux.HandleFunc("GET /test/{work}", func(_ http.ResponseWriter, r *http.Request) { p.tell(r.PathValue("work")) })
	server := httptest.NewServer(mux)
	function := exec.Command(os.Args[0])
	function.Env = append(os.Environ(), "AWS_LAMBDA_RUNTIME_API="+strings.TrimPrefix(server.URL, "http://"))
	function.Stderr = t.Output()
	if err := function.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		function.Process.Kill()
		function.Wait()
		server.CloseClientConnections()
		server.Close()
	})
	<-p.ready // registered, and asked for the first event
	if got := strings.Join(p.reported, ", "); got != "registered, ready" {
		t.Fatalf("started with %s", got)
	}
	return p
}

// invoke runs one invocation to its end and returns what the function reported.
func (p *platform) invoke(t *testing.T, event any, timeout time.Duration) []string {
	t.Helper()
	payload, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	p.reported = nil
	p.mu.Unlock()
	i := invocation{fmt.Sprint(time.Now().UnixNano()), payload, time.Now().Add(timeout)}
	p.events <- i
	p.invocations <- i
	for _, done := range []chan bool{p.ready, p.answered} {
		select {
		case <-done:
		case <-time.After(timeout + time.Second):
			t.Fatal("the function does not answer, or the extension does not ask for the next event")
		}
	}
	if time.Now().After(i.deadline) {
		t.Error("the function ran out of time")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reported
}

func (p *platform) tell(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reported = append(p.reported, what)
}

func (p *platform) register(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if string(body) == `{"events":["INVOKE"]}` && r.Header.Get("Lambda-Extension-Name") != "" {
		p.tell("registered")
	}
	w.Header().Set("Lambda-Extension-Identifier", "extension-1")
	w.Write([]byte(`{"functionName":"f","functionVersion":"$LATEST","handler":"bootstrap"}`))
}

func (p *platform) extensionNext(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Lambda-Extension-Identifier") != "extension-1" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	p.tell("ready")
	p.ready <- true
	select {
	case i := <-p.events:
		fmt.Fprintf(w, `{"eventType":"INVOKE","deadlineMs":%d,"requestId":%q,"tracing":{"type":"X-Amzn-Trace-Id","value":""}}`, i.deadline.UnixMilli(), i.id)
	case <-r.Context().Done():
	}
}

func (p *platform) runtimeNext(w http.ResponseWriter, r *http.Request) {
	select {
	case i := <-p.invocations:
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", i.id)
		w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(i.deadline.UnixMilli()))
		w.Write(i.payload)
	case <-r.Context().Done():
	}
}

func (p *platform) respond(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	p.answer = r.Header.Get("Content-Type") + " " + string(body)
	p.mu.Unlock()
	time.Sleep(20 * time.Millisecond) // work that does not wait for this answer would be reported first
	p.tell(r.PathValue("what"))
	w.WriteHeader(http.StatusAccepted)
	w.Write([]byte(`{"status":"OK"}`))
	p.answered <- true
}
