package sources

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"
)

func batch(ids ...string) (b part) {
	for _, id := range ids {
		b.messages = append(b.messages, types.Message{MessageId: &id})
		b.records = append(b.records, json.RawMessage(`{}`))
	}
	return b
}

// TestFailures checks that partial batch responses are interpreted as in AWS.
func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		failed       []string
		problem      string
	}{
		{"nothing", ``, nil, ""},
		{"null", `null`, nil, ""},
		{"empty object", `{}`, nil, ""},
		{"null list", `{"batchItemFailures":null}`, nil, ""},
		{"empty list", `{"batchItemFailures":[]}`, nil, ""},
		{"one", `{"batchItemFailures":[{"itemIdentifier":"b"}]}`, []string{"b"}, ""},
		{"all by name", `{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"a"}]}`, []string{"a", "b"}, ""},
		{"not JSON", `oops`, []string{"a", "b"}, "not valid"},
		{"not an object", `"fine"`, []string{"a", "b"}, "not valid"},
		{"not a list", `{"batchItemFailures":{"itemIdentifier":"b"}}`, []string{"a", "b"}, "not valid"},
		{"empty id", `{"batchItemFailures":[{"itemIdentifier":""}]}`, []string{"a", "b"}, "without itemIdentifier"},
		{"null id", `{"batchItemFailures":[{"itemIdentifier":null}]}`, []string{"a", "b"}, "without itemIdentifier"},
		{"wrong key", `{"batchItemFailures":[{"itemIdentifer":"b"}]}`, []string{"a", "b"}, "without itemIdentifier"},
		{"null item", `{"batchItemFailures":[null]}`, []string{"a", "b"}, "without itemIdentifier"},
		{"unknown id", `{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"z"}]}`, []string{"a", "b"}, `names "z"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := failures([]byte(c.answer), everything(batch("a", "b")))
			if d := cmp.Diff(c.failed, slices.Sorted(maps.Keys(got))); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
			if (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
				t.Errorf("error: %v, want %q", err, c.problem)
			}
		})
	}
}

// TestInvoke distinguishes a function that fails from one that cannot run now.
func TestInvoke(t *testing.T) {
	for _, c := range []struct {
		name    string
		partial bool
		answers []any // a string is an answer, or a function error if it begins with "!"; an error means that it did not run
		failed  int
		calls   int
	}{
		{"good", false, []any{`{}`}, 0, 1},
		{"good, whatever it says", false, []any{`{"batchItemFailures":[{"itemIdentifier":"a"}]}`}, 0, 1},
		{"partial", true, []any{`{"batchItemFailures":[{"itemIdentifier":"a"}]}`}, 1, 1},
		{"function error", true, []any{`!{"errorMessage":"x"}`}, 2, 1},
		{"throttled, then good", true, []any{errors.New("429"), errors.New("429"), `{}`}, 0, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			calls := 0
			p := &poller{Queue: Queue{PartialFailures: c.partial}, o: QueueOptions{Invoke: func(context.Context, string, string, []byte) ([]byte, string, error) {
				calls++
				switch v := c.answers[calls-1].(type) {
				case error:
					return nil, "", v
				case string:
					if after, bad := strings.CutPrefix(v, "!"); bad {
						return []byte(after), "Unhandled", nil
					}
					return []byte(v), "", nil
				}
				return nil, "", nil
			}}}
			failed, _ := p.invoke(t.Context(), batch("a", "b"))
			if len(failed) != c.failed || calls != c.calls {
				t.Errorf("%d failed in %d calls, want %d in %d", len(failed), calls, c.failed, c.calls)
			}
		})
	}
}

// TestPack splits batches that are larger than the payload limit.
func TestPack(t *testing.T) {
	p := &poller{o: QueueOptions{Logger: silent()}}
	large := strings.Repeat("x", 2<<20)
	parts := p.pack([]types.Message{
		{MessageId: aws.String("1"), Body: &large}, {MessageId: aws.String("2"), Body: &large}, {MessageId: aws.String("3"), Body: &large},
	})
	if len(parts) != 2 || len(parts[0].messages) != 2 || len(parts[1].messages) != 1 {
		t.Errorf("%d parts", len(parts))
	}
}

// function is a fake function that records its events and fails for some of them.
type function struct {
	mu     sync.Mutex
	got    []string
	sizes  []int
	events []string
	fail   map[string]int // remaining failures by body
}

func (f *function) invoke(_ context.Context, _, _ string, payload []byte) ([]byte, string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var event struct {
		Records []struct{ MessageID, Body string }
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, "", err
	}
	f.sizes = append(f.sizes, len(event.Records))
	f.events = append(f.events, string(payload))
	failed := []map[string]string{}
	for _, r := range event.Records {
		f.got = append(f.got, r.Body)
		if f.fail[r.Body] > 0 {
			f.fail[r.Body]--
			failed = append(failed, map[string]string{"itemIdentifier": r.MessageID})
		}
	}
	answer, err := json.Marshal(map[string]any{"batchItemFailures": failed})
	return answer, "", err
}

func (f *function) times() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	times := map[string]int{}
	for _, body := range f.got {
		times[body]++
	}
	return times
}

// serve serves a mapping until the test ends, and sends n messages m0, m1, ….
func serve(t *testing.T, client *sqs.Client, name string, f *function, o QueueOptions, q Queue, n int) string {
	t.Helper()
	made, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: map[string]string{"VisibilityTimeout": "3"}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: made.QueueUrl, MessageBody: aws.String(fmt.Sprint("m", i)),
			MessageAttributes: map[string]types.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: aws.String("x")}}}); err != nil {
			t.Fatal(err)
		}
	}
	o.Client, o.Region, o.Invoke, o.Logger = client, "us-east-1", f.invoke, silent()
	q.URL, q.ARN, q.Function, q.Visibility = *made.QueueUrl, "arn:aws:sqs:us-east-1:000000000000:"+name, "f", 3*time.Second
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		q.Serve(ctx, o)
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case <-done:
		case <-time.After(2 * time.Minute):
			t.Error("the source does not end")
		}
	})
	return *made.QueueUrl
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not in time: " + what)
		}
	}
}

func TestQueue(t *testing.T) {
	_, client, _ := clients(t, "")
	t.Run("what no filter chooses is deleted", func(t *testing.T) {
		f := &function{}
		url := serve(t, client, "filtered", f, QueueOptions{}, Queue{BatchSize: 10, Filters: filters(t, `{"body":["m1"]}`, `{"body":[{"suffix":"2"}]}`)}, 15)
		eventually(t, "an empty queue", func() bool { return left(t, client, url) == "0 0" })
		if d := cmp.Diff(map[string]int{"m1": 1, "m2": 1, "m12": 1}, f.times()); d != "" {
			t.Error(d)
		}
	})
	t.Run("batches, and what failed comes back", func(t *testing.T) {
		f := &function{fail: map[string]int{"m3": 1}}
		url := serve(t, client, "partial", f, QueueOptions{}, Queue{BatchSize: 100, Window: time.Second, PartialFailures: true}, 25)
		eventually(t, "m3 twice", func() bool { return f.times()["m3"] == 2 })
		eventually(t, "an empty queue", func() bool { return left(t, client, url) == "0 0" })
		for body, times := range f.times() {
			if want := map[bool]int{true: 2, false: 1}[body == "m3"]; times != want {
				t.Errorf("%s came %d times, want %d", body, times, want)
			}
		}
		if f.sizes[0] != 25 {
			t.Errorf("sizes of batches: %v", f.sizes)
		}
		for _, want := range []string{`"eventSource":"aws:sqs"`, `"eventSourceARN":"arn:aws:sqs:us-east-1:000000000000:partial"`, `"ApproximateReceiveCount":"1"`,
			`"messageAttributes":{"kind":{"stringValue":"x","stringListValues":[],"binaryListValues":[],"dataType":"String"}}`} {
			if !strings.Contains(f.events[0], want) {
				t.Errorf("%s is not in %s", want, f.events[0])
			}
		}
	})
	t.Run("twice on purpose", func(t *testing.T) {
		f := &function{}
		url := serve(t, client, "twice", f, QueueOptions{Duplicate: 1}, Queue{PartialFailures: true}, 5)
		eventually(t, "all twice", func() bool { return len(f.times()) == 5 && f.times()["m4"] >= 2 })
		eventually(t, "an empty queue", func() bool { return left(t, client, url) == "0 0" })
		for body, times := range f.times() {
			if times != 2 {
				t.Errorf("%s came %d times", body, times)
			}
		}
	})
}

// left returns the numbers of visible and invisible messages.
func left(t *testing.T, client *sqs.Client, url string) string {
	t.Helper()
	out, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Attributes["ApproximateNumberOfMessages"] + " " + out.Attributes["ApproximateNumberOfMessagesNotVisible"]
}
