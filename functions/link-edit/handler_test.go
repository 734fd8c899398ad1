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

func (s *store) Edit(_ context.Context, before, after link.Link, by string, at time.Time) (link.Link, error) {
	return s.change("edit "+before.Code+" to", after, by)
}

type clicks struct{}

func (clicks) Total(_ context.Context, _ string) (int64, error) {
	return 7, nil
}

func send(t *testing.T, s *store, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	site, err := link.NewSite("https://mini.example")
	if err != nil {
		t.Fatal(err)
	}
	h := &handler{hosts: hostsFile{}, site: site, links: s, editor: s, stats: clicks{}, now: func() time.Time { return now }}
	response, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
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
		{"title", store{}, request("hello", "me", "links:write", "", `{"title":"x"}`), 200, `"title":"x"`, "edit hello to hello me"},
		{"with its clicks", store{}, request("hello", "me", "links:write", "", `{"title":"x"}`), 200, `"clicks":7`, "edit hello to hello me"},
		{"as it was seen", store{}, request("hello", "me", "links:write", `"2-abc"`, `{"code":"new"}`), 200, `"aliases":["hello"]`, "edit hello to new me"},
		{"nothing", store{}, request("hello", "me", "links:write", "", `{}`), 200, `"code":"hello"`, ""},
		{"by an admin", store{}, request("hello", "boss", "admin", "", `{"disabled":true}`), 200, `"status":"disabled"`, "edit hello to hello boss"},
		{"not as it was seen", store{}, request("hello", "me", "links:write", `"1-abc"`, `{"title":"x"}`), 412, `The current version is \"2\".`, ""},
		{"changed meanwhile", store{fails: []error{changed, changed}}, request("hello", "me", "links:write", "", `{"title":"x"}`), 200, "", "edit hello to hello me"},
		{"changed again and again", store{fails: []error{changed, changed, changed}}, request("hello", "me", "links:write", "", `{"title":"x"}`), 409, "just been changed", ""},
		{"code taken", store{fails: []error{fault.New(fault.Conflict, "Taken.")}}, request("hello", "me", "links:write", "", `{"code":"new"}`), 409, "Taken.", ""},
		{"deleted", store{}, request("gone", "me", "links:write", "", `{"title":"x"}`), 409, "Restore it first", ""},
		{"another owner's", store{}, request("hello", "you", "links:write", "", `{"title":"x"}`), 404, "no such link", ""},
		{"unknown", store{}, request("nothing", "me", "links:write", "", `{"title":"x"}`), 404, "no such link", ""},
		{"without scope", store{}, request("hello", "me", "links:read", "", `{"title":"x"}`), 403, "links:write", ""},
		{"unknown field", store{}, request("hello", "me", "links:write", "", `{"owner":"you"}`), 400, `"field":"owner"`, ""},
		{"wrong type", store{}, request("hello", "me", "links:write", "", `{"title":1}`), 400, "Expected a string", ""},
		{"wrong type of a time", store{}, request("hello", "me", "links:write", "", `{"expiresAt":1}`), 400, `"field":"expiresAt"`, ""},
		{"blocked host", store{}, request("hello", "me", "links:write", "", `{"url":"https://evil.example"}`), 400, "Links to evil.example are not allowed here.", ""},
		{"takedown, by its owner", store{}, request("hello", "me", "links:write", "", `{"takenDown":"x"}`), 403, "Only an admin", ""},
		{"takedown", store{}, request("hello", "boss", "admin", "", `{"takenDown":"Phishing."}`), 200, `"takenDown":"Phishing.","status":"takenDown"`, "edit hello to hello boss"},
		{"two mistakes", store{}, request("hello", "me", "links:write", "", `{"redirect":1,"url":"x"}`), 400, `"field":"redirect"`, ""},
		{"two mistakes of different kinds", store{}, request("hello", "me", "links:write", "", `{"uri":"x","redirect":1}`), 400, `"errors":[{"field":"uri","message":"There is no such field."},{"field":"redirect",`, ""},
		{"no body", store{}, request("hello", "me", "links:write", "", ""), 400, "empty", ""},
		{"too large", store{}, request("hello", "me", "links:write", "", `{"title":"`+strings.Repeat("x", web.MaxBody)+`"}`), 413, "", ""},
		{"table down", store{down: true}, request("hello", "me", "links:write", "", `{"title":"x"}`), 500, "", ""},
		{"table fails", store{fails: []error{down}}, request("hello", "me", "links:write", "", `{"title":"x"}`), 500, "", ""},
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

// hostsFile blocks evil.example.
type hostsFile struct{}

func (hostsFile) Current(context.Context) link.Hosts {
	rules, _ := link.ParseHosts("block evil.example")
	return rules
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
	if got.StatusCode != 200 || strings.Join(s.done, ",") != "edit hello to hello me" {
		t.Errorf("got %+v; done %q", got, s.done)
	}
}
