package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/report"
	"github.com/minim-dev/minim/shared/web"
)

// fakeReports has three reports of each owner; a position is a number of reports.
type fakeReports struct{ err error }

func (s fakeReports) List(_ context.Context, owner, after string, limit int) ([]report.Summary, string, error) {
	if owner == "new" {
		return nil, "", s.err
	}
	var found []report.Summary
	for i := len(after); i < 3 && len(found) < limit; i++ {
		date := []string{"2026-11-20", "2026-11-19", "2026-11-18"}[i]
		found = append(found, report.Summary{
			ID: report.ID(report.Daily, date, owner), Owner: owner, Period: report.Daily, Date: date,
			CreatedAt: time.Date(2026, 11, 21-i, 2, 0, 1, 5e6, time.UTC), Complete: true,
			Totals: report.Totals{Clicks: 7, Before: 5, Links: 2},
		})
	}
	next := after + strings.Repeat("x", len(found))
	if len(next) == 3 {
		next = ""
	}
	return found, next, s.err
}

func TestHandle(t *testing.T) {
	golden, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	cursors := web.NewCursors("key")
	second := cursors.Seal("reports me", "xx")
	tests := []struct {
		name   string
		scopes string
		owner  string
		query  map[string]string
		err    error
		status int
		body   []string // parts of it
		items  int
	}{
		{name: "a page", status: 200, items: 2, body: []string{
			`"id":"daily-2026-11-20-2744ccd10c7533bd","owner":"me","period":"daily","date":"2026-11-20","complete":true`,
			`"totals":{"clicks":7,"before":5,"links":2}`, `"createdAt":"2026-11-21T02:00:01.005Z"`, `"next":"` + second + `"`,
		}},
		{name: "the last page", query: map[string]string{"cursor": second}, status: 200, items: 1, body: []string{`"date":"2026-11-18"`}},
		{name: "the usual limit", query: map[string]string{"limit": ""}, status: 200, items: 3},
		{name: "none yet", owner: "new", status: 200, body: []string{`"items":[]`}},
		{name: "one's own by name", query: map[string]string{"owner": "me"}, status: 200, items: 2},
		{name: "an admin, the whole stage", scopes: "admin", query: map[string]string{"owner": "*"}, status: 200, items: 2, body: []string{`"owner":"*"`}},
		{name: "somebody else's", query: map[string]string{"owner": "ann"}, status: 403},
		{name: "the stage's", query: map[string]string{"owner": "*"}, status: 403},
		{name: "without the scope", scopes: "links:read", status: 403, body: []string{"reports:read"}},
		{name: "limit 0", query: map[string]string{"limit": "0"}, status: 400, body: []string{`"field":"limit"`}},
		{name: "limit 101", query: map[string]string{"limit": "101"}, status: 400, body: []string{`"field":"limit"`}},
		{name: "limit ten", query: map[string]string{"limit": "ten"}, status: 400, body: []string{`"field":"limit"`}},
		{name: "a cursor made up", query: map[string]string{"cursor": "eHg"}, status: 400, body: []string{`"field":"cursor"`}},
		{name: "another owner's cursor", query: map[string]string{"cursor": cursors.Seal("reports ann", "xx")}, status: 400, body: []string{`"field":"cursor"`}},
		{name: "the table is down", err: errors.New("dial tcp 10.0.0.7"), status: 500},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var event events.APIGatewayV2HTTPRequest
			if err := json.Unmarshal(golden, &event); err != nil {
				t.Fatal(err)
			}
			maps.Copy(event.QueryStringParameters, test.query)
			if test.scopes != "" {
				event.RequestContext.Authorizer.Lambda["scopes"] = test.scopes
			}
			if test.owner != "" {
				event.RequestContext.Authorizer.Lambda["owner"] = test.owner
			}
			h := &handler{reports: fakeReports{test.err}, cursors: cursors}
			got, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
			if err != nil {
				t.Fatal(err)
			}
			if got.StatusCode != test.status {
				t.Fatalf("status %d, want %d: %s", got.StatusCode, test.status, got.Body)
			}
			for _, part := range test.body {
				if !strings.Contains(got.Body, part) {
					t.Errorf("no %s in %s", part, got.Body)
				}
			}
			var answer struct{ Items []json.RawMessage }
			if err := json.Unmarshal([]byte(got.Body), &answer); err != nil {
				t.Fatal(err)
			}
			if len(answer.Items) != test.items || strings.Contains(got.Body, "10.0.0.7") {
				t.Errorf("%d items, want %d: %s", len(answer.Items), test.items, got.Body)
			}
		})
	}
}
