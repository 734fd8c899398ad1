package plan

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/minim-dev/minim/infra/local/cloudfront"
	"github.com/minim-dev/minim/infra/local/guard"
	"github.com/minim-dev/minim/infra/local/httpapi"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/logs"
	"github.com/minim-dev/minim/infra/local/pattern"
	"github.com/minim-dev/minim/infra/local/schedule"
	"github.com/minim-dev/minim/infra/local/sns"
	"github.com/minim-dev/minim/infra/local/sources"
	"github.com/minim-dev/minim/infra/local/ssm"
	"github.com/minim-dev/minim/infra/local/template"
)

const (
	stackJSON    = "testdata/stack.json"
	servicesJSON = "testdata/services.json"
)

// planned plans a template in which a text is replaced.
func planned(t *testing.T, file, from, to string) (*Plan, error) {
	t.Helper()
	return plannedWith(t, file, from, to, Options{})
}

func plannedWith(t *testing.T, file, from, to string, o Options) (*Plan, error) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), from) {
		t.Fatalf("%s does not contain %q", file, from)
	}
	stack, err := template.Parse([]byte(strings.Replace(string(text), from, to, 1)), template.Options{
		StackName: "test", Account: "000000000000", Region: "us-east-1", EdgeDomain: "localhost:8080", QueueEndpoint: "http://sqs",
	})
	if err != nil {
		return nil, err
	}
	o.Region, o.Account, o.QueueEndpoint, o.Binaries, o.Seed = "us-east-1", "000000000000", "http://sqs", "build", "seed"
	return New(stack, o)
}

const echoARN = "arn:aws:lambda:us-east-1:000000000000:function:echo"

// planCase is a template in which a text is replaced, and one expected part of its plan.
type planCase struct {
	name, file, old, new string
	get                  func(*Plan) any
	want                 any
}

