package sqs

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// drain receives and deletes messages until all bodies have been received.
func (c *cloud) drain(queue string, want []string) {
	c.Helper()
	missing := map[string]bool{}
	for _, body := range want {
		missing[body] = true
	}
	for deadline := time.Now().Add(2 * time.Minute); len(missing) > 0; {
		if time.Now().After(deadline) {
			c.Fatalf("%d of %d acknowledged messages are lost", len(missing), len(want))
		}
		for _, m := range c.receive(queue) {
			delete(missing, *m.Body)
			c.delete(queue, m)
		}
	}
}

// TestKilledWhileSending kills the emulator repeatedly while clients send messages, singly and in
// batches. Each acknowledged message must be received.
func TestKilledWhileSending(t *testing.T) {
	c := start(t, filepath.Join(t.TempDir(), "messages"))
	q := c.queue("q", map[string]string{"VisibilityTimeout": "1"})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var mu sync.Mutex
	var acknowledged []string
	var senders sync.WaitGroup
	for s := range 4 {
		senders.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				a, b := fmt.Sprintf("%d-%d-a", s, n), fmt.Sprintf("%d-%d-b", s, n)
				sent := []string{a}
				var err error
				if n%2 == 0 {
					_, err = c.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &q, MessageBody: &a})
				} else {
					sent = append(sent, b)
					_, err = c.client.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: &q, Entries: []types.SendMessageBatchRequestEntry{
						{Id: aws.String("a"), MessageBody: &a}, {Id: aws.String("b"), MessageBody: &b},
					}})
				}
				if err == nil {
					mu.Lock()
					acknowledged = append(acknowledged, sent...)
					mu.Unlock()
				}
				time.Sleep(3 * time.Millisecond)
			}
		})
	}
	for round := range 4 {
		time.Sleep(time.Duration(100+50*round) * time.Millisecond)
		kill(c.process)
		c.proxy.Suspend()
		c.process = emulator(t, c.port)
		if err := c.proxy.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	senders.Wait()
	if len(acknowledged) == 0 {
		t.Error("no message was acknowledged")
	}
	c.drain(q, acknowledged)
}

// TestStoppedWhileSending checks that messages are acknowledged while the emulator is stopped, and are
// delivered with the acknowledged ID after it continues, or after it is killed and restarted.
func TestStoppedWhileSending(t *testing.T) {
	for _, killed := range []bool{false, true} {
		t.Run(fmt.Sprintf("killed %t", killed), func(t *testing.T) {
			c := start(t, filepath.Join(t.TempDir(), "messages"))
			q := c.queue("q", nil)
			if err := c.process.Signal(syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
			sent := map[string]string{} // IDs by body
			for _, body := range []string{"a", "b", "c"} {
				out, err := c.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &q, MessageBody: &body})
				if err != nil {
					t.Fatal(err)
				}
				sent[body] = *out.MessageId
			}
			if killed {
				kill(c.process)
				c.proxy.Suspend()
				c.process = emulator(t, c.port)
				if err := c.proxy.Resume(t.Context()); err != nil {
					t.Fatal(err)
				}
			} else if err := c.process.Signal(syscall.SIGCONT); err != nil {
				t.Fatal(err)
			}
			for deadline := time.Now().Add(time.Minute); len(sent) > 0; {
				if time.Now().After(deadline) {
					t.Fatalf("not received: %v", sent)
				}
				for _, m := range c.receive(q) {
					if *m.MessageId != sent[*m.Body] {
						t.Errorf("%s was sent as %q and received as %s", *m.Body, sent[*m.Body], *m.MessageId)
					}
					delete(sent, *m.Body)
					c.delete(q, m)
				}
			}
			if left := c.proxy.ledger.outstanding(); len(left) > 0 {
				t.Errorf("outstanding after all are deleted: %v", left)
			}
		})
	}
}

