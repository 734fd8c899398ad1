package batch_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/batch"
)

// sqs is an event whose message ids are the bodies in capitals.
func sqs(bodies ...string) events.SQSEvent {
	var event events.SQSEvent
	for _, body := range bodies {
		event.Records = append(event.Records, events.SQSMessage{MessageId: strings.ToUpper(body), Body: body})
	}
	return event
}

func failed(t *testing.T, ctx context.Context, function batch.SQS, event events.SQSEvent) string {
	t.Helper()
	response, err := function(ctx, event)
	if err != nil {
		t.Fatalf("the function failed as a whole: %v", err)
	}
	var ids []string
	for _, failure := range response.BatchItemFailures {
		ids = append(ids, failure.ItemIdentifier)
	}
	return strings.Join(ids, " ")
}

func TestEach(t *testing.T) {
	tests := []struct {
		name   string
		bodies []string
		want   string
	}{
		{"empty", nil, ""},
		{"all good", []string{"a", "b"}, ""},
		{"one poisonous", []string{"a", "error", "b"}, "ERROR"},
		{"one panics", []string{"panic", "a"}, "PANIC"},
		{"all bad", []string{"error", "panic"}, "ERROR PANIC"},
		{"out of time", []string{"a", "wait", "late", "late"}, "WAIT LATE LATE"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var seen, logged strings.Builder
			function := batch.Each(func(ctx context.Context, record events.SQSMessage) error {
				seen.WriteString(record.Body + " ")
				switch record.Body {
				case "error":
					return errors.New("bad")
				case "panic":
					panic("worse")
				case "wait":
					<-ctx.Done()
					return ctx.Err()
				}
				return nil
			}, slog.New(slog.NewTextHandler(&logged, nil)))
			ctx, cancel := context.WithTimeout(t.Context(), 550*time.Millisecond)
			defer cancel()
			if got := failed(t, ctx, function, sqs(test.bodies...)); got != test.want {
				t.Errorf("failed: %q, want %q", got, test.want)
			}
			if deadline, _ := ctx.Deadline(); time.Until(deadline) < 100*time.Millisecond {
				t.Error("no time is left to respond")
			}
			if lines := strings.Count(logged.String(), "record failed"); lines != len(strings.Fields(test.want)) {
				t.Errorf("logged:\n%s", logged.String())
			}
			if strings.Contains(seen.String(), "late") {
				t.Errorf("tried without time: %s", seen.String())
			}
		})
	}
}

func TestAll(t *testing.T) {
	tests := []struct {
		name   string
		handle func([]events.SQSMessage) []error
		want   string
	}{
		{"all good", func([]events.SQSMessage) []error { return nil }, ""},
		{"second fails", func([]events.SQSMessage) []error { return []error{nil, errors.New("bad")} }, "B"},
		{"more errors than records", func([]events.SQSMessage) []error { return []error{nil, nil, nil, errors.New("bad")} }, "A B C"},
		{"panic", func(records []events.SQSMessage) []error { panic(records[7]) }, "A B C"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			function := batch.All(func(_ context.Context, records []events.SQSMessage) []error { return test.handle(records) }, slog.New(slog.DiscardHandler))
			if got := failed(t, t.Context(), function, sqs("a", "b", "c")); got != test.want {
				t.Errorf("failed: %q, want %q", got, test.want)
			}
		})
	}
}

func TestNoFailuresEncode(t *testing.T) {
	function := batch.Each(func(context.Context, events.SQSMessage) error { return nil }, slog.New(slog.DiscardHandler))
	response, err := function(t.Context(), sqs("a"))
	if err != nil {
		t.Fatal(err)
	}
	// Null and an empty list both mean that all is done.
	if encoded, err := json.Marshal(response); err != nil || string(encoded) != `{"batchItemFailures":null}` {
		t.Errorf("%s, %v", encoded, err)
	}
}
