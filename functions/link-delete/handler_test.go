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
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// store has the links hello, gone (deleted) and long-gone of me, each in version 2. A change
// fails with the errors in fails, in turn.
type store struct {
	done  []string
	fails []error
	down  bool
}

func (s *store) Get(_ context.Context, code string) (link.Link, error) {
	if s.down {
		return link.Link{}, errors.New("secret cause")
	}
	l := link.Link{ID: "l." + code, Code: code, URL: "https://example.com", Owner: "me", Redirect: 302, Version: 2, CreatedAt: now, UpdatedAt: now}
	switch code {
	case "hello":
	case "gone":
		l.DeletedAt = now.Add(-link.RestoreTime)
	case "long-gone":
		l.DeletedAt = now.Add(-link.RestoreTime - 1)
	case "image":
		l.DeletedAt, l.Image = now, "i"
	default:
		return link.Link{}, fault.New(fault.NotFound, "There is no such link.")
	}
	return l, nil
}

func (s *store) change(what string, l link.Link, by string) (link.Link, error) {
	if len(s.fails) > 0 {
		var err error
		if err, s.fails = s.fails[0], s.fails[1:]; err != nil {
			return link.Link{}, err
		}
	}
	s.done = append(s.done, strings.TrimSpace(what+" "+l.Code+" "+by))
	l.Version++
	return l, nil
}

func (s *store) Delete(_ context.Context, l link.Link, by string, _ time.Time) (link.Link, error) {
	if !l.DeletedAt.IsZero() {
		return l, nil
	}
	return s.change("delete", l, by)
}

func (s *store) Free(_ context.Context, l link.Link, by string, _ time.Time) error {
	_, err := s.change("free", l, by)
	return err
}

func send(t *testing.T, s *store, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	h := &handler{links: s, editor: s, now: func() time.Time { return now }}
	response, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func free(event events.APIGatewayV2HTTPRequest, value string) events.APIGatewayV2HTTPRequest {
	event.QueryStringParameters = map[string]string{"free": value}
	return event
}

func TestHandle(t *testing.T) {
	changed, down := link.ErrChanged, errors.New("secret cause")
	tests := []struct {
		name     string
		store    store
		event    events.APIGatewayV2HTTPRequest
		status   int
		contains string
		done     string
	}{
		{"delete", store{}, request("hello", "me", "links:write", "", ""), 204, "", "delete hello me"},
		{"as it was seen", store{}, request("hello", "me", "links:write", `"2"`, ""), 204, "", "delete hello me"},
		{"not as it was seen", store{}, request("hello", "me", "links:write", `"1"`, ""), 412, "", ""},
		{"deleted before", store{}, request("gone", "me", "links:write", "", ""), 204, "", ""},
		{"delete and free", store{}, free(request("hello", "me", "links:write", "", ""), "true"), 204, "", "free hello me"},
		{"free", store{}, free(request("long-gone", "me", "links:write", "", ""), "true"), 204, "", "free long-gone me"},
		{"free, by an admin", store{}, free(request("gone", "boss", "admin", "", ""), "true"), 204, "", "free gone boss"},
		{"do not free", store{}, free(request("hello", "me", "links:write", "", ""), "false"), 204, "", "delete hello me"},
		{"free what?", store{}, free(request("hello", "me", "links:write", "", ""), "yes"), 400, `"field":"free"`, ""},
		{"changed meanwhile", store{fails: []error{changed}}, request("hello", "me", "links:write", "", ""), 204, "", "delete hello me"},
		{"changed again and again", store{fails: []error{changed, changed, changed}}, request("hello", "me", "links:write", "", ""), 409, "just been changed", ""},
		{"another owner's", store{}, request("hello", "you", "links:write", "", ""), 404, "no such link", ""},
		{"another owner's code", store{}, free(request("gone", "you", "links:write", "", ""), "true"), 404, "no such link", ""},
		{"unknown", store{}, request("nothing", "me", "links:write", "", ""), 404, "no such link", ""},
		{"without scope", store{}, request("hello", "me", "links:read", "", ""), 403, "links:write", ""},
		{"table down", store{down: true}, request("hello", "me", "links:write", "", ""), 500, "", ""},
		{"table fails", store{fails: []error{down}}, request("hello", "me", "links:write", "", ""), 500, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := send(t, &test.store, test.event)
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.contains) || strings.Contains(got.Body, "secret") {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
			if done := strings.Join(test.store.done, ","); done != test.done {
				t.Errorf("done %q, want %q", done, test.done)
			}
			if got.StatusCode == 412 && got.Headers["ETag"] != `"2"` {
				t.Errorf("ETag %s", got.Headers["ETag"])
			}
		})
	}
}

func request(code, owner, scopes, ifMatch, body string) events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{PathParameters: map[string]string{"code": code}, Headers: map[string]string{}, Body: body}
	if ifMatch != "" {
		event.Headers["if-match"] = ifMatch
	}
	event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		Lambda: map[string]any{"owner": owner, "scopes": scopes},
	}
	return event
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
	s := &store{}
	got := send(t, s, event)
	if got.StatusCode != 204 || strings.Join(s.done, ",") != "delete hello me" {
		t.Errorf("got %+v; done %q", got, s.done)
	}
}
