package site

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// output collects the output of the local cloud. It can be read while the local cloud runs.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// example returns the options to run testdata/stack.json, and builds its function. It
// skips the test with -short.
func example(t *testing.T) (s Options, events string, out *output) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts the emulators: make test-go")
	}
	for _, file := range []string{"versitygw", "dynamodb-local/DynamoDBLocal.jar", "node_modules/fauxqs"} {
		if _, err := os.Stat("../../../build/components/" + file); err != nil {
			t.Fatalf("%s is missing; run make setup, or make unit for the tests without emulators", file)
		}
	}
	folder := t.TempDir()
	events = filepath.Join(folder, "events")
	text, err := os.ReadFile("../plan/testdata/stack.json")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "stack.json")
	if err := os.WriteFile(file, bytes.ReplaceAll(text, []byte("EVENTS-FILE"), []byte(events)), 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", filepath.Join(folder, "echo", "bootstrap"), "./testdata/echo")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // like functions
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	if err := os.CopyFS(filepath.Join(folder, "watch"), os.DirFS(filepath.Join(folder, "echo"))); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	out = &output{}
	return Options{
		Template: file, Stack: "test", Binaries: folder, Components: "../../../build/components",
		State: filepath.Join(folder, "state"), Port: listener.Addr().(*net.TCPAddr).Port, Concurrency: 100, TimeScale: 1, Output: out,
	}, events, out
}

// begin starts a stack and waits until it is ready. The returned function stops it.
func begin(t *testing.T, s Options, out *output) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Up(ctx, s) }()
	for deadline := time.Now().Add(2 * time.Minute); !strings.Contains(out.String(), "ready: http://"); time.Sleep(20 * time.Millisecond) {
		select {
		case err := <-ended:
			cancel()
			t.Fatalf("the stack stopped: %v\n%s", err, out)
		default:
		}
		if time.Now().After(deadline) {
			cancel()
			t.Fatalf("not ready:\n%s", out)
		}
	}
	stop = sync.OnceFunc(func() {
		begun := time.Now()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if took := time.Since(begun); took > time.Minute {
			t.Errorf("stopping took %s", took)
		}
	})
	t.Cleanup(stop)
	return stop
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// TestUp runs a stack other than this repository's: requests, messages, uploads
// and schedules reach its function, and everything is stopped at the end.
func TestUp(t *testing.T) {
	s, events, out := example(t)
	s.Setup = []string{"echo $SITE_URL $AWS_ENDPOINT_URL_LAMBDA > " + s.State + "/prepared"}
	s.Show = []string{"Prepared: {" + s.State + "/prepared}"}
	stop := begin(t, s, out)
	base := "http://" + s.host()
	for deadline := time.Now().Add(2 * time.Minute); !strings.Contains(out.String(), "Prepared: "+base+" http://127.0.0.1:"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) { // this line follows the "ready" line
			t.Fatalf("output:\n%s", out)
		}
	}
	if status, body := get(t, base+"/some/where"); status != http.StatusOK || body != "you asked for /some/where" {
		t.Errorf("%d %s", status, body)
	}
	variables := endpoints(t, s.State)
	config := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider(variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"], "")}
	queue := sqs.NewFromConfig(config, func(o *sqs.Options) { o.BaseEndpoint = aws.String(variables["AWS_ENDPOINT_URL_SQS"]) })
	url, err := queue.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("queue")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := queue.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: url.QueueUrl, MessageBody: aws.String("a message")}); err != nil {
		t.Fatal(err)
	}
	for name, url := range variables {
		if strings.HasPrefix(name, "AWS_ENDPOINT_URL_") && name != "AWS_ENDPOINT_URL_S3" { // S3 checks signatures instead
			refusesPages(t, url)
		}
	}
	putItem(t, variables["AWS_ENDPOINT_URL_DYNAMODB"], "left out")
	putItem(t, variables["AWS_ENDPOINT_URL_DYNAMODB"], "item 1")
	files := s3.NewFromConfig(config, func(o *s3.Options) {
		o.BaseEndpoint, o.UsePathStyle = aws.String(variables["AWS_ENDPOINT_URL_S3"]), true
	})
	if _, err := files.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("files"), Key: aws.String("in/a file"), Body: strings.NewReader("text")}); err != nil {
		t.Fatal(err)
	}
	if status, body := get(t, base+"/in/a%20file"); status != http.StatusOK || body != "text" {
		t.Errorf("the distribution returns %d %q", status, body)
	}
	if response, err := http.Post(base+"/_local/schedules/nightly/run", "", nil); err != nil || response.StatusCode != http.StatusAccepted {
		t.Errorf("run the schedule: %v, %v", response, err)
	}
	if response, err := http.Post(base+"/_local/schedules/other/run", "", nil); err != nil || response.StatusCode != http.StatusNotFound {
		t.Errorf("run no schedule: %v, %v", response, err)
	}
	for _, want := range []string{`"body":"a message"`, `"key":"in/a+file"`, `{"scheduled":"20`, `"NewImage":{"id":{"S":"item 1"}}`, `{"awslogs":{"data":"H4sI`} {
		written(t, events, want)
	}
	if text, _ := os.ReadFile(events); bytes.Contains(text, []byte("left out")) {
		t.Errorf("an item passed that the filter excludes:\n%s", text)
	}
	if status, body := get(t, base+"/_local/functions"); status != http.StatusOK || !strings.Contains(body, `"name":"echo"`) {
		t.Errorf("%d %s", status, body)
	}
	expectConsole(t, base+"/_local/")
	second := s
	second.Port++
	if err := Up(t.Context(), second); err == nil || !strings.Contains(err.Error(), "another local cloud") || strings.Contains(err.Error(), "\n") {
		t.Errorf("a second one on the same state: %v", err)
	}
	second = s
	second.State = t.TempDir()
	if err := Up(t.Context(), second); err == nil || !strings.Contains(err.Error(), "is in use: stop what uses it, or set PORT") {
		t.Errorf("a second one on the same port: %v", err)
	}
	stop()
	for _, address := range []string{s.host(), strings.TrimPrefix(variables["AWS_ENDPOINT_URL_S3"], "http://")} {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			t.Errorf("%s is still open", address)
		}
	}
	if _, err := os.Stat(filepath.Join(s.State, "endpoints.env")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("endpoints.env: %v", err)
	}
}

