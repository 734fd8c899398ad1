package queue_test

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/queue"
)

func TestNobodyListens(t *testing.T) {
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: aws.String("http://127.0.0.1:1"), Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
	q := queue.New(queue.Client(cfg), "http://127.0.0.1:1/clicks")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond) // it would try again for seconds
	defer cancel()
	if err := q.Send(ctx, "a"); err == nil {
		t.Error("no error")
	}
}

// TestRoundTrip sends to a real queue and reads it again.
func TestRoundTrip(t *testing.T) {
	client := queue.Client(envtest.AWS(t, "SQS"))
	made, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(rand.Text())})
	if err != nil {
		t.Fatal(err)
	}
	q := queue.New(client, *made.QueueUrl)
	largest := strings.Repeat("x", 1<<20)
	for _, body := range []string{`{"city":"Zürich"}`, largest} {
		if err := q.Send(t.Context(), body); err != nil {
			t.Fatal(err)
		}
	}
	if err := q.Send(t.Context(), largest+"x"); err == nil {
		t.Error("more than 1 MiB was accepted")
	}
	var got []string
	for range 2 { // one answer has room for 1 MiB
		out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: made.QueueUrl, MaxNumberOfMessages: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, message := range out.Messages {
			got = append(got, *message.Body)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{largest, `{"city":"Zürich"}`}, got); diff != "" {
		t.Errorf("%.200s", diff)
	}
}
