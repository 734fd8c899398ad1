package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/batch"
	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/table"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// counter counts clicks by code, and fails for some codes.
type counter struct {
	mu     sync.Mutex
	counts map[string]int
}

func (c *counter) Count(ctx context.Context, group []click.Click) error {
	code := group[0].Link
	switch {
	case code == "broken":
		return errors.New("table is down")
	case code == "panic":
		panic("bug")
	case code == "slow":
		<-ctx.Done()
		return ctx.Err()
	case len(group) > table.ClickGroup:
		return errors.New("too many for one transaction")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[code] += len(group)
	return nil
}

// message is a record with the click "code/id", or with that body if it is none.
func message(messageID, body string) events.SQSMessage {
	if code, id, ok := strings.Cut(body, "/"); ok {
		encoded, _ := json.Marshal(click.Click{ID: id, Link: code, Code: "a-code", Owner: "me", At: now})
		body = string(encoded)
	}
	return events.SQSMessage{MessageId: messageID, Body: body}
}

func handle(t *testing.T, event events.SQSEvent) (counts map[string]int, failed string) {
	t.Helper()
	c := &counter{counts: map[string]int{}}
	ctx, cancel := context.WithTimeout(t.Context(), 550*time.Millisecond)
	defer cancel()
	response, err := batch.All((&handler{clicks: c}).Handle, slog.New(slog.DiscardHandler))(ctx, event)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, failure := range response.BatchItemFailures {
		ids = append(ids, failure.ItemIdentifier)
	}
	return c.counts, strings.Join(ids, " ")
}

func TestHandle(t *testing.T) {
	var many []string
	for n := range 100 {
		many = append(many, fmt.Sprintf("a/%d", n))
	}
	tests := []struct {
		name   string
		bodies []string // message ids are m0, m1, …
		counts map[string]int
		failed string
	}{
		{"empty", nil, map[string]int{}, ""},
		{"two links", []string{"a/1", "b/2", "a/3"}, map[string]int{"a": 2, "b": 1}, ""},
		{"a full batch for one link", many, map[string]int{"a": 100}, ""},
		{"the same click twice", []string{"a/1", "a/1"}, map[string]int{"a": 1}, ""},
		{"poison among clicks", []string{"a/1", "poison", "a/2", "{}"}, map[string]int{"a": 2}, "m1 m3"},
		{"one link fails", []string{"broken/1", "a/2", "broken/1", "broken/3"}, map[string]int{"a": 1}, "m0 m2 m3"},
		{"one link panics", []string{"panic/1", "a/2"}, map[string]int{"a": 1}, "m0"},
		{"out of time", []string{"a/1", "slow/2"}, map[string]int{"a": 1}, "m1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var event events.SQSEvent
			for n, body := range test.bodies {
				event.Records = append(event.Records, message(fmt.Sprint("m", n), body))
			}
			counts, failed := handle(t, event)
			if diff := cmp.Diff(test.counts, counts); diff != "" || failed != test.failed {
				t.Errorf("failed %q, want %q, (-want +got)\n%s", failed, test.failed, diff)
			}
		})
	}
}

func TestEvent(t *testing.T) {
	data, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.SQSEvent
	if err := json.Unmarshal(data, &event); err != nil {
		t.Fatal(err)
	}
	counts, failed := handle(t, event)
	if diff := cmp.Diff(map[string]int{"hello": 1}, counts); diff != "" || failed != "059f36b4-87a3-44ab-83d2-661975830a7e" {
		t.Errorf("failed %q, (-want +got)\n%s", failed, diff)
	}
}
