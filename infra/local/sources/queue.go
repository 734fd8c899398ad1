// Package sources invokes functions with events as AWS does: batches of messages from SQS
// queues, changes of DynamoDB tables, and notifications of S3 buckets.
package sources

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/minim-dev/minim/infra/local/pattern"
)

// Queue is an event source mapping from a queue to a function.
type Queue struct {
	ARN      string
	URL      string
	Function string
	// BatchSize is 1 to 10,000; 0 means 10. Window is how long to collect a batch.
	BatchSize int
	Window    time.Duration
	// Filters select messages by their bodies. Messages that match no filter are deleted.
	Filters []*pattern.Pattern
	// PartialFailures enables batchItemFailures in the function's answer.
	PartialFailures bool
	// Concurrency is the maximum number of concurrent batches; 0 means 5.
	Concurrency int
	// Visibility is the queue's visibility timeout, after which failed messages are received again.
	Visibility time.Duration
	// Disabled mappings must not be served; the caller checks this.
	Disabled bool
}

// QueueOptions are the dependencies of a Queue.
type QueueOptions struct {
	Client *sqs.Client
	Region string
	// Invoke runs a function synchronously; trace is the messages' trace header or "". It returns an error if the function did not run.
	Invoke func(ctx context.Context, trace, function string, payload []byte) (answer []byte, functionError string, err error)
	// Duplicate is the share of messages, 0 to 1, that are delivered twice.
	Duplicate float64
	// TimeScale divides the time until failed messages are received again.
	TimeScale float64
	Logger    *slog.Logger
}

const (
	longPoll       = 20 // seconds, the maximum of SQS
	perReceive     = 10 // messages, the maximum of SQS
	defaultBatch   = 10
	defaultBatches = 5
	maxPayload     = 6<<20 - 1024
	partingTime    = 2 * time.Second // for running batches at the end
	removeTries    = 4               // attempts to delete a message
)

// Serve polls the queue until the context is done and the running batches are finished or
// have timed out. A message is deleted once a function has processed it.
func (q Queue) Serve(ctx context.Context, o QueueOptions) {
	if q.BatchSize == 0 {
		q.BatchSize = defaultBatch
	}
	if q.Concurrency == 0 {
		q.Concurrency = defaultBatches
	}
	p := &poller{Queue: q, o: o}
	slots := make(chan struct{}, q.Concurrency)
	working, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var all sync.WaitGroup
	for ctx.Err() == nil {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			continue
		}
		batch := p.gather(ctx)
		all.Go(func() {
			defer func() { <-slots }()
			for _, part := range p.pack(batch) {
				p.deliver(working, part)
			}
		})
	}
	parting := time.AfterFunc(partingTime, end)
	defer parting.Stop()
	all.Wait()
}

type poller struct {
	Queue
	o QueueOptions
}

// gather collects messages until the batch is full, or until the window after the first
// message has passed.
func (p *poller) gather(ctx context.Context) (batch []types.Message) {
	var close time.Time
	for wait := int32(longPoll); ctx.Err() == nil; {
		found, err := p.receive(ctx, min(perReceive, p.BatchSize-len(batch)), wait)
		if err != nil {
			if ctx.Err() == nil {
				p.o.Logger.Warn("cannot receive from a queue", "queue", p.ARN, "error", err)
				pause(ctx, time.Second)
			}
			return batch
		}
		chosen, others := p.chosen(found)
		p.remove(ctx, others)
		batch = append(batch, chosen...)
		if len(batch) == 0 {
			continue
		}
		if close.IsZero() {
			close = time.Now().Add(p.Window)
		}
		left := time.Until(close)
		if len(batch) >= p.BatchSize || left <= 0 {
			return batch
		}
		wait = int32(left / time.Second)
		if wait == 0 && len(found) < perReceive { // the rest of one second
			pause(ctx, left)
		}
	}
	return batch
}

func (p *poller) receive(ctx context.Context, most int, wait int32) ([]types.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(wait)*time.Second+10*time.Second)
	defer cancel()
	out, err := p.o.Client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: &p.URL, MaxNumberOfMessages: int32(most), WaitTimeSeconds: wait,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		MessageAttributeNames:       []string{"All"},
	})
	if err != nil {
		return nil, err
	}
	return out.Messages, nil
}

// part is the payload of one invocation and its messages.
type part struct {
	messages []types.Message
	records  []json.RawMessage
}

// pack splits a batch that is larger than the payload limit of a function.
func (p *poller) pack(batch []types.Message) (parts []part) {
	size := maxPayload + 1
	for _, m := range batch {
		record, err := p.record(m)
		if err != nil {
			p.o.Logger.Error("cannot convert a message to an event", "queue", p.ARN, "message", aws.ToString(m.MessageId), "error", err)
			continue
		}
		if size+len(record)+1 > maxPayload {
			parts, size = append(parts, part{}), 0
		}
		size += len(record) + 1
		last := &parts[len(parts)-1]
		last.messages, last.records = append(last.messages, m), append(last.records, record)
	}
	return parts
}