// refusesPages checks that a service rejects requests of web pages: those with another origin, and those with a
// foreign host name that resolves to this machine.
func refusesPages(t *testing.T, url string) {
	t.Helper()
	for _, page := range []struct {
		host, origin string
		want         int
	}{{"", "http://evil.example", http.StatusForbidden}, {"evil.example", "", http.StatusMisdirectedRequest}} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		request.Host = page.host
		if page.origin != "" {
			request.Header.Set("Origin", page.origin)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != page.want {
			t.Errorf("%s returns %d for a page of %+v", url, response.StatusCode, page)
		}
	}
}

func endpoints(t *testing.T, state string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(state, "endpoints.env"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		found[name] = value
	}
	return found
}

func written(t *testing.T, file, want string) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		text, _ := os.ReadFile(file)
		if strings.Contains(string(text), want) {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("%s did not arrive; the function got:\n%s", want, text)
			return
		}
	}
}

// putItem writes to the table whose stream invokes the function.
func putItem(t *testing.T, endpoint, id string) {
	t.Helper()
	config := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")}
	db := dynamodb.NewFromConfig(config, func(o *dynamodb.Options) { o.BaseEndpoint = &endpoint })
	if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("items"), Item: map[string]types.AttributeValue{
		"id": &types.AttributeValueMemberS{Value: id},
	}}); err != nil {
		t.Fatal(err)
	}
}

// TestMistakes checks errors that prevent the start. Package plan tests mistakes in the template.
func TestMistakes(t *testing.T) {
	base, _, out := example(t)
	for name, c := range map[string]struct {
		change func(*Options)
		want   []string
	}{
		"no template":  {func(o *Options) { o.Template += ".nowhere" }, []string{"there is no template", "--template names one"}},
		"no binary":    {func(o *Options) { o.Binaries = "/nowhere" }, []string{"echo: there is no binary /nowhere/echo/bootstrap: build it"}},
		"set-up":       {func(o *Options) { o.Setup = []string{"echo because; exit 3"} }, []string{`the set-up command "echo because; exit 3" failed (exit status 3):`, "because"}},
		"debug":        {func(o *Options) { o.Debug = "echo" }, []string{`debug "echo": must read NAME=BINARY`}},
		"debug nobody": {func(o *Options) { o.Debug = "nobody=x" }, []string{"DEBUG: test-nobody is not a function of the stack: one of echo, watch"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := base
			c.change(&o)
			err := Up(t.Context(), o)
			if err == nil {
				t.Fatalf("it started:\n%s", out)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in: %v", want, err)
				}
			}
		})
	}
}

// TestDamaged starts with unreadable data: a one-line error names the file and the remedy.
func TestDamaged(t *testing.T) {
	for file, want := range map[string]string{
		"dynamodb/shared-local-instance.db": "dynamodb cannot be read (InternalFailure, see logs/dynamodb.log); remove that folder",
		"messages.jsonl":                    "messages.jsonl: line 1 is damaged; remove the file",
		"s3-events.json":                    "s3-events.json is damaged; remove it",
		"events/echo/1.json":                "1.json is damaged; remove it",
	} {
		t.Run(file, func(t *testing.T) {
			s, _, out := example(t)
			path := filepath.Join(s.State, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("this is not\nwhat belongs here\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			err := Up(ctx, s)
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
