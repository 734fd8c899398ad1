package batch_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/batch"
)

func TestChanges(t *testing.T) {
	tests := []struct {
		name, records, seen, failed string
	}{
		{"empty", "", "", ""},
		{"all good", "a b", "a b", ""},
		{"one poisonous", "a error b", "a error", "ERROR"},
		{"one panics", "a panic b", "a panic", "PANIC"},
		{"out of time", "a wait b", "a wait", "WAIT"},
		{"out of time between records", "a slow b", "a slow", "B"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var event events.DynamoDBEvent
			for _, id := range strings.Fields(test.records) {
				change := events.DynamoDBStreamRecord{SequenceNumber: strings.ToUpper(id)}
				event.Records = append(event.Records, events.DynamoDBEventRecord{EventID: id, Change: change})
			}
			var seen []string
			function := batch.Changes(func(ctx context.Context, record events.DynamoDBEventRecord) error {
				seen = append(seen, record.EventID)
				switch record.EventID {
				case "error":
					return errors.New("bad")
				case "panic":
					panic("worse")
				case "wait":
					<-ctx.Done()
					return ctx.Err()
				case "slow":
					<-ctx.Done()
				}
				return nil
			}, slog.New(slog.DiscardHandler))
			ctx, cancel := context.WithTimeout(t.Context(), 550*time.Millisecond)
			defer cancel()
			response, err := function(ctx, event)
			if err != nil {
				t.Fatal(err)
			}
			var failed []string
			for _, failure := range response.BatchItemFailures {
				failed = append(failed, failure.ItemIdentifier)
			}
			if got := strings.Join(failed, " "); got != test.failed || strings.Join(seen, " ") != test.seen {
				t.Errorf("failed %q, want %q; seen %q, want %q", got, test.failed, seen, test.seen)
			}
		})
	}
}
