package site

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

	"github.com/minim-dev/minim/infra/local/cloud"
)

// serviceExample is example with testdata/services.json.
func serviceExample(t *testing.T) (s Options, events string, out *output) {
	t.Helper()
	s, events, out = example(t)
	text, err := os.ReadFile("../plan/testdata/services.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.Template, bytes.ReplaceAll(text, []byte("EVENTS-FILE"), []byte(events)), 0o600); err != nil {
		t.Fatal(err)
	}
	return s, events, out
}

// TestTopics publishes messages: they reach a queue, a function and the outbox. Messages and
// a parameter survive a restart.
func TestTopics(t *testing.T) {
	s, events, out := serviceExample(t)
	stop := begin(t, s, out)
	config := aws.Config{Region: cloud.Region, Credentials: credentials.NewStaticCredentialsProvider(cloud.AccessKey, cloud.AccessKey, "")}
	variables := endpoints(t, s.State)
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
	mail, err := filepath.Glob(filepath.Join(s.State, "outbox", "*.eml"))
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
	variables = endpoints(t, s.State)
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
