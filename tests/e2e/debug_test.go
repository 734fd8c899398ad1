package e2e

import (
	"net/http"
	"net/rpc/jsonrpc"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// stopped is the part of Delve's report of a stopped process that this test reads.
type stopped struct {
	State struct {
		CurrentThread struct {
			Function struct {
				Name string `json:"name"`
			} `json:"function"`
		} `json:"currentThread"`
	}
}

// TestDebug sets a breakpoint in a running function, as an editor does, and then
// continues the request that reaches it.
func TestDebug(t *testing.T) {
	if testing.Short() || os.Getenv("BASE_URL") != "" {
		t.Skip("needs a local cloud of its own: make test")
	}
	debuggers, err := filepath.Glob("../../build/dlv-v*")
	if err != nil || len(debuggers) == 0 {
		t.Skip("SKIPPED: Delve is not built: make dev DEBUG=health, once")
	}
	c := start(t, t.TempDir(), map[string]string{"DEBUG": "health"})
	address := regexp.MustCompile(`health runs under Delve: dlv connect (\S+)`).FindStringSubmatch(c.output())
	if address == nil {
		t.Fatalf("it does not print how to connect:\n%s", c.output())
	}
	get(t, c.base+"/api/health") // starts the function, so that Delve listens
	delve, err := jsonrpc.Dial("tcp", address[1])
	if err != nil {
		t.Fatal(err)
	}
	defer delve.Close()
	call := func(method string, argument any) (answer stopped) {
		t.Helper()
		select {
		case done := <-delve.Go("RPCServer."+method, argument, &answer, nil).Done:
			if done.Error != nil {
				t.Fatalf("%s: %v", method, done.Error)
			}
		case <-time.After(2 * time.Minute):
			t.Fatalf("%s does not end", method)
		}
		return answer
	}
	const place = "main.(*handler).Handle"
	call("Command", map[string]string{"name": "halt"})
	call("CreateBreakpoint", map[string]any{"Breakpoint": map[string]any{"name": "handle", "functionName": place}})
	answered := make(chan int, 1)
	go func() { // while Delve continues
		time.Sleep(100 * time.Millisecond)
		answered <- get(t, c.base+"/api/health")
	}()
	if at := call("Command", map[string]string{"name": "continue"}).State.CurrentThread.Function.Name; at != place {
		t.Errorf("stopped at %q", at)
	}
	select {
	case status := <-answered:
		t.Errorf("status %d before it was continued", status)
	case <-time.After(500 * time.Millisecond):
	}
	call("ClearBreakpoint", map[string]string{"Name": "handle"})
	delve.Go("RPCServer.Command", map[string]string{"name": "continue"}, &stopped{}, nil)
	select {
	case status := <-answered:
		if status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	case <-time.After(2 * time.Minute):
		t.Error("it does not continue")
	}
}

// get returns the status of an answer, 0 if there is none.
func get(t *testing.T, url string) int {
	response, err := http.Get(url)
	if err != nil {
		t.Error(err)
		return 0
	}
	response.Body.Close()
	return response.StatusCode
}
