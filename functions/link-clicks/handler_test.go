package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// store has the link hello of me, with five clicks, one a day; a position is an ID.
type store struct{ err error }

func (s store) Get(_ context.Context, code string) (link.Link, error) {
	if code != "hello" {
		return link.Link{}, fault.New(fault.NotFound, "There is no such link.")
	}
	return link.Link{ID: "l.hello", Code: code, Owner: "me"}, nil
}

func (s store) Page(_ context.Context, id string, from, to time.Time, after string, limit int, at time.Time) (found []click.Click, next string, err error) {
	if s.err != nil || id != "l.hello" || !at.Equal(now) {
		return nil, "", errors.New("secret cause")
	}
	for n := range 5 {
		c := click.Click{ID: fmt.Sprint(9 - n), Link: id, Code: "hello", Owner: "me", At: now.AddDate(0, 0, -n), Country: "DE", City: "=cmd()", Scan: n == 1, Visitor: "v"}
		if c.At.Before(from) || !c.At.Before(to) || after != "" && c.ID >= after {
			continue
		}
		if len(found) == limit {
			return found, found[limit-1].ID, nil
		}
		found = append(found, c)
	}
	return found, "", nil
}

func send(t *testing.T, s store, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	h := &handler{links: s, clicks: s, cursors: web.NewCursors("key"), now: func() time.Time { return now }}
	response, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func get(code, owner, scopes, query string) events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{
		RawPath: "/api/links/" + code + "/clicks", RawQueryString: query, PathParameters: map[string]string{"code": code},
		QueryStringParameters: map[string]string{}, Headers: map[string]string{},
	}
	values, _ := url.ParseQuery(query)
	for name := range values {
		event.QueryStringParameters[name] = values.Get(name)
	}
	event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		Lambda: map[string]any{"owner": owner, "scopes": scopes},
	}
	return event
}

func TestHandle(t *testing.T) {
	cursors := web.NewCursors("key")
	mine, other, ofOther := cursors.Seal("clicks of l.hello  ", "8"), cursors.Seal("clicks of l.hello 2026-11-19 ", "8"), cursors.Seal("clicks of l.other  ", "8")
	for _, test := range []struct {
		name     string
		store    store
		event    events.APIGatewayV2HTTPRequest
		status   int
		contains string
	}{
		{"all", store{}, get("hello", "me", "links:read", ""), 200,
			`{"items":[{"id":"9","at":"2026-11-21T03:00:00.000Z","code":"hello","country":"DE","city":"=cmd()","referrer":"","browser":"","system":"","device":"",` +
				`"language":"","destination":"","scan":false,"bot":""},{"id":"8","at":"2026-11-20T03:00:00.000Z",`},
		{"first page", store{}, get("hello", "me", "links:read", "limit=2"), 200, `"next":"` + mine + `"`},
		{"second page", store{}, get("hello", "me", "links:read", "limit=2&cursor="+mine), 200, `{"items":[{"id":"7"`},
		{"the last of some days", store{}, get("hello", "me", "links:read", "from=2026-11-19&to=2026-11-20&limit=2"), 200, `{"items":[{"id":"8","at":"2026-11-20T03:00:00.000Z"`},
		{"none", store{}, get("hello", "me", "links:read", "from=2027-01-01"), 200, `{"items":[]}`},
		{"an admin", store{}, get("hello", "boss", "admin", ""), 200, `"items"`},
		{"cursor of other days", store{}, get("hello", "me", "links:read", "cursor="+other), 400, `"field":"cursor"`},
		{"cursor of another link", store{}, get("hello", "me", "links:read", "cursor="+ofOther), 400, `"field":"cursor"`},
		{"a changed cursor", store{}, get("hello", "me", "links:read", "cursor=x"+mine), 400, `"field":"cursor"`},
		{"limit", store{}, get("hello", "me", "links:read", "limit=101"), 400, `"field":"limit"`},
		{"no dates", store{}, get("hello", "me", "links:read", "from=x&to=y"), 400, `"errors":[{"field":"from","message":"It must be a date such as 2026-11-21 or a time such as 2026-11-21T03:00:00Z."},{"field":"to"`},
		{"from after to", store{}, get("hello", "me", "links:read", "from=2026-11-20&to=2026-11-19"), 400, `"errors":[{"field":"from","message":"It must be before to."}]`},
		{"the last year", store{}, get("hello", "me", "links:read", "to=9999-12-31"), 400, `"errors":[{"field":"to","message":"It must be in the years 1970 to 9998."}]`},
		{"until the last year", store{}, get("hello", "me", "links:read", "to=9998-12-31&limit=1"), 200, `"id":"9"`},
		{"another owner's", store{}, get("hello", "you", "links:read", ""), 404, "no such link"},
		{"unknown", store{}, get("nothing", "me", "links:read", ""), 404, "no such link"},
		{"without scope", store{}, get("hello", "me", "links:write", ""), 403, "links:read"},
		{"table down", store{errors.New("x")}, get("hello", "me", "links:read", ""), 500, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := send(t, test.store, test.event)
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.contains) || strings.Contains(got.Body, "secret") || strings.Contains(got.Body, `"v"`) {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
		})
	}
}

// TestCSV reads all clicks as one table, in pages.
func TestCSV(t *testing.T) {
	table, query := "", "limit=3&from=2026-11-18"
	for range 2 {
		event := get("hello", "me", "links:read", query)
		event.Headers["accept"] = "text/csv"
		got := send(t, store{}, event)
		body, err := base64.StdEncoding.DecodeString(got.Body)
		if err != nil || got.StatusCode != 200 || got.Headers["Vary"] != "Accept" || got.Headers["Content-Disposition"] != `attachment; filename="hello-clicks.csv"` {
			t.Fatalf("%v: %d %v", err, got.StatusCode, got.Headers)
		}
		table += string(body)
		next, _ := strings.CutPrefix(got.Headers["Link"], "</api/links/hello/clicks?")
		query, _ = strings.CutSuffix(next, `>; rel="next"`)
	}
	want := "id,at,code,country,city,referrer,browser,system,device,language,destination,scan,bot\r\n" +
		"9,2026-11-21T03:00:00.000Z,hello,DE,'=cmd(),,,,,,,false,\r\n8,2026-11-20T03:00:00.000Z,hello,DE,'=cmd(),,,,,,,true,\r\n" +
		"7,2026-11-19T03:00:00.000Z,hello,DE,'=cmd(),,,,,,,false,\r\n6,2026-11-18T03:00:00.000Z,hello,DE,'=cmd(),,,,,,,false,\r\n"
	if diff := cmp.Diff(want, table); diff != "" || query != "" {
		t.Errorf("next %q, (-want +got)\n%s", query, diff)
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
