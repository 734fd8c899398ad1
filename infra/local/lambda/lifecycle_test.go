package lambda

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A goroutine that outlives its handler is frozen until the next invocation.
func TestFrozen(t *testing.T) {
	p := open(t, Options{}, "ticks")
	invoke(t, p, "ticks", input{})
	state(t, p, "warm")
	before := decode(t, invoke(t, p, "ticks", input{}))
	state(t, p, "warm")
	eventually(t, "the process is stopped", func() bool { return frozen(before.PID) }) // a signal takes its time
	time.Sleep(400 * time.Millisecond)
	after := decode(t, invoke(t, p, "ticks", input{}))
	if after.PID != before.PID || after.Ticks-before.Ticks > 50 {
		t.Errorf("%d ticks in 400 ms of standstill", after.Ticks-before.Ticks)
	}
}

func TestWorkAfterTheAnswer(t *testing.T) {
	t.Parallel()
	p := open(t, Options{}, "after")
	file := t.TempDir() + "/notes"
	first := decode(t, invoke(t, p, "after", input{Milliseconds: 300, File: file}))
	if n := notes(t, file); len(n) > 0 {
		t.Errorf("the answer came after the extension's work: %v", n)
	}
	state(t, p, "busy")
	time.Sleep(2 * freezeWait) // longer than a request waits for a busy environment
	second := decode(t, invoke(t, p, "after", input{File: file}))
	if second.PID == first.PID {
		t.Error("an environment that still works must not get another request")
	}
	eventually(t, "both warm", func() bool {
		e := p.Functions()[0].Environments
		return len(e) == 2 && e[0].State == "warm" && e[1].State == "warm"
	})
	if n := notes(t, file); len(n) != 2 {
		t.Errorf("frozen with work left, done: %v", n)
	}
}

// The function's time-out includes its extensions, although the caller already has the answer.
func TestTimeoutAfterTheAnswer(t *testing.T) {
	t.Parallel()
	log := &safe{}
	p := open(t, Options{Output: log})
	add(t, p, Function{Name: "after", Handler: "after", Timeout: time.Second})
	file := t.TempDir() + "/notes"
	decode(t, invoke(t, p, "after", input{Milliseconds: 3000, File: file}))
	state(t, p, "busy")
	state(t, p, "cold")
	eventually(t, "the report", func() bool { return strings.Contains(log.String(), "Status: timeout") })
	if n := notes(t, file); len(n) != 0 {
		t.Errorf("done: %v", n)
	}
	if !strings.Contains(log.String(), "Task timed out after 1.00 seconds") {
		t.Errorf("log:\n%s", log)
	}
}

func TestShutdown(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/notes"
	p := open(t, Options{IdleTimeout: 50 * time.Millisecond}, "wait")
	add(t, p, Function{Name: "sigterm", Handler: "sigterm", Env: map[string]string{"NOTE": file}, Timeout: time.Second})
	invoke(t, p, "wait", input{})
	invoke(t, p, "sigterm", input{})
	eventually(t, "reaped", func() bool {
		f := p.Functions()
		return len(f[0].Environments) == 0 && len(f[1].Environments) == 0
	})
	eventually(t, "SIGTERM", func() bool { return cmp.Equal(notes(t, file), []string{"terminated"}) })
	invoke(t, p, "sigterm", input{Milliseconds: 2000}) // times out
	eventually(t, "SIGTERM", func() bool { return len(notes(t, file)) == 2 })
}

// together runs n invocations at once.
func together(t *testing.T, p *Platform, name string, n int) (pids []int, throttles []string) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range n {
		wg.Go(func() {
			r, err := p.Invoke(t.Context(), name, []byte(`{"milliseconds":400}`))
			mu.Lock()
			defer mu.Unlock()
			var refusal *Error
			switch {
			case errors.As(err, &refusal) && refusal.Status == 429 && refusal.Type == "TooManyRequestsException":
				throttles = append(throttles, refusal.Reason)
			case err != nil:
				t.Error(err)
			default:
				pids = append(pids, decode(t, r).PID)
			}
		})
	}
	wg.Wait()
	slices.Sort(pids)
	return slices.Compact(pids), throttles
}

