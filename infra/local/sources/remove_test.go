package sources

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// deletions is a fake SQS that deletes by receipt. It fails a given number of times, and rejects the
// same batches as AWS.
type deletions struct {
	fail    map[string]int
	fault   bool // the failures have SenderFault
	calls   int
	deleted []string
}

func (d *deletions) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Entries []struct{ ID, ReceiptHandle string }
	}
	_ = json.NewDecoder(r.Body).Decode(&request)
	d.calls++
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	answer := map[string][]map[string]any{}
	seen := map[string]bool{}
	for _, e := range request.Entries {
		if seen[e.ID] {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"__type":"com.amazonaws.sqs#BatchEntryIdsNotDistinct"}`))
			return
		}
		seen[e.ID] = true
		if d.fail[e.ReceiptHandle] > 0 {
			d.fail[e.ReceiptHandle]--
			answer["Failed"] = append(answer["Failed"], map[string]any{"Id": e.ID, "SenderFault": d.fault, "Code": "Broken", "Message": "try again"})
			continue
		}
		d.deleted = append(d.deleted, e.ReceiptHandle)
		answer["Successful"] = append(answer["Successful"], map[string]any{"Id": e.ID})
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// TestRemove deletes each receipt once, even if a message was received twice. It checks retries, and the log
// of messages that cannot be deleted.
func TestRemove(t *testing.T) {
	received := func(all ...string) (messages []types.Message) { // a letter for the message, and a number for the receipt
		for _, receipt := range all {
			messages = append(messages, types.Message{MessageId: aws.String(receipt[:1]), ReceiptHandle: &receipt})
		}
		return messages
	}
	for _, c := range []struct {
		name     string
		queue    deletions
		messages []types.Message
		deleted  []string
		calls    int
		warning  string
	}{
		{"good", deletions{}, received("a1", "b1"), []string{"a1", "b1"}, 1, ""},
		{"received twice", deletions{}, received("a1", "b1", "a2"), []string{"a1", "b1", "a2"}, 1, ""},
		{"fails twice", deletions{fail: map[string]int{"b1": 2}}, received("a1", "b1", "c1"), []string{"a1", "c1", "b1"}, 3, ""},
		{"fails for good", deletions{fail: map[string]int{"b1": 100}}, received("a1", "b1"), []string{"a1"}, removeTries, "messages=1 error=\"Broken: try again\""},
		{"refused", deletions{fail: map[string]int{"a1": 100}, fault: true}, received("a1", "b1"), []string{"b1"}, 1, "messages=1 error=\"Broken: try again\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(&c.queue)
			defer server.Close()
			var log strings.Builder
			p := &poller{o: QueueOptions{
				Logger: slog.New(slog.NewTextHandler(&log, nil)),
				Client: sqs.New(sqs.Options{BaseEndpoint: &server.URL, Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")}),
			}}
			p.remove(t.Context(), c.messages)
			if !slices.Equal(c.queue.deleted, c.deleted) || c.queue.calls != c.calls {
				t.Errorf("deleted %v in %d calls, want %v in %d", c.queue.deleted, c.queue.calls, c.deleted, c.calls)
			}
			if got := log.String(); c.warning == "" && got != "" || !strings.Contains(got, c.warning) {
				t.Errorf("log %q, want %q", got, c.warning)
			}
		})
	}
	t.Run("many", func(t *testing.T) {
		var queue deletions
		server := httptest.NewServer(&queue)
		defer server.Close()
		p := &poller{o: QueueOptions{Logger: silent(), Client: sqs.New(sqs.Options{
			BaseEndpoint: &server.URL, Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
		})}}
		var all []string
		for i := range 23 {
			all = append(all, fmt.Sprintf("a%d", i))
		}
		p.remove(t.Context(), received(all...))
		if !slices.Equal(queue.deleted, all) || queue.calls != 3 {
			t.Errorf("deleted %v in %d calls", queue.deleted, queue.calls)
		}
	})
}
