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

type linksFunc func(code string) (link.Link, error)

func (f linksFunc) Get(_ context.Context, code string) (link.Link, error) { return f(code) }

type clicksFunc func(link string) (int64, error)

func (f clicksFunc) Total(_ context.Context, link string) (int64, error) { return f(link) }

// known holds two links: hello, and gone, which has expired.
func known(code string) (link.Link, error) {
	l := link.Link{ID: "l." + code, Code: code, URL: "https://example.com", Owner: "me", Redirect: 302, Version: 2, CreatedAt: now, UpdatedAt: now}
	switch code {
	case "hello":
		return l, nil
	case "gone":
		l.ExpiresAt = now
		return l, nil
	}
	return link.Link{}, fault.New(fault.NotFound, "There is no such link.")
}

func seven(link string) (int64, error) {
	if !strings.HasPrefix(link, "l.") {
		return 0, errors.New("clicks belong to the link's ID")
	}
	return 7, nil
}

func brokenLinks(string) (link.Link, error) { return link.Link{}, errors.New("secret cause") }

func brokenClicks(string) (int64, error) { return 0, errors.New("secret cause") }

func get(code, owner, scopes, ifNoneMatch string) events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{PathParameters: map[string]string{"code": code}, Headers: map[string]string{"if-none-match": ifNoneMatch}}
	event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		Lambda: map[string]any{"owner": owner, "scopes": scopes},
	}
	return event
}

func send(t *testing.T, links linksFunc, clicks clicksFunc, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	site, err := link.NewSite("https://mini.example")
	if err != nil {
		t.Fatal(err)
	}
	h := &handler{site: site, links: links, stats: clicks, now: func() time.Time { return now }}
	response, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func TestHandle(t *testing.T) {
	tag := send(t, known, seven, get("hello", "me", "links:read", "")).Headers["ETag"]
	tests := []struct {
		name     string
		links    linksFunc
		clicks   clicksFunc
		event    events.APIGatewayV2HTTPRequest
		status   int
		contains string
	}{
		{"own link", known, seven, get("hello", "me", "links:read", ""), 200, `"status":"active","clicks":7`},
		{"expired link", known, seven, get("gone", "me", "links:read", ""), 200, `"status":"expired"`},
		{"an admin sees all", known, seven, get("hello", "you", "admin", ""), 200, `"code":"hello"`},
		{"seen so", known, seven, get("hello", "me", "links:read", tag), 304, ""},
		{"seen so, weakly, among others", known, seven, get("hello", "me", "links:read", `"1-0", W/`+tag), 304, ""},
		{"any", known, seven, get("hello", "me", "links:read", "*"), 304, ""},
		{"seen otherwise", known, seven, get("hello", "me", "links:read", `"2-0"`), 200, `"code":"hello"`},
		{"seen with fewer clicks", known, func(string) (int64, error) { return 8, nil }, get("hello", "me", "links:read", tag), 200, `"clicks":8`},
		{"another's link", known, seven, get("hello", "you", "links:read", ""), 404, "You have no such link."},
		{"another's link, seen", known, seven, get("hello", "you", "links:read", tag), 404, "You have no such link."},
		{"unknown", known, seven, get("nothing", "me", "links:read", ""), 404, "You have no such link."},
		{"impossible code", brokenLinks, seven, get("a b", "me", "links:read", ""), 404, "You have no such link."},
		{"without scope", known, seven, get("hello", "me", "links:write", ""), 403, "links:read"},
		{"links down", brokenLinks, seven, get("hello", "me", "links:read", ""), 500, ""},
		{"clicks down", known, brokenClicks, get("hello", "me", "links:read", ""), 500, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := send(t, test.links, test.clicks, test.event)
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.contains) {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
			if strings.Contains(got.Body, "secret") {
				t.Errorf("the answer contains the cause: %s", got.Body)
			}
			if got.StatusCode == 304 && (got.Body != "" || got.Headers["ETag"] != tag) {
				t.Errorf("not modified, but %q with tag %s", got.Body, got.Headers["ETag"])
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
	got := send(t, known, seven, event)
	if got.StatusCode != 200 || !strings.Contains(got.Body, `"shortUrl":"https://mini.example/hello"`) || got.Headers["Cache-Control"] != "private, no-cache" {
		t.Errorf("got %+v", got)
	}
}
