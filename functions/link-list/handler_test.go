package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

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
		found = append(found, table.Counted{Link: link.Link{ID: fmt.Sprint("l.", n), Code: fmt.Sprint("c", n), URL: "https://example.com", Title: "=1+1", Tags: []string{"a", "b"}, Owner: owner, CreatedAt: now}, Clicks: int64(n)})
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
		{"of another", store{}, "ann", "links:read", "owner=me", 403, "Only an admin can name another owner."},
		{"their own, by name", store{}, "me", "links:read", "owner=me", 200, `"code":"c4"`},
		{"unknown parameters", store{}, "me", "links:read", "form=2026-01-01&Tag=x", 400, `"errors":[{"field":"Tag","message":"There is no such parameter here; there are limit,`},
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

// TestCSV reads all links as one table, in pages.
func TestCSV(t *testing.T) {
	table, query := "", "limit=3"
	for range 2 {
		event := get("me", "links:read", query)
		event.Headers, event.RawPath = map[string]string{"accept": "text/csv"}, "/api/links"
		got := send(t, store{}, event)
		body, err := base64.StdEncoding.DecodeString(got.Body)
		if err != nil || got.StatusCode != 200 || got.Headers["Vary"] != "Accept" || got.Headers["Content-Disposition"] != `attachment; filename="links.csv"` {
			t.Fatalf("%v: %d %v", err, got.StatusCode, got.Headers)
		}
		table += string(body)
		next, _ := strings.CutPrefix(got.Headers["Link"], "</api/links?")
		query, _ = strings.CutSuffix(next, `>; rel="next"`)
	}
	want := "id,code,shortUrl,url,title,note,tags,status,createdAt,updatedAt,expiresAt,clicks\r\n"
	for n := range 5 {
		want += fmt.Sprintf("l.%d,c%d,https://mini.example/c%[1]d,https://example.com,'=1+1,,\"a,b\",active,2026-11-21T03:00:00.000Z,0001-01-01T00:00:00.000Z,,%[1]d\r\n", n, n)
	}
	if diff := cmp.Diff(want, table); diff != "" || query != "" {
		t.Errorf("next %q, (-want +got)\n%s", query, diff)
	}
	event := get("me", "links:read", "limit=1001")
	event.Headers = map[string]string{"accept": "text/csv"}
	if got := send(t, store{}, event); got.StatusCode != 400 || !strings.Contains(got.Body, "from 1 to 1000") {
		t.Errorf("1001 links: %d %s", got.StatusCode, got.Body)
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