// deliver runs the function and deletes the processed messages.
func (p *poller) deliver(ctx context.Context, b part) {
	failed, err := p.invoke(ctx, b)
	if err != nil {
		p.o.Logger.Warn("a batch failed", "queue", p.ARN, "function", p.Function, "messages", len(b.messages), "error", err)
	}
	if again := p.duplicates(b); len(again.messages) > 0 {
		if _, err := p.invoke(ctx, again); err != nil {
			p.o.Logger.Warn("a duplicated batch failed", "queue", p.ARN, "function", p.Function, "error", err)
		}
	}
	var done, back []types.Message
	for _, m := range b.messages {
		if failed[*m.MessageId] {
			back = append(back, m)
		} else {
			done = append(done, m)
		}
	}
	p.remove(ctx, done)
	if p.o.TimeScale > 1 {
		p.hasten(ctx, back)
	}
}

// duplicates selects messages at random for a second delivery.
func (p *poller) duplicates(b part) (again part) {
	for i := range b.messages {
		if rand.Float64() < p.o.Duplicate {
			again.messages = append(again.messages, b.messages[i])
			again.records = append(again.records, b.records[i])
		}
	}
	return again
}

// invoke returns the IDs of the messages that failed. If the function cannot run, for
// example because it is throttled, it tries again.
func (p *poller) invoke(ctx context.Context, b part) (failed map[string]bool, err error) {
	payload, err := plainJSON(map[string]any{"Records": b.records})
	if err != nil {
		return everything(b), err
	}
	const tries = 6
	for try := range tries {
		answer, functionError, err := p.o.Invoke(ctx, trace(b.messages), p.Function, payload)
		switch {
		case err == nil && functionError != "":
			return everything(b), fmt.Errorf("%s: %s", functionError, answer)
		case err == nil && p.PartialFailures:
			return failures(answer, everything(b))
		case err == nil:
			return nil, nil
		case try == tries-1 || ctx.Err() != nil:
			return everything(b), err
		}
		pause(ctx, 100*time.Millisecond<<try)
	}
	return everything(b), nil
}

// trace returns the trace header for a batch. In a recursive loop all messages of a batch belong to one chain of events.
func trace(messages []types.Message) string {
	for _, m := range messages {
		if header := m.Attributes["AWSTraceHeader"]; header != "" {
			return header
		}
	}
	return ""
}

func everything(b part) map[string]bool {
	all := map[string]bool{}
	for _, m := range b.messages {
		all[*m.MessageId] = true
	}
	return all
}

// failures parses a partial batch response, for a batch with the known IDs. As in AWS, an
// invalid response fails the whole batch.
func failures(answer []byte, known map[string]bool) (map[string]bool, error) {
	if text := strings.TrimSpace(string(answer)); text == "" || text == "null" {
		return nil, nil
	}
	var response struct {
		BatchItemFailures []map[string]any `json:"batchItemFailures"`
	}
	if err := json.Unmarshal(answer, &response); err != nil {
		return known, fmt.Errorf("the partial batch response is not valid: %w", err)
	}
	failed := map[string]bool{}
	for _, item := range response.BatchItemFailures {
		id, ok := item["itemIdentifier"].(string)
		if !ok || id == "" || len(item) != 1 {
			return known, errors.New("the partial batch response has an item without itemIdentifier")
		}
		if !known[id] {
			return known, fmt.Errorf("the partial batch response names %q, which is not in the batch", id)
		}
		failed[id] = true
	}
	return failed, nil
}

// remove deletes messages by their receipts. A message that was received twice has two
// entries, so the IDs of entries are numbers instead of message IDs. It retries entries that
// failed because of an error in SQS.
func (p *poller) remove(ctx context.Context, messages []types.Message) {
	for len(messages) > 0 {
		some := messages[:min(perReceive, len(messages))]
		messages = messages[len(some):]
		var entries []types.DeleteMessageBatchRequestEntry
		for i, m := range some {
			entries = append(entries, types.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: m.ReceiptHandle})
		}
		if left, err := p.removeBatch(ctx, entries); err != nil {
			p.o.Logger.Warn("cannot delete messages; they will be delivered again", "queue", p.ARN, "messages", left, "error", err)
		}
	}
}

// removeBatch deletes up to ten messages, and returns the number that it could not delete.
func (p *poller) removeBatch(ctx context.Context, entries []types.DeleteMessageBatchRequestEntry) (left int, failure error) {
	refused := 0
	for try := range removeTries {
		out, err := p.o.Client.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &p.URL, Entries: entries})
		if err != nil {
			return refused + len(entries), err
		}
		again := map[string]bool{}
		for _, f := range out.Failed {
			failure = fmt.Errorf("%s: %s", aws.ToString(f.Code), aws.ToString(f.Message))
			if f.SenderFault {
				refused++
			} else {
				again[aws.ToString(f.Id)] = true
			}
		}
		entries = slices.DeleteFunc(entries, func(e types.DeleteMessageBatchRequestEntry) bool { return !again[*e.Id] })
		if len(entries) == 0 && refused == 0 {
			return 0, nil
		}
		if len(entries) == 0 || try == removeTries-1 {
			break
		}
		pause(ctx, 100*time.Millisecond<<try)
	}
	return refused + len(entries), failure
}

// hasten shortens the time until messages are received again.
func (p *poller) hasten(ctx context.Context, messages []types.Message) {
	for _, m := range messages {
		_, err := p.o.Client.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
			QueueUrl: &p.URL, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: int32(p.Visibility.Seconds() / p.o.TimeScale),
		})
		if err != nil {
			p.o.Logger.Warn("cannot shorten the visibility timeout of a message", "queue", p.ARN, "error", err)
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