func TestScaleOut(t *testing.T) {
	p := open(t, Options{Concurrency: 3}, "wait")
	first, throttles := together(t, p, "wait", 3)
	if len(first) != 3 || len(throttles) != 0 {
		t.Errorf("environments %v, throttles %v", first, throttles)
	}
	eventually(t, "all warm", func() bool {
		return !slices.ContainsFunc(p.Functions()[0].Environments, func(e EnvironmentState) bool { return e.State != "warm" })
	})
	second, throttles := together(t, p, "wait", 5)
	if !cmp.Equal(second, first) || !cmp.Equal(throttles, []string{"ConcurrentInvocationLimitExceeded", "ConcurrentInvocationLimitExceeded"}) {
		t.Errorf("environments %v and %v, throttles %v", first, second, throttles)
	}
	if f := p.Functions()[0]; f.Throttles != 2 || f.Invocations != 6 {
		t.Errorf("state %+v", f)
	}
}

func TestReservedConcurrency(t *testing.T) {
	p := open(t, Options{Concurrency: 3})
	none, two := 0, 2
	add(t, p, Function{Name: "off", Handler: "wait", Reserved: &none})
	add(t, p, Function{Name: "two", Handler: "wait", Reserved: &two})
	if pids, throttles := together(t, p, "off", 1); len(pids) != 0 || len(throttles) != 1 {
		t.Errorf("reserved 0: %v, %v", pids, throttles)
	}
	reason := "ReservedFunctionConcurrentInvocationLimitExceeded"
	if pids, throttles := together(t, p, "two", 3); len(pids) != 2 || !cmp.Equal(throttles, []string{reason}) {
		t.Errorf("reserved 2: %v, %v", pids, throttles)
	}
}

func TestLog(t *testing.T) {
	log := &safe{}
	p := open(t, Options{Output: log}, "wait", "exit")
	r := invoke(t, p, "wait", input{Milliseconds: 7})
	if tail := string(r.LogTail); !strings.Contains(tail, "START RequestId: "+r.RequestID) || !strings.HasSuffix(tail, "waiting 7 ms\n") {
		t.Errorf("tail:\n%s", tail)
	}
	eventually(t, "report", func() bool { return strings.Contains(log.String(), "REPORT") })
	want := []string{
		`INIT_START Runtime Version: provided:al2023\S*\tLog Stream: \d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}`,
		`START RequestId: ID Version: \$LATEST`,
		`waiting 7 ms`,
		`END RequestId: ID`,
		`REPORT RequestId: ID\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: [1-9]\d* MB\tInit Duration: [\d.]+ ms`,
	}
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(log.String(), r.RequestID, "ID")), "\n")
	for i, line := range lines {
		if i >= len(want) || !regexp.MustCompile("^wait \\| "+want[i]+"$").MatchString(line) {
			t.Errorf("line %d: %s", i, line)
		}
	}
	tail := string(invoke(t, p, "exit", input{}).LogTail)
	if !strings.HasSuffix(tail, "leaving\n") {
		t.Errorf("tail of a crash:\n%s", tail)
	}
}

