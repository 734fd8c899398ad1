package lambda

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

func TestObserve(t *testing.T) {
	seen := make(chan Invocation, 4)
	p := open(t, Options{Observe: func(i Invocation) { seen <- i }}, "wait", "exit")
	result := invoke(t, p, "wait", input{})
	cold := <-seen
	if cold.Function != "wait" || cold.RequestID != result.RequestID || string(cold.Answer) != string(result.Payload) || cold.Error != "" ||
		cold.Init == 0 || cold.Duration == 0 || cold.MemoryMB != 128 || cold.Environment == "" || cold.Began.IsZero() {
		t.Errorf("cold: %+v, answer %s", cold, cold.Answer)
	}
	if log := string(cold.Log); !strings.HasPrefix(log, "INIT_START") || !strings.Contains(log, "REPORT RequestId: "+result.RequestID) {
		t.Errorf("log: %s", log)
	}
	if billed := cold.Billed(); billed < cold.Duration+cold.Init {
		t.Errorf("billed %v for %v and %v", billed, cold.Duration, cold.Init)
	}
	invoke(t, p, "wait", input{})
	if warm := <-seen; warm.Init != 0 || warm.Environment != cold.Environment {
		t.Errorf("warm: %+v", warm)
	}
	invoke(t, p, "exit", input{})
	if failed := <-seen; failed.Error != unhandled || failed.Status != "error" || !strings.Contains(string(failed.Answer), "Runtime.ExitError") {
		t.Errorf("failed: %+v, answer %s", failed, failed.Answer)
	}
}

// TestLogLines checks that Options.Log gets all lines of CloudWatch Logs, with their stream.
func TestLogLines(t *testing.T) {
	var mu sync.Mutex
	var text strings.Builder
	streams := map[string]bool{}
	over := make(chan Invocation, 1)
	p := open(t, Options{Observe: func(i Invocation) { over <- i }, Log: func(l LogLine) {
		mu.Lock()
		defer mu.Unlock()
		streams[l.Function+" "+l.Stream] = true
		text.WriteString(strings.SplitN(string(l.Text), " ", 2)[0] + " ")
	}}, "wait")
	invoke(t, p, "wait", input{})
	<-over
	mu.Lock()
	defer mu.Unlock()
	if got := text.String(); !strings.HasPrefix(got, "INIT_START START ") || !strings.Contains(got, "END REPORT ") {
		t.Errorf("lines: %s", got)
	}
	if len(streams) != 1 || !strings.Contains(fmt.Sprint(streams), "/[$LATEST]") {
		t.Errorf("streams: %v", streams)
	}
}
