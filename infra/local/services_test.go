package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// serviceExample is example with testdata/services.json.
func serviceExample(t *testing.T) (s settings, events string, out *output) {
	t.Helper()
	s, events, out = example(t)
	text, err := os.ReadFile("testdata/services.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.template, bytes.ReplaceAll(text, []byte("EVENTS-FILE"), []byte(events)), 0o600); err != nil {
		t.Fatal(err)
	}
	return s, events, out
}

// TestTopics brings what is published to a queue, to a function and into the
// outbox, and keeps it and a parameter through a restart.
func TestTopics(t *testing.T) {
	s, events, out := serviceExample(t)
	stop := begin(t, s, out)
	config := aws.Config{Region: region, Credentials: credentials.NewStaticCredentialsProvider(accessKey, accessKey, "")}
	variables := endpoints(t, s.state)
	parameters := func() *ssm.Client {
		return ssm.NewFromConfig(config, func(o *ssm.Options) { o.BaseEndpoint = aws.String(variables["AWS_ENDPOINT_URL_SSM"]) })
	}
	topics := sns.NewFromConfig(config, func(o *sns.Options) { o.BaseEndpoint = aws.String(variables["AWS_ENDPOINT_URL_SNS"]) })
	for message, level := range map[string]string{"nearly full": "1", "full": "3"} {
		if _, err := topics.Publish(t.Context(), &sns.PublishInput{
			TopicArn: aws.String("arn:aws:sns:us-east-1:000000000000:alerts"), Message: &message, Subject: aws.String("Disk"),
			MessageAttributes: map[string]snstypes.MessageAttributeValue{"level": {DataType: aws.String("Number"), StringValue: &level}},
		}); err != nil {
			t.Fatal(err)
		}
	}
	written(t, events, `"EventSource":"aws:sns"`)
	written(t, events, `"Message":"nearly full"`)
	written(t, events, `"Message":"full"`)
	mail, err := filepath.Glob(filepath.Join(s.state, "outbox", "*.eml"))
	if err != nil || len(mail) != 2 {
		t.Fatalf("the outbox has %q, %v", mail, err)
	}
	text, err := os.ReadFile(mail[0])
	if err != nil || !strings.Contains(string(text), "To: <me@minim.example>") || !strings.Contains(string(text), "Subject: Disk") {
		t.Errorf("%s, %v", text, err)
	}
	if _, err := parameters().PutParameter(t.Context(), &ssm.PutParameterInput{Name: aws.String("/test/greeting"), Value: aws.String("good day"), Overwrite: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}

	stop()
	out.text.Reset()
	begin(t, s, out)
	variables = endpoints(t, s.state)
	queue := sqs.NewFromConfig(config, func(o *sqs.Options) { o.BaseEndpoint = aws.String(variables["AWS_ENDPOINT_URL_SQS"]) })
	kept, err := queue.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: aws.String(variables["AWS_ENDPOINT_URL_SQS"] + "/000000000000/inbox"), MaxNumberOfMessages: 10, WaitTimeSeconds: 5, MessageAttributeNames: []string{"All"},
	})
	if err != nil || len(kept.Messages) != 1 || *kept.Messages[0].Body != "full" || *kept.Messages[0].MessageAttributes["level"].StringValue != "3" {
		t.Errorf("the queue has %+v, %v", kept, err)
	}
	found, err := parameters().GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/test/greeting")})
	if err != nil || *found.Parameter.Value != "good day" || found.Parameter.Version != 2 {
		t.Errorf("%+v, %v", found, err)
	}
}

// TestServiceMistakes says what is wrong before anything is started.
func TestServiceMistakes(t *testing.T) {
	base, _, out := serviceExample(t)
	text, err := os.ReadFile(base.template)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"no such queue", `{"Fn::GetAtt": ["Inbox", "Arn"]}`, `"arn:aws:sqs:us-east-1:000000000000:other"`, `alerts:ToQueue: Endpoint: "arn:aws:sqs:us-east-1:000000000000:other" is not a queue of the stack`},
		{"no such function", `"Protocol": "lambda", "Endpoint": {"Fn::GetAtt": ["Echo", "Arn"]}`, `"Protocol": "lambda", "Endpoint": "echo"`, `alerts:ToEcho: Endpoint: "echo" is not a function of the stack`},
		{"protocol", `"Protocol": "sqs"`, `"Protocol": "https"`, `alerts:ToQueue: the protocol "https" is not supported by the local cloud`},
		{"filter", `"numeric"`, `"roughly"`, `alerts:ToQueue: FilterPolicy: `},
		{"permission", `"sns.amazonaws.com"`, `"s3.amazonaws.com"`, "ToEcho: an AWS::Lambda::Permission must let sns.amazonaws.com invoke echo"},
		{"parameter", `ssm:/test/greeting`, `ssm:/test/other`, "Echo.Properties.Environment.Variables.GREETING: refers to the parameter /test/other"},
		{"empty parameter", `"Value": "hello"`, `"Value": ""`, "make the parameter /test/greeting: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := base
			s.state = t.TempDir()
			s.template = filepath.Join(t.TempDir(), "stack.json")
			if err := os.WriteFile(s.template, []byte(strings.Replace(string(text), c.old, c.new, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := up(t.Context(), s); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q\n%s", err, c.want, out)
			}
		})
	}
}
