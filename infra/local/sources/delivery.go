package sources

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Delays between the attempts to deliver a batch of a stream, before TimeScale. AWS does
// not document its delays.
const (
	minRetryDelay = time.Second
	maxRetryDelay = time.Minute
)

// The reasons why changes are discarded, as AWS reports them.
const (
	retriesExhausted  = "RetryAttemptsExhausted"
	recordAgeExceeded = "RecordAgeExceeded"
)

// delivery delivers one batch of a shard. Later changes of the same items wait for it.
type delivery struct {
	*reader
	attempts int         // failed attempts
	last     *Invocation // the last invocation that ran
}

// finish delivers a batch until each change is processed or discarded. It returns false
// if the context is done before that.
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
		case !ran: // does not count as an attempt; only the age limit applies
			refused++
			pause(ctx, d.delay(refused))
		case d.Bisect && taken > 0: // split at the change that the function reports
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

// attempt runs the function, and returns how many changes at the beginning it has processed.
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

// judge interprets an answer: the changes before the first failed one are processed.
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
				err = fmt.Errorf("the function reports %d failed changes, the first of them %s", len(failed), c.sequence)
			}
			return i, err
		}
	}
	return len(batch), nil
}

// overdue returns how many changes at the beginning of a batch are too old.
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

// failedBatch is the record for a destination. It contains the position of the changes, not the changes.
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

// giveUp discards changes after it has reported them to the destination. It returns false
// if the context is done before that.
func (d *delivery) giveUp(ctx context.Context, batch []*change, condition string) bool {
	d.o.Logger.Warn("changes are discarded", "table", d.Table, "function", d.Function, "changes", len(batch), "first", batch[0].sequence, "condition", condition)
	record := d.failed(batch, condition, time.Now())
	for try := 1; d.OnFailure != ""; try++ {
		err := d.o.Send(ctx, d.OnFailure, record)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return false
		}
		d.o.Logger.Warn("cannot report discarded changes", "destination", d.OnFailure, "error", err)
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
	text, _ := json.Marshal(f) // cannot fail: only strings and numbers
	return text
}

// requestID returns a random ID, for changes that never reached the function.
func requestID() string {
	id := strings.ToLower(randomID(16))
	return id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
}
