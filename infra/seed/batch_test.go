package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/queue"
)

// requests is a fake queue that records the bodies of each request. It refuses a
// body as often as refuse specifies.
type requests struct {
	got         [][]string
	refuse      map[string]int
	senderFault bool
}

type message struct{ ID, MessageBody string }

func (q *requests) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct{ Entries []message }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
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
	return batches{queue.Client(cfg), server.URL + "/000000000000/clicks"}.Send(t.Context(), bodies...)
}

func TestSend(t *testing.T) {
	var eleven []string
	for n := range 11 {
		eleven = append(eleven, fmt.Sprint("message ", n))
	}
	large, largest := strings.Repeat("x", 400<<10), strings.Repeat("x", maxBytes)
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
		{"the largest", requests{}, []string{"a", largest, "b"}, [][]string{{"a"}, {largest}, {"b"}}},
		{"exactly the limit", requests{}, []string{largest[1:], "a", "b"}, [][]string{{largest[1:], "a"}, {"b"}}},
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