func TestVariables(t *testing.T) {
	t.Setenv("SECRET_OF_THE_HOST", "x")
	p := open(t, Options{Region: "eu-west-1", Account: "123456789012", AccessKeyID: "key", SecretAccessKey: "secret",
		SessionToken: "token", Env: map[string]string{"AWS_ENDPOINT_URL_SQS": "http://localhost:1"}})
	add(t, p, Function{Name: "fn", Handler: "show", MemoryMB: 512, LogFormat: "JSON", Env: map[string]string{"TABLE": "t", "TZ": "Asia/Tokyo"}})
	r := invoke(t, p, "fn", input{})
	got := decode(t, r)
	e := p.Functions()[0].Environments[0]
	dir := filepath.Join(p.options.environments(), "fn-"+e.ID[:8])
	task := filepath.Join(dir, "task")
	want := map[string]string{
		"_HANDLER": "show", "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1",
		"AWS_ACCESS_KEY": "key", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
		"AWS_LAMBDA_FUNCTION_NAME": "fn", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "INFO",
		"AWS_LAMBDA_LOG_GROUP_NAME":  "/aws/lambda/fn",
		"AWS_LAMBDA_LOG_STREAM_NAME": time.Now().UTC().Format("2006/01/02") + "/[$LATEST]" + e.ID,
		"LAMBDA_TASK_ROOT":           task, "LAMBDA_RUNTIME_DIR": "/var/runtime", "TMPDIR": filepath.Join(dir, "tmp"),
		"LANG": "en_US.UTF-8", "TZ": "Asia/Tokyo", "PATH": "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
		"LD_LIBRARY_PATH":          "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:" + task + ":" + task + "/lib:/opt/lib",
		"AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR", "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
		"AWS_ENDPOINT_URL_SQS": "http://localhost:1", "TABLE": "t",
	}
	variables := map[string]string{}
	for _, v := range got.Variables {
		name, value, _ := strings.Cut(v, "=")
		variables[name] = value
	}
	if !strings.HasPrefix(variables["AWS_LAMBDA_RUNTIME_API"], "127.0.0.1:") || !strings.HasPrefix(variables["_X_AMZN_TRACE_ID"], "Root=1-") {
		t.Errorf("variables %v", variables)
	}
	delete(variables, "AWS_LAMBDA_RUNTIME_API")
	delete(variables, "_X_AMZN_TRACE_ID") // set by the client library
	if diff := cmp.Diff(want, variables); diff != "" {
		t.Error(diff)
	}
	if got.Directory != task || got.ARN != "arn:aws:lambda:eu-west-1:123456789012:function:fn" || got.Request != r.RequestID {
		t.Errorf("context %+v", got)
	}
	if left := time.Until(time.UnixMilli(got.Deadline)); left < time.Second || left > 3*time.Second {
		t.Errorf("deadline in %s, the default is 3 s", left)
	}
}

func TestMisuseOfTheAPIs(t *testing.T) {
	p := open(t, Options{}, "misuse")
	got := string(invoke(t, p, "misuse", input{}).Payload)
	if want := "[403,403,400,400,403,400,403,400,403]"; got != want {
		t.Errorf("statuses %s, want %s", got, want)
	}
}

func TestAddRefuses(t *testing.T) {
	p := open(t, Options{}, "wait")
	three := 3
	for want, f := range map[string]Function{
		"not a name":                 {Name: "a/b"},
		"already exists":             {Name: "wait"},
		"AWS_REGION is reserved":     {Name: "a", Env: map[string]string{"AWS_REGION": "x"}},
		"take 4098 bytes":            {Name: "a", Env: map[string]string{"AB": strings.Repeat("x", 4096)}},
		"memory of 64 MB":            {Name: "a", MemoryMB: 64},
		"memory of 10241 MB":         {Name: "a", MemoryMB: 10241},
		"time-out of 15m1s":          {Name: "a", Timeout: 15*time.Minute + time.Second},
		"maximum event age of 59s":   {Name: "a", MaxEventAge: 59 * time.Second},
		"maximum event age of 6h0m1": {Name: "a", MaxEventAge: 6*time.Hour + time.Second},
		"3 retries":                  {Name: "a", MaxRetries: &three},
		"no such file":               {Name: "a", Binary: "/nowhere/bootstrap"},
		"is not an executable file":  {Name: "a", Binary: t.TempDir()},
	} {
		if f.Binary == "" {
			f.Binary, _ = os.Executable()
		}
		if err := p.Add(f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
