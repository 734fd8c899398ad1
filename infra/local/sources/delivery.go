package sources

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Waiting times between the attempts to deliver a batch of a stream, before TimeScale.
// AWS does not tell its own.
const (
	minRetryDelay = time.Second
	maxRetryDelay = time.Minute
)

// Why changes are given up, in the words of AWS.
const (
	retriesExhausted  = "RetryAttemptsExhausted"
	recordAgeExceeded = "RecordAgeExceeded"
)

// delivery is the way of one batch of a shard, which nothing of the same items overtakes.
type delivery struct {
	*reader
	attempts int         // that have failed
	last     *Invocation // that has run
}

// finish delivers a batch until each of its changes is taken or given up. It tells
// false when the context ends before that.
func (d *delivery) finish(ctx, working context.Context, batch []*change) bool {
	for refused := 0; len(batch) > 0; {
		if ctx.Err() != nil {
			return false
		}
		if old := d.overdue(batch); old > 0 {
			if !d.giveUp(ctx, batch[:old], recordAgeExceeded) {
				return false
			}
			batch = batch[old:]
			continue
		}
		taken, ran, err := d.attempt(working, batch)
		if err != nil && working.Err() != nil {
			return false
		}
		d.done(batch[:taken]...)
		if batch = batch[taken:]; len(batch) == 0 {
			return true
		}
		d.o.Logger.Warn("a batch failed", "table", d.Table, "function", d.Function, "changes", len(batch), "error", err)
		switch {
		case !ran: // which counts for nothing but age
			refused++
			pause(ctx, d.delay(refused))
		case d.Bisect && taken > 0: // split where the function says
			d.attempts = 0
		case d.Bisect && len(batch) > 1:
			half, other := delivery{reader: d.reader, last: d.last}, delivery{reader: d.reader, last: d.last}
			return half.finish(ctx, working, batch[:len(batch)/2]) && other.finish(ctx, working, batch[len(batch)/2:])
		default:
			d.attempts++
			if d.Retries >= 0 && d.attempts > d.Retries {
				return d.giveUp(ctx, batch, retriesExhausted)
			}
			pause(ctx, d.delay(d.attempts))
		}
	}
	return true
}

// attempt runs the function, and reports how many changes at the beginning it has taken.
func (d *delivery) attempt(ctx context.Context, batch []*change) (taken int, ran bool, err error) {
	records := make([]json.RawMessage, len(batch))
	for i, c := range batch {
		records[i] = c.event
	}
	payload, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		return 0, false, err
	}
	result, err := d.o.Invoke(ctx, d.Function, payload)
	if err != nil {
		d.note(err.Error())
		return 0, false, err
	}
	d.last = &result
	taken, err = d.judge(result, batch)
	if d.duplicated() {
		if again, err := d.o.Invoke(ctx, d.Function, payload); err != nil || again.FunctionError != "" {
			d.o.Logger.Warn("a duplicated batch failed", "table", d.Table, "function", d.Function, "error", err, "answer", string(again.Answer))
		}
	}
	if err == nil {
		d.note("OK")
	} else {
		d.note(err.Error())
	}
	return taken, true, err
}

// judge reads an answer: the changes before the first one that failed are taken.
func (d *delivery) judge(result Invocation, batch []*change) (taken int, err error) {
	if result.FunctionError != "" {
		return 0, fmt.Errorf("%s: %s", result.FunctionError, result.Answer)
	}
	if !d.PartialFailures {
		return len(batch), nil
	}
	known := map[string]bool{}
	for _, c := range batch {
		known[c.sequence] = true
	}
	failed, err := failures(result.Answer, known)
	for i, c := range batch {
		if failed[c.sequence] {
			if err == nil {
				err = fmt.Errorf("the function reports %d changes, the first of them %s", len(failed), c.sequence)
			}
			return i, err
		}
	}
	return len(batch), nil
}

// overdue reports how many changes at the beginning of a batch are too old.
func (d *delivery) overdue(batch []*change) (old int) {
	if d.MaxAge == 0 {
		return 0
	}
	for old < len(batch) && time.Since(batch[old].arrived) > d.scaled(d.MaxAge) {
		old++
	}
	return old
}

func (d *delivery) delay(attempt int) time.Duration {
	return d.scaled(min(minRetryDelay<<min(attempt-1, 10), maxRetryDelay))
}

func (d *delivery) scaled(t time.Duration) time.Duration {
	return time.Duration(float64(t) / d.o.TimeScale)
}

// failedBatch is what a destination gets: not the changes, but where to find them.
type failedBatch struct {
	RequestContext  failedRequest   `json:"requestContext"`
	ResponseContext *failedResponse `json:"responseContext,omitempty"`
	Version         string          `json:"version"`
	Timestamp       string          `json:"timestamp"`
	Batch           batchInfo       `json:"DDBStreamBatchInfo"`
}

type failedRequest struct {
	RequestID   string `json:"requestId"`
	FunctionARN string `json:"functionArn"`
	Condition   string `json:"condition"`
	InvokeCount int    `json:"approximateInvokeCount"`
}

type failedResponse struct {
	StatusCode      int    `json:"statusCode"`
	ExecutedVersion string `json:"executedVersion"`
	FunctionError   string `json:"functionError,omitempty"`
}

type batchInfo struct {
	ShardID   string `json:"shardId"`
	First     string `json:"startSequenceNumber"`
	Last      string `json:"endSequenceNumber"`
	FirstAt   string `json:"approximateArrivalOfFirstRecord"`
	LastAt    string `json:"approximateArrivalOfLastRecord"`
	Size      int    `json:"batchSize"`
	StreamARN string `json:"streamArn"`
}

// giveUp passes changes over, once the destination knows of them. It returns false
// when the context ends before that.
func (d *delivery) giveUp(ctx context.Context, batch []*change, condition string) bool {
	d.o.Logger.Warn("changes are given up", "table", d.Table, "function", d.Function, "changes", len(batch), "first", batch[0].sequence, "condition", condition)
	record := d.failed(batch, condition, time.Now())
	for try := 1; d.OnFailure != ""; try++ {
		err := d.o.Send(ctx, d.OnFailure, record)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return false
		}
		d.o.Logger.Warn("cannot tell of changes that are given up", "destination", d.OnFailure, "error", err)
		if pause(ctx, d.delay(try)); ctx.Err() != nil {
			return false
		}
	}
	d.done(batch...)
	return true
}

func (d *delivery) failed(batch []*change, condition string, at time.Time) []byte {
	first, last := batch[0], batch[len(batch)-1]
	f := failedBatch{
		RequestContext: failedRequest{RequestID: requestID(), FunctionARN: d.FunctionARN, Condition: condition, InvokeCount: d.attempts},
		Version:        "1.0", Timestamp: stamp(at),
		Batch: batchInfo{
			ShardID: d.shard, First: first.sequence, Last: last.sequence, Size: len(batch), StreamARN: d.ARN,
			FirstAt: first.created.UTC().Format(time.RFC3339), LastAt: last.created.UTC().Format(time.RFC3339),
		},
	}
	if d.last != nil {
		f.RequestContext.RequestID = d.last.RequestID
		f.ResponseContext = &failedResponse{StatusCode: 200, ExecutedVersion: "$LATEST", FunctionError: d.last.FunctionError}
	}
	text, _ := json.Marshal(f) // texts and numbers always marshal
	return text
}

// requestID is for what never reached the function.
func requestID() string {
	id := strings.ToLower(randomID(16))
	return id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
}
