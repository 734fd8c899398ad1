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

	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// store has five links of me; a position is the number of the last.
type store struct{ err error }

func (s store) Page(_ context.Context, owner string, q link.Query, after string, limit int, _ time.Time) (found []table.Counted, next string, err error) {
	if s.err != nil || owner != "me" || q.Status == link.Deleted {
		return nil, "", s.err
	}
	start := len(after)
	for n := start; n < min(start+limit, 5); n++ {
		found = append(found, table.Counted{Link: link.Link{ID: fmt.Sprint("l.", n), Code: fmt.Sprint("c", n), URL: "https://example.com", Owner: owner, CreatedAt: now}, Clicks: int64(n)})
	}
	if end := start + len(found); end < 5 {
		next = strings.Repeat("x", end)
	}
	return found, next, nil
}

func send(t *testing.T, links store, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	site, err := link.NewSite("https://mini.example")
	if err != nil {
		t.Fatal(err)
	}
	h := &handler{site: site, links: links, cursors: web.NewCursors("key"), now: func() time.Time { return now }}
	response, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func get(owner, scopes, query string) events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{RawQueryString: query, QueryStringParameters: map[string]string{}}
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		event.QueryStringParameters[name] = value
	}
	event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		Lambda: map[string]any{"owner": owner, "scopes": scopes},
	}
	return event
}

// cursor returns the cursor of the next page of a query.
func cursor(t *testing.T, owner, query string) string {
	t.Helper()
	var page struct{ Next string }
	if err := json.Unmarshal([]byte(send(t, store{}, get(owner, "links:read", query)).Body), &page); err != nil || page.Next == "" {
		t.Fatal(page, err)
	}
	return page.Next
}

func TestHandle(t *testing.T) {
	mine, filtered := cursor(t, "me", "limit=2"), cursor(t, "me", "limit=2&q=a")
	for _, test := range []struct {
		name     string
		store    store
		owner    string
		scopes   string
		query    string
		status   int
		contains string
	}{
		{"all", store{}, "me", "links:read", "", 200, `"code":"c4"`},
		{"with clicks", store{}, "me", "links:read", "", 200, `"clicks":4`},
		{"next page", store{}, "me", "links:read", "limit=2&cursor=" + mine, 200, `{"items":[{"id":"l.2"`},
		{"next page of a search", store{}, "me", "links:read", "limit=3&q=a&cursor=" + filtered, 200, `{"items":[{"id":"l.2"`},
		{"nothing", store{}, "ann", "links:read", "", 200, `{"items":[]}`},
		{"filter", store{}, "me", "links:read", "status=deleted", 200, `{"items":[]}`},
		{"an admin's own", store{}, "boss", "admin", "", 200, `{"items":[]}`},
		{"an admin, of another", store{}, "boss", "admin", "owner=me", 200, `"code":"c4"`},
		{"of another", store{}, "ann", "links:read", "owner=me", 200, `{"items":[]}`},
		{"cursor of another filter", store{}, "me", "links:read", "cursor=" + filtered, 400, `"field":"cursor"`},
		{"cursor of another order", store{}, "me", "links:read", "sort=clicks&cursor=" + mine, 400, `"field":"cursor"`},
		{"cursor of another owner", store{}, "ann", "links:read", "cursor=" + mine, 400, `"field":"cursor"`},
		{"no cursor", store{}, "me", "links:read", "cursor=x", 400, `"field":"cursor"`},
		{"limit", store{}, "me", "links:read", "limit=101", 400, `"field":"limit"`},
		{"two mistakes", store{}, "me", "links:read", "status=x&sort=y", 400, `{"field":"sort","message":"It must be created, clicks or lastClick."},{"field":"status"`},
		{"without scope", store{}, "me", "links:write", "", 403, "links:read"},
		{"table down", store{errors.New("secret cause")}, "me", "links:read", "", 500, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := send(t, test.store, get(test.owner, test.scopes, test.query))
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.contains) || strings.Contains(got.Body, "secret") {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
		})
	}
	seen := get("me", "links:read", "")
	seen.Headers = map[string]string{"if-none-match": send(t, store{}, seen).Headers["ETag"]}
	if got := send(t, store{}, seen); got.StatusCode != 304 {
		t.Errorf("the same page again: %d", got.StatusCode)
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
	if got := send(t, store{}, event); got.StatusCode != 200 || !strings.Contains(got.Body, `"next":`) {
		t.Errorf("got %+v", got)
	}
}