// TestAcknowledgment checks that acknowledgments equal those of the emulator, except for the ID. Messages that the
// emulator rejects or numbers are not acknowledged without it.
func TestAcknowledgment(t *testing.T) {
	c := start(t, filepath.Join(t.TempDir(), "messages"))
	q := c.queue("q", map[string]string{"MaximumMessageSize": "1024"})
	fifo := c.queue("q.fifo", map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true"})
	attributes := `"MessageAttributes":{"zä":{"DataType":"String","StringValue":"x€"},"n":{"DataType":"Number.int","StringValue":"1"},"b":{"DataType":"Binary","BinaryValue":"AAEC"}}`
	for _, tc := range []struct {
		name, action, queue, request string
		ours                         bool
	}{
		{"plain", "SendMessage", q, `{"MessageBody":"<ü>\n"}`, true},
		{"attributes", "SendMessage", q, `{"MessageBody":"x","DelaySeconds":1,` + attributes + `}`, true},
		{"batch", "SendMessageBatch", q, `{"Entries":[{"Id":"1","MessageBody":"x"},{"Id":"2","MessageBody":"y",` + attributes + `}]}`, true},
		{"no body", "SendMessage", q, `{}`, false},
		{"a character", "SendMessage", q, `{"MessageBody":"\u0001"}`, false},
		{"outside of the plane", "SendMessage", q, `{"MessageBody":"\uffff"}`, false},
		{"too large", "SendMessage", q, `{"MessageBody":"` + strings.Repeat("x", 1025) + `"}`, false},
		{"too late", "SendMessage", q, `{"MessageBody":"x","DelaySeconds":901}`, false},
		{"FIFO", "SendMessage", fifo, `{"MessageBody":"x","MessageGroupId":"g"}`, false},
		{"no queue", "SendMessage", "http://127.0.0.1/000000000000/none", `{"MessageBody":"x"}`, false},
		{"the same ids", "SendMessageBatch", q, `{"Entries":[{"Id":"1","MessageBody":"x"},{"Id":"1","MessageBody":"y"}]}`, false},
		{"empty batch", "SendMessageBatch", q, `{"Entries":[]}`, false},
		{"one is refused", "SendMessageBatch", q, `{"Entries":[{"Id":"1","MessageBody":"x"},{"Id":"2","MessageBody":"\u0001"}]}`, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var request message
			if err := json.Unmarshal([]byte(tc.request), &request); err != nil {
				t.Fatal(err)
			}
			request.set("QueueUrl", tc.queue)
			o := newOutgoing(tc.action, queueName(tc.queue), http.Header{}, request)
			own := o.acknowledgment(c.proxy.attributes(o.queue))
			if (own.err == nil) != tc.ours {
				t.Fatalf("acknowledged: %t", own.err == nil)
			}
			theirs := c.proxy.post(t.Context(), o)
			if !tc.ours {
				if accepted := tc.name == "FIFO" || tc.name == "too late"; !accepted && len(o.ids) > 0 && slices.ContainsFunc(c.proxy.ledger.outstanding(), func(e entry) bool { return e.ID == o.ids[len(o.ids)-1] }) {
					t.Error("what was refused is outstanding")
				}
				return
			}
			var a, b any
			if json.Unmarshal(own.body, &a) != nil || json.Unmarshal(theirs.body, &b) != nil || fmt.Sprint(a) != fmt.Sprint(b) {
				t.Errorf("ours: %s\ntheirs: %s", own.body, theirs.body)
			}
		})
	}
}

// TestDuplicate: a FIFO queue accepts the same message once, and returns the first ID again.
func TestDuplicate(t *testing.T) {
	c := start(t, filepath.Join(t.TempDir(), "messages"))
	q := c.queue("q.fifo", map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true"})
	send := func() string {
		out, err := c.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &q, MessageBody: aws.String("x"), MessageGroupId: aws.String("g")})
		if err != nil || aws.ToString(out.SequenceNumber) == "" {
			t.Fatal(out, err)
		}
		return *out.MessageId
	}
	first, second := send(), send()
	received := c.receive(q)
	if first != second || len(received) != 1 || *received[0].MessageId != first {
		t.Errorf("sent as %s and %s, received %v", first, second, received)
	}
	c.delete(q, received[0])
	if third, left := send(), c.proxy.ledger.outstanding(); third != first || len(left) > 0 {
		t.Errorf("sent again as %s, not %s; outstanding: %v", third, first, left)
	}
}
