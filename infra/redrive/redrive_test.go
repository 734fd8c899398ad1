package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/minim-dev/minim/shared/env/envtest"
)

// platform is a fake Lambda that records invocations.
func platform(t *testing.T, refuse bool) (*lambda.Client, func() []string) {
	t.Helper()
	var mu sync.Mutex
	var started []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		started = append(started, r.URL.Path+" "+r.Header.Get("X-Amz-Invocation-Type")+" "+string(body))
		w.WriteHeader(map[bool]int{true: http.StatusForbidden, false: http.StatusAccepted}[refuse])
	}))
	t.Cleanup(server.Close)
	client := lambda.New(lambda.Options{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")})
	return client, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Sorted(slices.Values(started))
	}
}

// queues creates a queue and its dead-letter queue on the emulator.
func queues(t *testing.T) (client *sqs.Client, prefix, queue, dead string) {
	t.Helper()
	cfg := envtest.AWS(t, "SQS")
	cfg.HTTPClient = nil // redrive waits longer for messages than the timeout of functions' clients
	client, prefix = sqs.NewFromConfig(cfg), "redrive-"+rand.Text()+"-"
	create := func(name string, attributes map[string]string) string {
		made, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(prefix + name), Attributes: attributes})
		if err != nil {
			t.Fatal(err)
		}
		return *made.QueueUrl
	}
	dead = create("clicks-dead", nil)
	create("other", nil)
	arn := "arn:aws:sqs:us-east-1:000000000000:" + prefix + "clicks-dead"
	return client, prefix, create("clicks", map[string]string{"RedrivePolicy": fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":5}`, arn)}), dead
}

func send(t *testing.T, client *sqs.Client, url, body string, attributes map[string]types.MessageAttributeValue) {
	t.Helper()
	if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &body, MessageAttributes: attributes}); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, client *sqs.Client, url string) string {
	t.Helper()
	got, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll}})
	if err != nil {
		t.Fatal(err)
	}
	return got.Attributes["ApproximateNumberOfMessages"] + "+" + got.Attributes["ApproximateNumberOfMessagesNotVisible"]
}

func TestCarriedBack(t *testing.T) {
	client, prefix, queue, dead := queues(t)
	for i := range 23 {
		send(t, client, dead, fmt.Sprint(i), nil)
	}
	var out bytes.Buffer
	r := redrive{queues: client, output: &out}
	if err := r.run(t.Context(), prefix, "clicks-dead"); err != nil {
		t.Fatal(err)
	}
	if in, from := count(t, client, queue), count(t, client, dead); in != "23+0" || from != "0+0" {
		t.Errorf("the queue holds %s, its dead letters %s", in, from)
	}
	if want := "23 messages are back in their queue\n"; out.String() != want {
		t.Errorf("printed %q", out.String())
	}
	if err := r.run(t.Context(), prefix, "nothing"); err == nil || !strings.Contains(err.Error(), "there is no queue") {
		t.Errorf("an unknown queue: %v", err)
	}
}

const record = `{"version":"1.0","requestContext":{"functionArn":"arn:aws:lambda:us-east-1:000000000000:function:minim-dev-report-run:$LATEST","condition":"RetriesExhausted"},"requestPayload":{"n": 1}}`

// failures sends one message of each kind: of an invocation, a schedule and a stream.
func failures(t *testing.T, client *sqs.Client, url string) {
	t.Helper()
	send(t, client, url, record, nil)
	send(t, client, url, `{"n":2}`, map[string]types.MessageAttributeValue{
		"TARGET_ARN": {DataType: aws.String("String"), StringValue: aws.String("arn:aws:lambda:us-east-1:000000000000:function:minim-dev-image-sweep")},
	})
	send(t, client, url, `{"requestContext":{"functionArn":"arn:aws:lambda:x"},"DDBStreamBatchInfo":{"shardId":"1"}}`, nil)
}

