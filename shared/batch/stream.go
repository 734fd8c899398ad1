package batch

import (
	"context"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"
)

// Stream is a function for lambda.Start. It never returns an error.
type Stream func(context.Context, events.DynamoDBEvent) (events.DynamoDBEventResponse, error)

// Changes handles the records of a DynamoDB stream one after the other, in order,
// which is the order of an item's changes. It stops at an error or a panic, so that
// no change overtakes an earlier one: it reports the record's sequence number, and
// the record is redelivered with all that follow it. After the deadline, the next
// record counts as failed. The event source needs
// functionResponseType ReportBatchItemFailures, or nothing is redelivered.
func Changes(handle func(context.Context, events.DynamoDBEventRecord) error, log *slog.Logger) Stream {
	return func(ctx context.Context, event events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
		ctx, cancel := early(ctx)
		defer cancel()
		for _, record := range event.Records {
			if err := try(ctx, func() error { return handle(ctx, record) }); err != nil {
				number := record.Change.SequenceNumber
				log.WarnContext(ctx, "record failed", "sequenceNumber", number, "error", err)
				return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{{ItemIdentifier: number}}}, nil
			}
		}
		return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}, nil
	}
}
