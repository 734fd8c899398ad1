package lambda

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// TestMain turns the test binary into a Lambda function if the environment variable _HANDLER names one.
func TestMain(m *testing.M) {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		serveAs(os.Getenv("_HANDLER"))
		return
	}
	os.Exit(m.Run())
}

// input is the event of the test functions.
type input struct {
	Milliseconds int    `json:"milliseconds,omitempty"`
	Bytes        int    `json:"bytes,omitempty"`
	File         string `json:"file,omitempty"`
}

// reply is the result of most test functions.
type reply struct {
	PID       int      `json:"pid"`
	Ticks     int64    `json:"ticks"`
	Request   string   `json:"request"`
	ARN       string   `json:"arn"`
	Client    string   `json:"client"`
	Deadline  int64    `json:"deadline"`
	Directory string   `json:"directory"`
	Variables []string `json:"variables"`
	Padding   string   `json:"padding"`
	Child     int      `json:"child"`
}

func serveAs(name string) {
	switch name {
	case "after":
		done := make(chan input, 1)
		extend(done)
		lambda.Start(func(in input) (reply, error) { done <- in; return reply{PID: os.Getpid()}, nil })
	case "sigterm":
		lambda.StartWithOptions(wait, lambda.WithEnableSIGTERM(func() { note(os.Getenv("NOTE"), "terminated") }))
	case "init-error":
		call("POST", "2018-06-01/runtime/init/error", `{"errorMessage":"no database","errorType":"Config"}`,
			"Lambda-Runtime-Function-Error-Type", "Config")
		os.Exit(1)
	case "init-exit":
		os.Exit(3)
	case "init-slow":
		time.Sleep(300 * time.Millisecond)
		lambda.Start(wait)
	case "deaf", "deaf-alone":
		deaf(name == "deaf")
	case "extensions":
		lambda.Start(extensions())
	case "wire":
		serveWire()
	case "init-hog":
		memory := make([]byte, 200<<20)
		for i := 0; i < len(memory); i += 4096 {
			memory[i] = 1
		}
		lambda.Start(func() int { return len(memory) })
	case "extension-error":
		id := call("POST", "2020-01-01/extension/register", `{"events":[]}`, "Lambda-Extension-Name", "broken")
		call("POST", "2020-01-01/extension/init/error", "{}", "Lambda-Extension-Identifier", id)
		select {}
	case "misuse":
		lambda.Start(misuse())
	case "ticks":
		lambda.Start(ticking())
	case "stream":
		lambda.Start(func() (io.Reader, error) {
			return io.MultiReader(strings.NewReader("half an ans"), broken{}), nil
		})
	default:
		lambda.Start(map[string]any{"wait": wait, "show": show, "pad": pad, "child": child, "hog": hog, "temporary": temporary,
			"swallow": func(json.RawMessage) {},
			"sleep":   func() { time.Sleep(time.Minute) },
			"panic":   func() { panic("no way") },
			"exit":    func() { fmt.Println("leaving"); os.Exit(1) },
			"error": func(in input) error {
				note(in.File, time.Now().Format(time.RFC3339Nano))
				return errors.New("not today")
			},
			"note": func(ctx context.Context, in input) {
				c, _ := lambdacontext.FromContext(ctx)
				note(in.File, c.AwsRequestID)
			},
		}[name])
	}
}

func wait(in input) (reply, error) {
	fmt.Printf("waiting %d ms\n", in.Milliseconds)
	time.Sleep(time.Duration(in.Milliseconds) * time.Millisecond)
	return reply{PID: os.Getpid()}, nil
}

func show(ctx context.Context) (reply, error) {
	c, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	directory, err := os.Getwd()
	return reply{PID: os.Getpid(), Request: c.AwsRequestID, ARN: c.InvokedFunctionArn, Client: c.ClientContext.Client.AppTitle,
		Deadline: deadline.UnixMilli(), Directory: directory, Variables: os.Environ()}, err
}

func pad(in input) (reply, error) { return reply{Padding: strings.Repeat("x", in.Bytes)}, nil }

// hog allocates memory for a while and then releases it.
func hog(in input) (reply, error) {
	memory := make([]byte, in.Bytes)
	for i := 0; i < len(memory); i += 4096 {
		memory[i] = 1
	}
	time.Sleep(time.Duration(in.Milliseconds) * time.Millisecond)
	runtime.KeepAlive(memory)
	memory = nil
	debug.FreeOSMemory()
	return reply{PID: os.Getpid()}, nil
}

// temporary creates a file in /tmp and returns the number of files there.
func temporary() (int, error) {
	if err := os.WriteFile(filepath.Join(os.TempDir(), fmt.Sprint(time.Now().UnixNano())), nil, 0o600); err != nil {
		return 0, err
	}
	files, err := os.ReadDir(os.TempDir())
	return len(files), err
}

