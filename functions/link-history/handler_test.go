package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// store has the link hello of me, with three changes; a position is the number of the last.
type store struct{ err error }

func (s store) Get(_ context.Context, code string) (link.Link, error) {
	if code != "hello" {
		return link.Link{}, fault.New(fault.NotFound, "There is no such link.")
	}
	return link.Link{ID: "l.hello", Code: code, Owner: "me"}, nil
}

func (s store) List(_ context.Context, id, after string, limit int) (found []link.Event, next string, err error) {
	if s.err != nil || id != "l.hello" {
		return nil, "", errors.New("secret cause")
	}
	start := len(after)
	for n := start; n < min(start+limit, 3); n++ {
		found = append(found, link.Event{At: now, Action: link.Edited, By: "me", Changes: []link.Change{{Field: "title", From: fmt.Sprint(n), To: fmt.Sprint(n + 1)}}})
		next += "x"
	}
	if next = after + next; len(next) == 3 {
		next = ""
	}
	return found, next, nil
}

func send(t *testing.T, s store, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	h := &handler{links: s, history: s, cursors: web.NewCursors("key")}
	response, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func get(code, owner, scopes string, query map[string]string) events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{PathParameters: map[string]string{"code": code}, QueryStringParameters: query}
	event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		Lambda: map[string]any{"owner": owner, "scopes": scopes},
	}
	return event
}

func TestHandle(t *testing.T) {
	cursor := web.NewCursors("key").Seal("history of l.hello", "xx")
	other := web.NewCursors("key").Seal("history of l.other", "xx")
	for _, test := range []struct {
		name     string
		store    store
		event    events.APIGatewayV2HTTPRequest
		status   int
		contains string
	}{
		{"all", store{}, get("hello", "me", "links:read", nil), 200, `{"items":[{"at":"2026-11-21T03:00:00.000Z","action":"edited","by":"me","changes":[{"field":"title","from":"0","to":"1"}]},`},
		{"first page", store{}, get("hello", "me", "links:read", map[string]string{"limit": "2"}), 200, `"next":"` + cursor + `"`},
		{"second page", store{}, get("hello", "me", "links:read", map[string]string{"limit": "2", "cursor": cursor}), 200, `"from":"2","to":"3"}]}]}`},
		{"an admin", store{}, get("hello", "boss", "admin", nil), 200, `"items"`},
		{"cursor of another link", store{}, get("hello", "me", "links:read", map[string]string{"cursor": other}), 400, `"field":"cursor"`},
		{"limit", store{}, get("hello", "me", "links:read", map[string]string{"limit": "0"}), 400, `"field":"limit"`},
		{"another owner's", store{}, get("hello", "you", "links:read", nil), 404, "no such link"},
		{"unknown", store{}, get("nothing", "me", "links:read", nil), 404, "no such link"},
		{"without scope", store{}, get("hello", "me", "links:write", nil), 403, "links:read"},
		{"table down", store{errors.New("x")}, get("hello", "me", "links:read", nil), 500, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := send(t, test.store, test.event)
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.contains) || strings.Contains(got.Body, "secret") {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
		})
	}
}

func TestEvent(t *testing.T) {
	data, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(data, &event); err != nil {
		t.Fatal(err)
	}
	if got := send(t, store{}, event); got.StatusCode != 200 || strings.Contains(got.Body, `"next"`) {
		t.Errorf("got %+v", got)
	}
}
