// Package batch runs functions over the records of an event, so that one bad
// record does not block the others.
//
// For SQS the event source needs functionResponseType ReportBatchItemFailures:
// records that fail are reported by their message ids, stay in the queue and
// are redelivered, until the queue's redrive policy moves them to its dead-letter
// queue. All others are done.
package batch

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// margin is the time before the function's deadline reserved for the response:
// without a response the whole batch would be redelivered.
const margin = 500 * time.Millisecond

// SQS is a function for lambda.Start. It never returns an error.
type SQS func(context.Context, events.SQSEvent) (events.SQSEventResponse, error)

// Each handles one record after the other. An error or a panic fails its own
// record; after the deadline the remaining records fail without an attempt.
func Each(handle func(context.Context, events.SQSMessage) error, log *slog.Logger) SQS {
	return All(func(ctx context.Context, records []events.SQSMessage) []error {
		failures := make([]error, len(records))
		for i, record := range records {
			failures[i] = try(ctx, func() error { return handle(ctx, record) })
		}
		return failures
	}, log)
}

// All passes all records at once, for handlers that process many at a time. The
// handler returns an error for each record at the same index, nil for those that
// succeeded; with fewer errors than records the others have succeeded.
// It must return when its context ends. If it panics or returns more errors than
// there are records, all records fail.
func All(handle func(context.Context, []events.SQSMessage) []error, log *slog.Logger) SQS {
	return func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
		ctx, cancel := early(ctx)
		defer cancel()
		var failures []error
		err := try(ctx, func() error {
			failures = handle(ctx, event.Records)
			if len(failures) > len(event.Records) {
				return fmt.Errorf("%d errors for %d records", len(failures), len(event.Records))
			}
			return nil
		})
		if err != nil {
			failures = make([]error, len(event.Records))
			for i := range failures {
				failures[i] = err
			}
		}
		var response events.SQSEventResponse
		for i, err := range failures {
			if err == nil {
				continue
			}
			id := event.Records[i].MessageId
			log.WarnContext(ctx, "record failed", "messageId", id, "received", event.Records[i].Attributes["ApproximateReceiveCount"], "error", err)
			response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
		}
		return response, nil
	}
}

// early returns a context that ends a margin before the function's deadline.
func early(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, limited := ctx.Deadline()
	if !limited {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-margin))
}

// try runs work unless the deadline has passed, and turns a panic into an error.
func try(ctx context.Context, work func() error) (err error) {
	if ctx.Err() != nil {
		return fmt.Errorf("not tried: %w", context.Cause(ctx))
	}
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	return work()
}
