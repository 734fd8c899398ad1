package lambda

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Events of the maximum size are accepted; those with one more byte are rejected.
func TestLargestEvents(t *testing.T) {
	p := open(t, Options{})
	add(t, p, Function{Name: "swallow", Handler: "swallow", MemoryMB: 512, Timeout: 20 * time.Second})
	event := func(size int) []byte {
		return append(append([]byte{'"'}, bytes.Repeat([]byte{'x'}, size-2)...), '"')
	}
	if r, err := p.Invoke(t.Context(), "swallow", event(maxPayload)); err != nil || r.FunctionError != "" {
		t.Errorf("6 MB: %v %s", err, r.Payload)
	}
	if _, err := p.Invoke(t.Context(), "swallow", event(maxPayload+1)); err == nil ||
		err.Error() != "RequestTooLargeException: Request must be smaller than 6291456 bytes for the InvokeFunction operation" {
		t.Errorf("a byte more: %v", err)
	}
	if _, err := p.InvokeAsync("swallow", event(maxAsyncPayload)); err != nil {
		t.Errorf("1 MB: %v", err)
	}
	if _, err := p.InvokeAsync("swallow", event(maxAsyncPayload+1)); err == nil ||
		err.Error() != "RequestTooLargeException: Request must be smaller than 1048576 bytes for the InvokeFunction operation" {
		t.Errorf("a byte more: %v", err)
	}
	empty(t, p)
}

// Functions cannot set variables that Lambda sets itself.
func TestReservedVariables(t *testing.T) {
	p := open(t, Options{})
	for _, name := range []string{"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
		"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
		"AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"} {
		err := p.Add(Function{Name: "fn", Binary: executable(t), Env: map[string]string{name: "x"}})
		if err == nil || !strings.HasSuffix(err.Error(), name+" is reserved by Lambda") {
			t.Errorf("%s: %v", name, err)
		}
	}
	add(t, p, Function{Name: "fn", Handler: "show", Env: map[string]string{"TZ": "Asia/Tokyo", "PATH": "/bin", "LANG": "de_DE.UTF-8", "AWS_XRAY_CONTEXT_MISSING": "x"}})
}

// After a crash the next invocation restarts the function. The start counts as part of its duration; the report has
// no init duration.
func TestStartAfterCrash(t *testing.T) {
	log := &safe{}
	p := open(t, Options{Output: log})
	add(t, p, Function{Name: "fn", Handler: "init-slow", Timeout: 10 * time.Second})
	invoke(t, p, "fn", input{})
	state(t, p, "warm")
	kill(t, p)
	invoke(t, p, "fn", input{})
	state(t, p, "warm")
	reports := func() [][]string {
		return regexp.MustCompile(`REPORT RequestId: \S+\tDuration: ([\d.]+) ms\tBilled Duration: (\d+) ms.*`).FindAllStringSubmatch(log.String(), -1)
	}
	eventually(t, "two reports", func() bool { return len(reports()) == 2 })
	for i, cold := range []bool{true, false} {
		report := reports()[i]
		if strings.Contains(report[0], "Init Duration") != cold {
			t.Errorf("report %d: %s", i, report[0])
		}
		duration, _ := strconv.ParseFloat(report[1], 64)
		billed, _ := strconv.Atoi(report[2])
		if billed < 300 || (duration < 300) != cold {
			t.Errorf("report %d: %s", i, report[0])
		}
	}
	if started := strings.Count(log.String(), "INIT_START"); started != 1 {
		t.Errorf("INIT_START %d times", started)
	}
}

// A process with extensions gets SIGTERM and 500 ms to shut down; a process without extensions is killed at once.
func TestEndOfDeafProcess(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"deaf": 1, "deaf-alone": 0} {
		file := t.TempDir() + "/notes"
		p := open(t, Options{})
		add(t, p, Function{Name: name, Handler: name, Env: map[string]string{"NOTE": file}})
		invoke(t, p, name, input{})
		state(t, p, "warm")
		began := time.Now()
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		took := time.Since(began)
		if reported := len(notes(t, file)); reported != want {
			t.Errorf("%s got %d signals", name, reported)
		}
		if want == 1 && took < shutdownGrace {
			t.Errorf("%s had %s to end", name, took)
		}
	}
}

func TestTenExtensions(t *testing.T) {
	p := open(t, Options{}, "extensions")
	if got := string(invoke(t, p, "extensions", input{}).Payload); got != "[200,200,200,200,200,200,200,200,200,200,403]" {
		t.Errorf("statuses %s", got)
	}
}
