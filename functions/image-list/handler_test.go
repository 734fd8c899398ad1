package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// store has images 0 to 4 of me; a position is the number of the last.
type store struct{ err error }

func (s store) List(_ context.Context, owner, after string, limit int) (found []image.Image, next string, err error) {
	if s.err != nil || owner != "me" {
		return nil, "", s.err
	}
	start := 0
	if after != "" {
		fmt.Sscan(after, &start)
		start++
	}
	for n := start; n < min(start+limit, 5); n++ {
		found = append(found, image.Image{ID: fmt.Sprint(n), Owner: owner, Status: image.Pending, Created: now})
		next = fmt.Sprint(n)
	}
	if start+limit >= 5 {
		next = ""
	}
	return found, next, nil
}

func send(t *testing.T, images store, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	h := &handler{images: images, cursors: web.NewCursors("key"), site: "https://mini.example", now: func() time.Time { return now }}
	response, err := web.Adapt(h, slog.New(slog.NewTextHandler(io.Discard, nil)))(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func get(owner, scopes string, query map[string]string) events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{QueryStringParameters: query}
	event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		Lambda: map[string]any{"owner": owner, "scopes": scopes},
	}
	return event
}

func TestHandle(t *testing.T) {
	mine := web.NewCursors("key").Seal("images of me", "1")
	tests := []struct {
		name   string
		owner  string
		scopes string
		query  map[string]string
		images store
		status int
		ids    string
		more   bool
	}{
		{name: "all", owner: "me", scopes: "images:read", status: 200, ids: "0 1 2 3 4"},
		{name: "first page", owner: "me", scopes: "images:read", query: map[string]string{"limit": "2"}, status: 200, ids: "0 1", more: true},
		{name: "next page", owner: "me", scopes: "images:read", query: map[string]string{"limit": "2", "cursor": mine}, status: 200, ids: "2 3", more: true},
		{name: "an admin's own", owner: "admin", scopes: "admin", status: 200},
		{name: "nobody's", owner: "you", scopes: "images:read", status: 200},
		{name: "another owner's cursor", owner: "you", scopes: "images:read", query: map[string]string{"cursor": mine}, status: 400},
		{name: "forged cursor", owner: "me", scopes: "images:read", query: map[string]string{"cursor": "forged"}, status: 400},
		{name: "limit 0", owner: "me", scopes: "images:read", query: map[string]string{"limit": "0"}, status: 400},
		{name: "limit 101", owner: "me", scopes: "images:read", query: map[string]string{"limit": "101"}, status: 400},
		{name: "limit many", owner: "me", scopes: "images:read", query: map[string]string{"limit": "many"}, status: 400},
		{name: "without scope", owner: "me", scopes: "images:write", status: 403},
		{name: "table down", owner: "me", scopes: "images:read", images: store{err: errors.New("secret cause")}, status: 500},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := send(t, test.images, get(test.owner, test.scopes, test.query))
			if got.StatusCode != test.status || strings.Contains(got.Body, "secret") {
				t.Fatalf("got %d %s", got.StatusCode, got.Body)
			}
			if test.status != 200 {
				return
			}
			var page page
			if err := json.Unmarshal([]byte(got.Body), &page); err != nil {
				t.Fatal(err)
			}
			if page.Items == nil {
				t.Errorf("items are null: %s", got.Body)
			}
			if diff := cmp.Diff(test.ids, ids(page)); diff != "" {
				t.Error(diff)
			}
			if (page.Next != "") != test.more {
				t.Errorf("next %q", page.Next)
			}
		})
	}
}

func ids(p page) string {
	var out []string
	for _, item := range p.Items {
		out = append(out, item.ID)
	}
	return strings.Join(out, " ")
}

func TestEventAndWhatFollows(t *testing.T) {
	data, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(data, &event); err != nil {
		t.Fatal(err)
	}
	var seen []string
	for range 3 {
		var page page
		if err := json.Unmarshal([]byte(send(t, store{}, event).Body), &page); err != nil {
			t.Fatal(err)
		}
		seen = append(seen, ids(page))
		event.QueryStringParameters["cursor"] = page.Next
	}
	if diff := cmp.Diff([]string{"0 1", "2 3", "4"}, seen); diff != "" {
		t.Error(diff)
	}
}

func TestPolling(t *testing.T) {
	event := get("me", "images:read", nil)
	tag := send(t, store{}, event).Headers["ETag"]
	event.Headers = map[string]string{"if-none-match": tag}
	if got := send(t, store{}, event); tag == "" || got.StatusCode != 304 || got.Body != "" {
		t.Errorf("seen before: %d %s", got.StatusCode, got.Body)
	}
	event.QueryStringParameters = map[string]string{"limit": "1"}
	if got := send(t, store{}, event); got.StatusCode != 200 {
		t.Errorf("another page: %d", got.StatusCode)
	}
}
