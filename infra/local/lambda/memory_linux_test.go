package lambda

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A function that exceeds its memory is killed, either at once or, after a short peak, when it answers. The
// environment then starts a new process.
func TestMemoryLimit(t *testing.T) {
	tests := map[string]struct {
		megabytes, milliseconds int
		dies                    bool
	}{
		"far below":      {10, 0, false},
		"held too much":  {300, 600_000, true}, // longer than its time-out: if it exits, the reason is the memory limit
		"for one moment": {300, 0, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			log := &safe{}
			p := open(t, Options{Output: log})
			add(t, p, Function{Name: "hog", Handler: "hog", MemoryMB: 256, Timeout: 2 * time.Minute})
			r := invoke(t, p, "hog", input{Bytes: test.megabytes << 20, Milliseconds: test.milliseconds})
			if !test.dies {
				decode(t, r)
				return
			}
			want := `{"errorMessage":"RequestId: ` + r.RequestID + ` Error: Runtime exited with error: signal: killed","errorType":"Runtime.ExitError"}`
			if r.FunctionError != "Unhandled" || string(r.Payload) != want {
				t.Errorf("%s %s", r.FunctionError, r.Payload)
			}
			eventually(t, "the report", func() bool { return strings.Contains(log.String(), "REPORT") })
			report := regexp.MustCompile(`REPORT .*\tMemory Size: 256 MB\tMax Memory Used: 256 MB.*\tStatus: error\tError Type: Runtime.ExitError\n`)
			if !report.MatchString(log.String()) {
				t.Errorf("log:\n%s", log)
			}
			state(t, p, "cold")
			decode(t, invoke(t, p, "hog", input{}))
		})
	}
}

// A start that exceeds the memory is killed, too, and the invocation retries it once.
func TestMemoryLimitOfTheStart(t *testing.T) {
	log := &safe{}
	p := open(t, Options{Output: log, InitTimeout: time.Minute})
	add(t, p, Function{Name: "init-hog", Handler: "init-hog", Timeout: time.Minute})
	if r := invoke(t, p, "init-hog", input{}); !strings.Contains(string(r.Payload), "signal: killed") {
		t.Errorf("answer %s", r.Payload)
	}
	if s := log.String(); !strings.Contains(s, "Phase: init\tStatus: error\tError Type: Runtime.ExitError") {
		t.Errorf("log:\n%s", s)
	}
}

func TestOpenFiles(t *testing.T) {
	p := open(t, Options{}, "wait")
	pid := decode(t, invoke(t, p, "wait", input{})).PID
	limits, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/limits")
	if err != nil || !regexp.MustCompile(`Max open files +1024 +1024 `).Match(limits) {
		t.Errorf("%s%v", limits, err)
	}
}