func check(t *testing.T, cases []planCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, err := planned(t, c.file, c.old, c.new)
			if err != nil {
				t.Fatal(err)
			}
			unexported := cmp.Exporter(func(reflect.Type) bool { return true })
			if diff := cmp.Diff(c.want, c.get(p), unexported, cmpopts.IgnoreTypes(&pattern.Pattern{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFunctionsAndRoutes(t *testing.T) {
	check(t, []planCase{
		{"function", stackJSON, `"Timeout": 10,`, `"Timeout": 10, "MemorySize": 512,`, func(p *Plan) any {
			f, _ := p.Function("echo")
			f.Credentials = lambda.Credentials{}
			return f
		}, lambda.Function{
			Name: "echo", Runtime: "provided.al2023", Role: "arn:aws:iam::000000000000:role/test-EchoRole", Binary: "build/echo/bootstrap", Handler: "bootstrap",
			MemoryMB: 512, Timeout: 10 * time.Second, Env: map[string]string{"EVENTS": "EVENTS-FILE", "QUEUE": "http://sqs/000000000000/queue"},
		}},
		{"functions by name", stackJSON, "", "", func(p *Plan) any {
			var names []string
			for _, f := range p.Functions {
				names = append(names, f.Name)
			}
			return names
		}, []string{"echo", "watch"}},
		{"callers", stackJSON, "", "", func(p *Plan) any {
			var keys []string
			for i, c := range p.Callers {
				f, _ := p.Function(c.Name)
				keys = append(keys, f.Credentials.AccessKeyID)
				p.Callers[i].AccessKeyID = ""
			}
			return []any{p.Callers, len(keys), keys[0] != keys[1], p.Roles[0].Name}
		}, []any{[]guard.Function{{Name: "echo", Role: "test-EchoRole"}, {Name: "watch", Role: "test-EchoRole"}}, 2, true, "test-EchoRole"}},
		{"uses", stackJSON, "", "", func(p *Plan) any {
			var schedules []Use
			for _, u := range p.Uses {
				if u.Action == "lambda:InvokeFunction" {
					schedules = append(schedules, u)
				}
			}
			return schedules
		}, []Use{{"test-EchoRole", "lambda:InvokeFunction", echoARN}}},
		{"API", stackJSON, "", "", func(p *Plan) any { return p.APIs }, []httpapi.Config{{
			APIID: "api", AccountID: "000000000000", Region: "us-east-1", Domain: "api.execute-api.us-east-1.amazonaws.com", Stage: "$default",
			Routes: []httpapi.Route{{Key: "GET /{proxy+}", Function: "echo"}},
		}}},
		{"throttle", stackJSON, `"AutoDeploy": true`, `"RouteSettings": {"GET /{proxy+}": {"ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 9}}`,
			func(p *Plan) any { return p.APIs[0].Routes[0].Throttle }, httpapi.Throttle{Rate: 5, Burst: 9}},
		{"distribution", stackJSON, "", "", func(p *Plan) any {
			d := p.Distributions[0]
			return []any{d.ID, d.Origins, d.Behaviors[0].PathPattern, d.Behaviors[0].Origin, d.Default.Origin}
		}, []any{"DISTRIBUTION", map[string]cloudfront.Origin{
			"api":   {Domain: "api.execute-api.us-east-1.amazonaws.com", Headers: map[string]string{}},
			"files": {Domain: "files.s3.us-east-1.amazonaws.com", Headers: map[string]string{}},
		}, "/in/*", "files", "api"}},
		{"origins", stackJSON, "", "", func(p *Plan) any { return p.Origins },
			map[string]string{"files.s3.us-east-1.amazonaws.com": "files", "files.s3.amazonaws.com": "files"}},
	})
}

func TestEvents(t *testing.T) {
	check(t, []planCase{
		{"queue", stackJSON, `"BatchSize": 10}`, `"BatchSize": 20, "MaximumBatchingWindowInSeconds": 3, "ScalingConfig": {"MaximumConcurrency": 7}, "FunctionResponseTypes": ["ReportBatchItemFailures"]}`,
			func(p *Plan) any { return p.Queues }, []sources.Queue{{
				ARN: "arn:aws:sqs:us-east-1:000000000000:queue", URL: "http://sqs/000000000000/queue", Function: "echo", BatchSize: 20,
				Window: 3 * time.Second, Concurrency: 7, PartialFailures: true, Visibility: 30 * time.Second,
			}}},
		{"function by name", stackJSON, `{"Fn::GetAtt": ["Echo", "Arn"]}, "BatchSize"`, `"echo", "BatchSize"`, func(p *Plan) any { return p.Queues[0].Function }, "echo"},
		{"disabled queue", stackJSON, `"BatchSize": 10}`, `"BatchSize": 10, "Enabled": false}`, func(p *Plan) any { return p.Queues[0].Disabled }, true},
		{"stream", stackJSON, `"StartingPosition": "TRIM_HORIZON"`, `"StartingPosition": "LATEST", "MaximumRecordAgeInSeconds": 90, "BisectBatchOnFunctionError": true, "Enabled": false`,
			func(p *Plan) any {
				s := p.Streams[0]
				filtered := len(s.Filters)
				s.ARN, s.Filters = "", nil
				return []any{s, filtered}
			}, []any{sources.Stream{
				ID: "FromItems", Table: "items", Function: "echo", FunctionARN: echoARN, Latest: true, Parallel: 1, Bisect: true, Retries: -1,
				MaxAge: 90 * time.Second, Disabled: true,
			}, 1}},
		{"notification", stackJSON, "", "", func(p *Plan) any { return p.Notifications }, []sources.Notification{
			{Bucket: "files", ID: "Files-function-0", Event: "s3:ObjectCreated:*", Prefix: "in/", Function: "echo"},
		}},
		{"notification of a queue", stackJSON, `"LambdaConfigurations": [{"Event": "s3:ObjectCreated:*", "Function": {"Fn::GetAtt": ["Echo", "Arn"]},`,
			`"QueueConfigurations": [{"Event": "s3:ObjectRemoved:*", "Queue": {"Fn::GetAtt": ["Queue", "Arn"]},`, func(p *Plan) any { return p.Notifications },
			[]sources.Notification{{Bucket: "files", ID: "Files-queue-0", Event: "s3:ObjectRemoved:*", Prefix: "in/", QueueARN: "arn:aws:sqs:us-east-1:000000000000:queue"}}},
		{"schedule", stackJSON, `"FlexibleTimeWindow": {"Mode": "OFF"}`, `"State": "DISABLED", "StartDate": "2026-12-01T00:00:00Z"`, func(p *Plan) any { return p.Schedules }, []schedule.Schedule{{
			Name: "nightly", ARN: "arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly", Expression: "cron(0 2 * * ? *)", Target: "echo",
			Input: `{"scheduled":"<aws.scheduler.scheduled-time>"}`, Disabled: true, Start: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC),
		}}},
		{"logs", stackJSON, "", "", func(p *Plan) any {
			l := p.Logs[0]
			matches := l.Filter.Match("REPORT x") && !l.Filter.Match("REPORT timeout")
			l.Filter, l.Name = nil, ""
			return []any{l, matches}
		}, []any{logs.Subscription{Group: "/aws/lambda/echo", From: "echo", To: "watch", Pattern: "REPORT -timeout", Newline: true}, true}},
	})
}

func TestServices(t *testing.T) {
	check(t, []planCase{
		{"names", stackJSON, "", "", func(p *Plan) any { return []any{p.Tables, p.Buckets, p.Versioning} }, []any{[]string{"items"}, []string{"files"}, false}},
		{"versioning", stackJSON, `"BucketName": "files",`, `"BucketName": "files", "VersioningConfiguration": {"Status": "Enabled"},`, func(p *Plan) any { return p.Versioning }, true},
		{"topics", servicesJSON, "", "", func(p *Plan) any { return p.Topics },
			[]sns.Topic{{ARN: "arn:aws:sns:us-east-1:000000000000:alerts", Name: "alerts", DisplayName: "Alerts"}}},
		{"subscriptions", servicesJSON, "", "", func(p *Plan) any {
			var all []string
			for _, s := range p.Subscriptions {
				all = append(all, s.ARN[strings.LastIndex(s.ARN, ":"):]+" "+s.Protocol+" "+s.Endpoint)
			}
			return all
		}, []string{":0 email me@minim.example", ":ToEcho lambda " + echoARN, ":ToQueue sqs arn:aws:sqs:us-east-1:000000000000:inbox"}},
		{"parameters", servicesJSON, "", "", func(p *Plan) any { return p.Parameters }, []ssm.Declaration{{Name: "/test/greeting", Type: "String", Value: "hello"}}},
		{"identities", servicesJSON, "", "", func(p *Plan) any { return p.Identities }, []string{"minim.example"}},
		{"queues by ARN", servicesJSON, "", "", func(p *Plan) any { return p.QueueURLs }, map[string]string{
			"arn:aws:sqs:us-east-1:000000000000:queue": "http://sqs/000000000000/queue", "arn:aws:sqs:us-east-1:000000000000:inbox": "http://sqs/000000000000/inbox",
		}},
	})
}

func TestFunctionOptions(t *testing.T) {
	p, err := plannedWith(t, stackJSON, "", "", Options{
		LogLevel: "DEBUG", Debug: Debug{Function: "echo", Binary: "debug/echo", Command: []string{"dlv"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	echo, _ := p.Function("echo")
	watch, ok := p.Function("watch")
	if !ok || echo.LogLevel != "DEBUG" || echo.Binary != "debug/echo" || !cmp.Equal(echo.Debugger, []string{"dlv"}) || watch.Binary != "build/watch/bootstrap" || watch.Debugger != nil {
		t.Errorf("%+v\n%+v", echo, watch)
	}
	if _, ok := p.Function("nobody"); ok {
		t.Error("there is a function nobody")
	}
	again, err := planned(t, stackJSON, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if same, _ := again.Function("echo"); same.Credentials != echo.Credentials {
		t.Error("the same seed gives other credentials")
	}
}

func TestSecrets(t *testing.T) {
	stack, err := template.Parse([]byte(`{"Resources": {"Key": {"Type": "AWS::SecretsManager::Secret", "Properties": {
		"Name": "key", "GenerateSecretString": {"PasswordLength": 20, "ExcludePunctuation": true}}}}}`), template.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := Secrets(stack)
	if len(all) != 1 || all[0].Name != "key" || all[0].Generate == nil || all[0].Generate.Length != 20 || !all[0].Generate.ExcludePunctuation || all[0].Generate.IncludeSpace {
		t.Errorf("%+v", all)
	}
}
