package lambda

import (
	"strings"
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
