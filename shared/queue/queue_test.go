package queue_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/queue"
)

// requests is a queue that keeps what it is sent, a list of bodies a request.
// It refuses a body as often as refuse says.
type requests struct {
	got         [][]string
	refuse      map[string]int
	senderFault bool
}

type message struct{ ID, MessageBody string }

func (q *requests) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		MessageBody string
		Entries     []message
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if _, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), "."); action == "SendMessage" {
		q.got = append(q.got, []string{in.MessageBody})
		fmt.Fprintf(w, `{"MessageId":"1"}`)
		return
	}
	var bodies, failed []string
	for _, entry := range in.Entries {
		bodies = append(bodies, entry.MessageBody)
		if q.refuse[entry.MessageBody] > 0 {
			q.refuse[entry.MessageBody]--
			failed = append(failed, fmt.Sprintf(`{"Id":%q,"Code":"InternalError","Message":"busy","SenderFault":%v}`, entry.ID, q.senderFault))
		}
	}
	q.got = append(q.got, bodies)
	fmt.Fprintf(w, `{"Successful":[],"Failed":[%s]}`, strings.Join(failed, ","))
}

func send(t *testing.T, q *requests, bodies ...string) error {
	server := httptest.NewServer(q)
	t.Cleanup(server.Close)
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
	return queue.New(queue.Client(cfg), server.URL+"/000000000000/clicks").Send(t.Context(), bodies...)
}

func TestSend(t *testing.T) {
	var eleven []string
	for n := range 11 {
		eleven = append(eleven, fmt.Sprint("message ", n))
	}
	large := strings.Repeat("x", 100<<10)
	tests := []struct {
		name   string
		queue  requests
		bodies []string
		want   [][]string
	}{
		{"none", requests{}, nil, nil},
		{"one", requests{}, []string{"a"}, [][]string{{"a"}}},
		{"two in one request", requests{}, []string{"a", "b"}, [][]string{{"a", "b"}}},
		{"eleven", requests{}, eleven, [][]string{eleven[:10], eleven[10:]}},
		{"large ones", requests{}, []string{large, large, large}, [][]string{{large, large}, {large}}},
		{"one is refused twice", requests{refuse: map[string]int{"b": 2}}, []string{"a", "b"}, [][]string{{"a", "b"}, {"b"}, {"b"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := send(t, &test.queue, test.bodies...); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, test.queue.got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestSendFails(t *testing.T) {
	tests := []struct {
		name     string
		queue    requests
		requests int
	}{
		{"refused too often", requests{refuse: map[string]int{"b": 9}}, 3},
		{"refused for good", requests{refuse: map[string]int{"b": 1}, senderFault: true}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := send(t, &test.queue, "a", "b")
			if err == nil || !strings.Contains(err.Error(), "InternalError") || len(test.queue.got) != test.requests {
				t.Errorf("%v after %d requests", err, len(test.queue.got))
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: aws.String("http://127.0.0.1:1"), Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
	q := queue.New(queue.Client(cfg), "http://127.0.0.1:1/clicks")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond) // it would try again for seconds
	defer cancel()
	for n := range 2 {
		if err := q.Send(ctx, slices.Repeat([]string{"a"}, n+1)...); err == nil {
			t.Errorf("%d messages: no error", n+1)
		}
	}
}

// TestRoundTrip sends to a real queue and reads it again.
func TestRoundTrip(t *testing.T) {
	if os.Getenv("AWS_ENDPOINT_URL_SQS") == "" {
		t.Skip("needs an SQS: make test")
	}
	client := queue.Client(env.AWS("SQS"))
	made, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(rand.Text())})
	if err != nil {
		t.Fatal(err)
	}
	q := queue.New(client, *made.QueueUrl)
	for _, bodies := range [][]string{{`{"city":"Zürich"}`}, {"a", "b", "c"}} {
		if err := q.Send(t.Context(), bodies...); err != nil {
			t.Fatal(err)
		}
	}
	out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: made.QueueUrl, MaxNumberOfMessages: 10})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, message := range out.Messages {
		got = append(got, *message.Body)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"a", "b", "c", `{"city":"Zürich"}`}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
