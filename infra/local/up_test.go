package main

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

// output is what the local cloud tells, readable while it runs.
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

// example are the settings for testdata/stack.json with its function built. With
// -short the test is skipped.
func example(t *testing.T) (s settings, events string, out *output) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts the emulators: make test-go")
	}
	for _, file := range []string{"../../build/versitygw", "../../build/dynamodb-local/DynamoDBLocal.jar", "../../node_modules/fauxqs"} {
		if _, err := os.Stat(file); err != nil {
			t.Fatalf("%s is missing; run make setup, or make unit for the tests without emulators", file)
		}
	}
	folder := t.TempDir()
	events = filepath.Join(folder, "events")
	text, err := os.ReadFile("testdata/stack.json")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "stack.json")
	if err := os.WriteFile(file, bytes.ReplaceAll(text, []byte("EVENTS-FILE"), []byte(events)), 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", filepath.Join(folder, "echo", "bootstrap"), "./testdata/echo")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
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
	return settings{
		command: "up", template: file, stack: "test", binaries: folder, tools: "../../build", modules: "../..",
		state: filepath.Join(folder, "state"), port: listener.Addr().(*net.TCPAddr).Port, timeScale: 1, out: out,
	}, events, out
}

// begin runs a stack until it is ready; what it returns stops it.
func begin(t *testing.T, s settings, out *output) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- up(ctx, s) }()
	for deadline := time.Now().Add(2 * time.Minute); !strings.Contains(out.String(), "ready: http://"); time.Sleep(20 * time.Millisecond) {
		select {
		case err := <-ended:
			cancel()
			t.Fatalf("it ended: %v\n%s", err, out)
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

// TestUp runs a stack that is not this repository's: requests, messages, uploads
// and schedules reach its function, and nothing is left at the end.
func TestUp(t *testing.T) {
	s, events, out := example(t)
	s.setup = list{"echo $SITE_URL $AWS_ENDPOINT_URL_LAMBDA > " + s.state + "/prepared"}
	s.show = list{"Prepared: {" + s.state + "/prepared}"}
	stop := begin(t, s, out)
	base := "http://" + s.site()
	for deadline := time.Now().Add(2 * time.Minute); !strings.Contains(out.String(), "Prepared: "+base+" http://127.0.0.1:"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) { // the line comes after that of ready
			t.Fatalf("said:\n%s", out)
		}
	}
	if status, body := get(t, base+"/some/where"); status != http.StatusOK || body != "you asked for /some/where" {
		t.Errorf("%d %s", status, body)
	}
	variables := endpoints(t, s.state)
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
		if strings.HasPrefix(name, "AWS_ENDPOINT_URL_") && name != "AWS_ENDPOINT_URL_S3" { // which checks signatures
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
		t.Errorf("the distribution gives %d %q", status, body)
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
		t.Errorf("the filter lets through what it should not:\n%s", text)
	}
	if status, body := get(t, base+"/_local/functions"); status != http.StatusOK || !strings.Contains(body, `"name":"echo"`) {
		t.Errorf("%d %s", status, body)
	}
	expectConsole(t, base+"/_local/")
	second := s
	second.port++
	if err := up(t.Context(), second); err == nil || !strings.Contains(err.Error(), "another local cloud") || strings.Contains(err.Error(), "\n") {
		t.Errorf("a second one on the same state: %v", err)
	}
	second = s
	second.state = t.TempDir()
	if err := up(t.Context(), second); err == nil || !strings.Contains(err.Error(), "is in use: stop what uses it, or set PORT") {
		t.Errorf("a second one on the same port: %v", err)
	}
	stop()
	for _, address := range []string{s.site(), strings.TrimPrefix(variables["AWS_ENDPOINT_URL_S3"], "http://")} {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			t.Errorf("%s is still open", address)
		}
	}
	if _, err := os.Stat(filepath.Join(s.state, "endpoints.env")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("endpoints.env: %v", err)
	}
}

// refusesPages checks that a service takes nothing from a page, whether it has another origin or a
// name that leads to this machine.
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
			t.Errorf("%s answers %d to a page of %+v", url, response.StatusCode, page)
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
			t.Errorf("%s did not come; the function got:\n%s", want, text)
			return
		}
	}
}

// putItem changes the table whose stream the function follows.
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