// child starts a process that would outlive the invocation.
func child() (reply, error) {
	c := exec.Command("sleep", "1000")
	err := c.Start()
	return reply{PID: os.Getpid(), Child: c.Process.Pid}, err
}

// ticking counts in the background, which functions should not do.
func ticking() func() (reply, error) {
	var ticks atomic.Int64
	go func() {
		for range time.Tick(2 * time.Millisecond) {
			ticks.Add(1)
		}
	}()
	return func() (reply, error) { return reply{PID: os.Getpid(), Ticks: ticks.Load()}, nil }
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("source ran dry") }

// extend registers an internal extension that works after each answer, for the time that the event specifies.
func extend(done <-chan input) {
	id := call("POST", "2020-01-01/extension/register", `{"events":["INVOKE"]}`, "Lambda-Extension-Name", "after")
	go func() {
		for {
			call("GET", "2020-01-01/extension/event/next", "", "Lambda-Extension-Identifier", id)
			in := <-done
			time.Sleep(time.Duration(in.Milliseconds) * time.Millisecond)
			note(in.File, "after")
		}
	}()
}

// call sends a request to the Runtime API and returns the extension's identifier, if the response has one.
func call(method, path, body, header, value string) string {
	r := try(method, path, body, header, value)
	if r.StatusCode >= 300 {
		panic(fmt.Sprint(path, r.Status))
	}
	return r.Header.Get("Lambda-Extension-Identifier")
}

func try(method, path, body, header, value string) *http.Response {
	q, err := http.NewRequest(method, "http://"+os.Getenv("AWS_LAMBDA_RUNTIME_API")+"/"+path, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	q.Header.Set(header, value)
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		panic(err)
	}
	defer r.Body.Close()
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		panic(err)
	}
	return r
}

// deaf ignores SIGTERM. It may have an internal extension.
func deaf(extended bool) {
	reported := make(chan os.Signal, 1)
	signal.Notify(reported, syscall.SIGTERM)
	go func() {
		for range reported {
			note(os.Getenv("NOTE"), "SIGTERM")
		}
	}()
	if extended {
		id := call("POST", "2020-01-01/extension/register", `{"events":[]}`, "Lambda-Extension-Name", "deaf")
		go call("GET", "2020-01-01/extension/event/next", "", "Lambda-Extension-Identifier", id)
	}
	lambda.Start(wait)
}

// extensions registers more extensions than allowed, and returns the statuses.
func extensions() func() ([]int, error) {
	var statuses []int
	for range maxExtensions + 1 {
		r := try("POST", "2020-01-01/extension/register", `{"events":[]}`, "Lambda-Extension-Name", "x")
		if statuses = append(statuses, r.StatusCode); r.StatusCode == http.StatusOK {
			go call("GET", "2020-01-01/extension/event/next", "", "Lambda-Extension-Identifier", r.Header.Get("Lambda-Extension-Identifier"))
		}
	}
	return func() ([]int, error) { return statuses, nil }
}

// misuse makes invalid calls during the start and in the handler, and returns the statuses.
func misuse() func() ([]int, error) {
	const register = "2020-01-01/extension/register"
	var statuses []int
	refused := func(method, path, body, header, value string) {
		statuses = append(statuses, try(method, path, body, header, value).StatusCode)
	}
	refused("POST", register, `{"events":["INVOKE"]}`, "Lambda-Extension-Name", "")
	refused("POST", register, `{"events":["SHUTDOWN"]}`, "Lambda-Extension-Name", "x")
	refused("POST", register, `{"events":["OTHER"]}`, "Lambda-Extension-Name", "x")
	refused("POST", register, `{`, "Lambda-Extension-Name", "x")
	refused("GET", "2020-01-01/extension/event/next", "", "Lambda-Extension-Identifier", "x")
	refused("POST", "2018-06-01/runtime/invocation/x/response", "{}", "X", "")
	return func() ([]int, error) {
		refused("POST", register, `{"events":["INVOKE"]}`, "Lambda-Extension-Name", "late")
		refused("POST", "2018-06-01/runtime/invocation/x/error", "{}", "X", "")
		refused("GET", "2018-06-01/runtime/invocation/next", "", "X", "")
		return statuses, nil
	}
}

// note appends a line to a file.
func note(file, text string) {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	fmt.Fprintln(f, text)
}

func notes(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Fields(string(data))
}

// decode parses the result of a test function.
func decode(t *testing.T, r Result) reply {
	t.Helper()
	var v reply
	if err := json.NewDecoder(bytes.NewReader(r.Payload)).Decode(&v); err != nil || r.FunctionError != "" {
		t.Fatalf("answer %s %s: %v\n%s", r.FunctionError, r.Payload, err, r.LogTail)
	}
	return v
}