func TestStartedAgain(t *testing.T) {
	client, prefix, _, _ := queues(t)
	made, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(prefix + "failures")})
	if err != nil {
		t.Fatal(err)
	}
	failures(t, client, *made.QueueUrl)

	functions, _ := platform(t, true)
	if err := (&redrive{queues: client, functions: functions, output: io.Discard}).run(t.Context(), prefix, "failures"); err == nil {
		t.Error("a start that is refused is no error")
	}
	if _, err := client.PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: made.QueueUrl}); err != nil {
		t.Fatal(err)
	}
	failures(t, client, *made.QueueUrl)
	var out bytes.Buffer
	functions, started := platform(t, false)
	if err := (&redrive{queues: client, functions: functions, output: &out}).run(t.Context(), prefix, "failures"); err != nil {
		t.Fatal(err)
	}
	const path = "/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:minim-dev-"
	want := []string{path + `image-sweep/invocations Event {"n":2}`, path + `report-run/invocations Event {"n": 1}`}
	if got := started(); !slices.Equal(got, want) {
		t.Errorf("started\n%s", strings.Join(got, "\n"))
	}
	if !strings.Contains(out.String(), "left in the queue") || count(t, client, *made.QueueUrl) != "0+1" {
		t.Errorf("the message without an event should stay: %s\n%s", count(t, client, *made.QueueUrl), out.String())
	}
}

// TestMoved: SQS moves the messages, and the command waits for its own task, regardless of earlier and
// later tasks of the queue.
func TestMoved(t *testing.T) {
	const before = `{"Status":"COMPLETED","StartedTimestamp":1,"ApproximateNumberOfMessagesMoved":99}`
	mine := func(status string) string {
		return `{"Status":"` + status + `","StartedTimestamp":2,"ApproximateNumberOfMessagesMoved":7,"FailureReason":"no permission"}`
	}
	const running = `{"Status":"RUNNING","StartedTimestamp":2,"TaskHandle":"h"}`
	const later = `{"Status":"RUNNING","StartedTimestamp":3,"TaskHandle":"i"}`
	for _, test := range []struct {
		name       string
		lists      []string // SQS's answers to ListMessageMoveTasks, in order; the first one before the start
		says, fail string
	}{
		{"alone", []string{"", running, mine("COMPLETED")}, "7 messages are back in their queue\n", ""},
		{"after an earlier one", []string{before, before, running + "," + before, mine("COMPLETED") + "," + before}, "7 messages are back in their queue\n", ""},
		{"before a later one", []string{before, later + "," + mine("COMPLETED") + "," + before}, "7 messages are back in their queue\n", ""},
		{"after a later one ended", []string{"", `{"Status":"FAILED","StartedTimestamp":3},` + mine("COMPLETED")}, "7 messages are back in their queue\n", ""},
		{"failed", []string{before, mine("FAILED") + "," + before}, "", "the move is FAILED after 7 messages: no permission"},
	} {
		t.Run(test.name, func(t *testing.T) {
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/x-amz-json-1.0")
				answers := map[string]string{
					"GetQueueUrl":          `{"QueueUrl":"https://sqs.us-east-1.amazonaws.com/1/minim-dev-clicks-dead"}`,
					"ListQueues":           `{"QueueUrls":["https://sqs.us-east-1.amazonaws.com/1/minim-dev-clicks"]}`,
					"GetQueueAttributes":   `{"Attributes":{"QueueArn":"arn:dead","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:dead\"}"}}`,
					"StartMessageMoveTask": `{"TaskHandle":"h"}`,
				}
				action := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.")
				if action == "ListMessageMoveTasks" {
					answers[action] = `{"Results":[` + test.lists[min(asked, len(test.lists)-1)] + `]}`
					asked++
				}
				_, _ = io.WriteString(w, answers[action])
			}))
			defer server.Close()
			var out bytes.Buffer
			r := redrive{output: &out, queues: sqs.New(sqs.Options{
				Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
			})}
			err := r.run(t.Context(), "minim-dev-", "clicks-dead")
			if (err == nil) != (test.fail == "") || err != nil && !strings.Contains(err.Error(), test.fail) {
				t.Errorf("err = %v, want %q", err, test.fail)
			}
			if out.String() != test.says || asked != len(test.lists) {
				t.Errorf("printed %q, want %q; listed %d times, want %d", out.String(), test.says, asked, len(test.lists))
			}
		})
	}
}

func TestUnversioned(t *testing.T) {
	const function = "arn:aws:lambda:us-east-1:1:function:f"
	for given, want := range map[string]string{
		function: function, function + ":$LATEST": function, function + ":12": function, function + ":live": function + ":live",
	} {
		if got := unversioned(given); got != want {
			t.Errorf("%s: %s", given, got)
		}
	}
}