// TestMistakes says what is wrong before anything is started.
func TestMistakes(t *testing.T) {
	base, _, out := example(t)
	text, err := os.ReadFile(base.template)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		change  func(*settings)
		replace [2]string
		want    []string
	}{
		{name: "no template", change: func(s *settings) { s.template += ".nowhere" }, want: []string{"there is no template", "make dev compiles it"}},
		{name: "no binary", change: func(s *settings) { s.binaries = "/nowhere" }, want: []string{"Echo: there is no binary /nowhere/echo/bootstrap: make dev builds it"}},
		{name: "runtime", replace: [2]string{"provided.al2023", "nodejs22.x"}, want: []string{`Echo.Properties.Runtime: "nodejs22.x" is not supported`}},
		{name: "cron", replace: [2]string{"cron(0 2 * * ? *)", "cron(99 2 * * ? *)"}, want: []string{"nightly"}},
		{name: "route", replace: [2]string{`"integrations", {"Ref": "Integration"}`, `"integrations", "x"`}, want: []string{`Route.Properties.Target: "integrations/x" is not an integration of the API`}},
		{name: "origin", replace: [2]string{`${Api}.execute-api`, `x.execute-api`}, want: []string{`Distribution.Properties.DistributionConfig.Origins[0].DomainName: "x.execute-api.`}},
		{name: "cache policy", replace: [2]string{"658327ea-f89d-4fab-a63d-7e88639e58f6", "mine"}, want: []string{`CacheBehaviors[0].CachePolicyId: "mine"`}},
		{name: "source", replace: [2]string{`"EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}`, `"EventSourceArn": "arn:x"`}, want: []string{"FromQueue.Properties.EventSourceArn: arn:x is not a queue"}},
		{name: "stream", replace: [2]string{`"StreamSpecification": {"StreamViewType": "NEW_IMAGE"}`, `"Tags": []`}, want: []string{`Items has no attribute "StreamArn"`}},
		{name: "stream of another table", replace: [2]string{`{"Fn::GetAtt": ["Items", "StreamArn"]}, "FunctionName"`, `"arn:aws:dynamodb:x", "FunctionName"`},
			want: []string{"FromItems.Properties.EventSourceArn: arn:aws:dynamodb:x is not the stream of a table of the stack"}},
		{name: "starting position", replace: [2]string{`"TRIM_HORIZON"`, `"AT_TIMESTAMP", "ParallelizationFactor": 11`},
			want: []string{`FromItems.Properties.StartingPosition: "AT_TIMESTAMP" is neither TRIM_HORIZON nor LATEST`, "FromItems.Properties.ParallelizationFactor: 11 is not within 1 to 10"}},
		{name: "filter", replace: [2]string{`\"prefix\"`, `\"prefx\"`}, want: []string{"FromItems.Properties.FilterCriteria.Filters[0].Pattern: $.dynamodb.Keys.id.S[0].prefx: there is no such operator"}},
		{name: "permission of a stream", replace: [2]string{`"dynamodb:GetRecords", `, ``}, want: []string{"FromItems: the role test-EchoRole of echo must allow dynamodb:GetRecords on arn:aws:dynamodb:us-east-1:000000000000:table/items/stream/"}},
		{name: "batches", replace: [2]string{`"BatchSize": 10}`, `"BatchSize": 10001, "MaximumBatchingWindowInSeconds": 301, "ScalingConfig": {"MaximumConcurrency": 1}}`}, want: []string{
			"FromQueue.Properties.BatchSize: 10001, must be 1 to 10000", "MaximumBatchingWindowInSeconds: 301, must be 0 to 300", "ScalingConfig.MaximumConcurrency: 1, must be 2 to 1000"}},
		{name: "no window", replace: [2]string{`"BatchSize": 10}`, `"BatchSize": 11}`}, want: []string{"FromQueue.Properties.MaximumBatchingWindowInSeconds: must be 1 or more for batches of more than 10 messages"}},
		{name: "visibility", replace: [2]string{`"Timeout": 10`, `"Timeout": 31`}, want: []string{"FromQueue.Properties.EventSourceArn: the queue's visibility time-out of 30 seconds is less than the function's time-out of 31"}},
		{name: "dead letters", replace: [2]string{`"Timeout": 10`, `"Timeout": 10, "DeadLetterConfig": {"TargetArn": "arn:dead"}`}, want: []string{"Echo: the role test-EchoRole of echo must allow sqs:SendMessage on arn:dead"}},
		{name: "role", replace: [2]string{`{"Fn::GetAtt": ["EchoRole", "Arn"]}, "Runtime"`, `"arn:x", "Runtime"`}, want: []string{`Echo.Properties.Role: "arn:x" is not a role of the stack`}},
		{name: "trust", replace: [2]string{`"lambda.amazonaws.com", `, ``}, want: []string{"Echo.Properties.Role: test-EchoRole cannot be assumed by lambda.amazonaws.com"}},
		{name: "policy", replace: [2]string{`"Action": ["sqs:ReceiveMessage"`, `"NotAction": ["sqs:ReceiveMessage"`}, want: []string{"EchoRole.Properties.Policies[0].PolicyDocument.Statement[0].NotAction: not supported"}},
		{name: "permission of a source", replace: [2]string{`"sqs:DeleteMessage", `, ``}, want: []string{"FromQueue: the role test-EchoRole of echo must allow sqs:DeleteMessage on arn:aws:sqs:us-east-1:000000000000:queue"}},
		{name: "permission of a bucket", replace: [2]string{`arn:aws:s3:::files`, `arn:aws:s3:::others`}, want: []string{"an AWS::Lambda::Permission must let s3.amazonaws.com invoke echo (lambda:InvokeFunction) for arn:aws:s3:::files"}},
		{name: "permission of an API", replace: [2]string{`"apigateway.amazonaws.com"`, `"sns.amazonaws.com"`}, want: []string{"Route: an AWS::Lambda::Permission must let apigateway.amazonaws.com invoke echo"}},
		{name: "role of an integration", replace: [2]string{`"AWS_PROXY", `, `"AWS_PROXY", "CredentialsArn": {"Fn::GetAtt": ["EchoRole", "Arn"]}, `},
			want: []string{"Integration.Properties.CredentialsArn: test-EchoRole cannot be assumed by apigateway.amazonaws.com"}},
		{name: "role of an integration with another function", replace: [2]string{`"AWS_PROXY", "IntegrationUri": {"Fn::GetAtt": ["Echo", "Arn"]}`, `"AWS_PROXY", "CredentialsArn": {"Fn::GetAtt": ["EchoRole", "Arn"]}, "IntegrationUri": {"Fn::GetAtt": ["Watch", "Arn"]}`},
			want: []string{"Integration: the role test-EchoRole must allow lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:watch"}},
		{name: "no role of an integration", replace: [2]string{`"AWS_PROXY", `, `"AWS_PROXY", "CredentialsArn": "arn:x", `}, want: []string{`Integration.Properties.CredentialsArn: "arn:x" is not a role of the stack`}},
		{name: "role of an authorizer", replace: [2]string{`"Route": {`, `"Authorizer": {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {"ApiId": {"Ref": "Api"}, "Name": "who", "AuthorizerType": "REQUEST", "AuthorizerPayloadFormatVersion": "2.0",
			"AuthorizerUri": {"Fn::Sub": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Watch.Arn}/invocations"}, "AuthorizerCredentialsArn": {"Fn::GetAtt": ["EchoRole", "Arn"]}}}, "Route": {`},
			want: []string{"Authorizer.Properties.AuthorizerCredentialsArn: test-EchoRole cannot be assumed by apigateway.amazonaws.com", "Authorizer: the role test-EchoRole must allow lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:watch"}},
		{name: "permission of a schedule", replace: [2]string{`function:echo"}}`, `function:other"}}`}, want: []string{"Nightly: the role test-EchoRole must allow lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:echo"}},
		{name: "destination", replace: [2]string{`"StartingPosition": "TRIM_HORIZON"`, `"StartingPosition": "LATEST", "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sns:us-east-1:000000000000:nobody"}}`},
			want: []string{"FromItems: the role test-EchoRole of echo must allow sns:Publish on arn:aws:sns:us-east-1:000000000000:nobody", "FromItems.Properties.DestinationConfig: arn:aws:sns:us-east-1:000000000000:nobody is not a queue, topic or function of the stack"}},
		{name: "log filter", replace: [2]string{`"REPORT -timeout"`, `"level=x"`}, want: []string{`FromLog.Properties.FilterPattern: "level=x": a term with other characters`}},
		{name: "log group", replace: [2]string{`"LogGroupName": {"Ref": "EchoLog"}`, `"LogGroupName": "other"`}, want: []string{`FromLog.Properties.LogGroupName: the stack has no AWS::Logs::LogGroup "other"`}},
		{name: "logs in a circle", replace: [2]string{`"DestinationArn": {"Fn::GetAtt": ["Watch", "Arn"]}`, `"DestinationArn": {"Fn::GetAtt": ["Echo", "Arn"]}`},
			want: []string{"FromLog.Properties.LogGroupName: echo would be given what it logs about what it is given, without end"}},
		{name: "permission of logs", replace: [2]string{`log-group:/aws/lambda/echo:*`, `log-group:x:*`},
			want: []string{"FromLog: an AWS::Lambda::Permission must let logs.amazonaws.com invoke watch (lambda:InvokeFunction) for arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/echo:*"}},
		{name: "set-up", change: func(s *settings) { s.setup = list{"echo because; exit 3"} }, want: []string{`the set-up command "echo because; exit 3" failed (exit status 3):`, "because"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := base
			s.template = filepath.Join(t.TempDir(), "stack.json")
			changed := strings.Replace(string(text), c.replace[0], c.replace[1], 1)
			if err := os.WriteFile(s.template, []byte(changed), 0o600); err != nil {
				t.Fatal(err)
			}
			if c.change != nil {
				c.change(&s)
			}
			err := up(t.Context(), s)
			if err == nil {
				t.Fatalf("it went well:\n%s", out)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in: %v", want, err)
				}
			}
		})
	}
}

// TestDamaged begins with data that cannot be read: one line tells which, and what to do.
func TestDamaged(t *testing.T) {
	for file, want := range map[string]string{
		"dynamodb/shared-local-instance.db": "dynamodb cannot be read (InternalFailure, see logs/dynamodb.log); remove that folder",
		"messages.jsonl":                    "messages.jsonl: line 1 is damaged; remove the file",
		"s3-events.json":                    "s3-events.json is damaged; remove it",
		"events/echo/1.json":                "1.json is damaged; remove it",
	} {
		t.Run(file, func(t *testing.T) {
			s, _, out := example(t)
			path := filepath.Join(s.state, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("this is not\nwhat belongs here\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			err := up(ctx, s)
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
