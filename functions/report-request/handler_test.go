package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func now() time.Time { return time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC) }

type queue struct {
	started []string
	err     error
}

func (q *queue) Start(_ context.Context, event any) error {
	data, err := json.Marshal(event)
	q.started = append(q.started, string(data))
	return errors.Join(err, q.err)
}

// records keeps one record for each owner and key.
type records map[string]table.IdempotencyRecord

func newRecords() records { return records{} }

func (s records) Claim(_ context.Context, r table.IdempotencyRecord, _ time.Time) error {
	if _, used := s[r.Owner+" "+r.Key]; used {
		return table.ErrRepeated
	}
	s[r.Owner+" "+r.Key] = r
	return nil
}

func (s records) Repeated(_ context.Context, r table.IdempotencyRecord, _ time.Time) (table.IdempotencyRecord, error) {
	first, used := s[r.Owner+" "+r.Key]
	switch {
	case !used:
		return first, fault.New(fault.NotFound, "")
	case first.Request != r.Request:
		return first, fault.New(fault.Mismatch, "This Idempotency-Key was used for another request.")
	}
	return first, nil
}

// TestIdempotency: the same order with the same key may be sent again, another one not.
func TestIdempotency(t *testing.T) {
	golden, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	run, store := &queue{}, newRecords()
	for n, test := range []struct {
		key, body, owner string
		status, started  int
	}{
		{"k", `{"period":"daily","date":"2026-11-20"}`, "me", 202, 1},
		{"k", `{"period":"daily","date":"2026-11-20"}`, "me", 202, 2},
		{"k", `{"period":"daily","date":"2026-11-19"}`, "me", 422, 2},
		{"k", `{"period":"daily","date":"2026-11-19"}`, "ann", 202, 3},
		{"l", `{"period":"daily","date":"2026-11-19"}`, "me", 202, 4},
		{strings.Repeat("x", 256), `{"period":"daily","date":"2026-11-19"}`, "me", 400, 4},
	} {
		var event events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(golden, &event); err != nil {
			t.Fatal(err)
		}
		event.Body, event.Headers["idempotency-key"] = test.body, test.key
		event.RequestContext.Authorizer.Lambda["owner"] = test.owner
		got, err := web.Adapt(&handler{run, store, now}, slog.New(slog.DiscardHandler))(t.Context(), event)
		if err != nil || got.StatusCode != test.status || len(run.started) != test.started {
			t.Errorf("%d: %v, %d %s, %d started", n, err, got.StatusCode, got.Body, len(run.started))
		}
	}
}

func TestHandle(t *testing.T) {
	golden, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, body, scopes string
		err                error
		status             int
		want               string // a part of the answer
	}{
		{name: "yesterday", body: `{"period":"daily","date":"2026-11-20"}`, status: 202, want: `{"id":"daily-2026-11-20-2744ccd10c7533bd","period":"daily","date":"2026-11-20"}`},
		{name: "today", body: `{"period":"daily","date":"2026-11-21"}`, status: 202, want: `"date":"2026-11-21"`},
		{name: "tomorrow", body: `{"period":"daily","date":"2026-11-22"}`, status: 400, want: `"field":"date"`},
		{name: "no date", body: `{"period":"daily"}`, status: 400, want: `"field":"date"`},
		{name: "weekly", body: `{"period":"weekly","date":"2026-11-20"}`, status: 400, want: `"field":"period"`},
		{name: "somebody else's", body: `{"period":"daily","date":"2026-11-20","owner":"ann"}`, status: 400, want: `"field":"owner"`},
		{name: "mistakes of different kinds", body: `{"period":"weekly","dat":"2026-11-20"}`, status: 400, want: `"detail":"dat: There is no such field. period: It must be \"daily\". date: `},
		{name: "no body", body: " ", status: 400, want: "empty"},
		{name: "no JSON", body: "daily", status: 400, want: "JSON"},
		{name: "a long body", body: `{"period":"` + strings.Repeat("x", web.MaxBody) + `"}`, status: 413},
		{name: "without the scope", body: `{"period":"daily","date":"2026-11-20"}`, scopes: "reports:read", status: 403, want: "reports:write"},
		{name: "Lambda is down", body: `{"period":"daily","date":"2026-11-20"}`, err: errors.New("dial tcp 10.0.0.7"), status: 500},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var event events.APIGatewayV2HTTPRequest
			if err := json.Unmarshal(golden, &event); err != nil {
				t.Fatal(err)
			}
			event.Body = test.body
			if test.scopes != "" {
				event.RequestContext.Authorizer.Lambda["scopes"] = test.scopes
			}
			run := &queue{err: test.err}
			h := &handler{run, newRecords(), now}
			got, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
			if err != nil {
				t.Fatal(err)
			}
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.want) || strings.Contains(got.Body, "10.0.0.7") {
				t.Fatalf("status %d, want %d with %s: %s", got.StatusCode, test.status, test.want, got.Body)
			}
			if (test.status == 202 || test.status == 500) != (len(run.started) == 1) {
				t.Errorf("started %v", run.started)
			}
		})
	}
}

// TestOwner: only an admin requests the report of the whole stage, or of another owner.
func TestOwner(t *testing.T) {
	golden, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		owner, scopes string
		status        int
		started       string
	}{
		{"*", "admin", 202, `{"period":"daily","date":"2026-11-20","owner":"*"}`},
		{"ann", "admin", 202, `{"period":"daily","date":"2026-11-20","owner":"ann"}`},
		{"me", "reports:write", 202, `{"period":"daily","date":"2026-11-20","owner":"me"}`},
		{"*", "reports:write", 403, ""},
		{"ann", "reports:write", 403, ""},
	} {
		var event events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(golden, &event); err != nil {
			t.Fatal(err)
		}
		event.QueryStringParameters = map[string]string{"owner": test.owner}
		event.RequestContext.Authorizer.Lambda["scopes"] = test.scopes
		run := &queue{}
		got, err := web.Adapt(&handler{run, newRecords(), now}, slog.New(slog.DiscardHandler))(t.Context(), event)
		if err != nil || got.StatusCode != test.status || strings.Join(run.started, "") != test.started {
			t.Errorf("%+v: %d %s, started %v, %v", test, got.StatusCode, got.Body, run.started, err)
		}
	}
}

func TestTheEventOfTheGateway(t *testing.T) {
	golden, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(golden, &event); err != nil {
		t.Fatal(err)
	}
	run := &queue{}
	got, err := (&handler{run, newRecords(), now}).Handle(t.Context(), web.Request{APIGatewayV2HTTPRequest: event})
	if err != nil {
		t.Fatal(err)
	}
	if got.Headers["Location"] != "/api/reports/daily-2026-11-20-2744ccd10c7533bd" {
		t.Errorf("Location %q", got.Headers["Location"])
	}
	if want := `{"period":"daily","date":"2026-11-20","owner":"me"}`; len(run.started) != 1 || run.started[0] != want {
		t.Errorf("started %v, want %s", run.started, want)
	}
}
