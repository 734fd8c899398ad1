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

const id = "a019a1b2c3d4ek5zqv3m2n7ab"

// store has a report of the link hello and one of a link whose code another one has now.
type store struct {
	removed []string
	down    bool // the reports
	broken  bool // the links
}

func (s *store) List(_ context.Context, after string, limit int) ([]link.Abuse, string, error) {
	if s.down {
		return nil, "", errors.New("secret cause")
	}
	all := []link.Abuse{
		{ID: id, Link: "l.hello", Code: "hello", At: now, Reason: "phishing", Text: "It asks for\nmy card."},
		{ID: "a2", Link: "l.first", Code: "reused", At: now, Reason: "other"},
		{ID: "a3", Link: "l.gone", Code: "gone", At: now, Reason: "spam"},
	}
	if after != "" {
		return all[2:], "", nil
	}
	return all[:min(limit, 3)], "a2", nil
}

func (s *store) Remove(_ context.Context, id string) error {
	if s.down {
		return errors.New("secret cause")
	}
	s.removed = append(s.removed, id)
	return nil
}

func (s *store) Get(_ context.Context, code string) (link.Link, error) {
	switch {
	case s.broken:
		return link.Link{}, errors.New("secret cause")
	case code == "gone":
		return link.Link{}, fault.New(fault.NotFound, "There is no such link.")
	}
	return link.Link{ID: "l." + code, Code: code, Owner: "ann", URL: "https://example.com", TakenDown: "Phishing."}, nil
}

func send(t *testing.T, s *store, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	site, err := link.NewSite("https://mini.example")
	if err != nil {
		t.Fatal(err)
	}
	h := &handler{site: site, reports: s, links: s, cursors: web.NewCursors("key"), now: func() time.Time { return now }}
	response, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func request(method, id, scopes string, query map[string]string) events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{PathParameters: map[string]string{"id": id}, QueryStringParameters: query}
	event.RequestContext.HTTP.Method = method
	event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{Lambda: map[string]any{"owner": "boss", "scopes": scopes}}
	return event
}

func TestHandle(t *testing.T) {
	cursor := web.NewCursors("key").Seal("abuse", "a2")
	for _, test := range []struct {
		name     string
		store    store
		event    events.APIGatewayV2HTTPRequest
		status   int
		contains string
		removed  string
	}{
		{"list", store{}, request("GET", "", "admin", nil), 200, `"current":{"code":"hello","owner":"ann","url":"https://example.com","status":"takenDown"}`, ""},
		{"the code of another link", store{}, request("GET", "", "admin", nil), 200, `"link":"l.first","shortUrl":"https://mini.example/reused","current":null`, ""},
		{"next page", store{}, request("GET", "", "admin", map[string]string{"cursor": cursor}), 200, `{"items":[{"id":"a3","at":"2026-11-21T03:00:00.000Z","reason":"spam"`, ""},
		{"another list's cursor", store{}, request("GET", "", "admin", map[string]string{"cursor": web.NewCursors("key").Seal("links", "a2")}), 400, `"field":"cursor"`, ""},
		{"limit", store{}, request("GET", "", "admin", map[string]string{"limit": "0"}), 400, `"field":"limit"`, ""},
		{"by no admin", store{}, request("GET", "", "links:read links:write", nil), 403, "admin", ""},
		{"reports down", store{down: true}, request("GET", "", "admin", nil), 500, "", ""},
		{"links down", store{broken: true}, request("GET", "", "admin", nil), 500, "", ""},
		{"remove", store{}, request("DELETE", id, "admin", nil), 204, "", id},
		{"remove what is no report", store{}, request("DELETE", "hello", "admin", nil), 404, "no such report", ""},
		{"remove, by no admin", store{}, request("DELETE", id, "links:write", nil), 403, "admin", ""},
		{"cannot be removed", store{down: true}, request("DELETE", id, "admin", nil), 500, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := send(t, &test.store, test.event)
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.contains) || strings.Contains(got.Body, "secret") {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
			if removed := strings.Join(test.store.removed, " "); removed != test.removed {
				t.Errorf("removed %q", removed)
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
	event.QueryStringParameters = nil
	if got := send(t, &store{}, event); got.StatusCode != 200 || !strings.Contains(got.Body, `"text":"It asks for\nmy card."`) {
		t.Errorf("got %+v", got)
	}
}
