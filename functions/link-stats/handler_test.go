package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
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

var (
	now   = time.Date(2026, 11, 21, 3, 30, 0, 0, time.UTC)
	today = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
)

type linksFunc func(code string) (link.Link, error)

func (f linksFunc) Get(_ context.Context, code string) (link.Link, error) { return f(code) }

func known(code string) (link.Link, error) {
	if code != "hello" {
		return link.Link{}, fault.New(fault.NotFound, "There is no such link.")
	}
	return link.Link{ID: "l." + code, Code: code, Owner: "me"}, nil
}

func broken(string) (link.Link, error) { return link.Link{}, errors.New("secret cause") }

// counts are the counters of a link; err makes reading fail.
type counts struct {
	days []click.DayCount
	err  error
}

func (c counts) Days(_ context.Context, link string, from, to time.Time) (in []click.DayCount, err error) {
	if link != "l.hello" {
		return nil, errors.New("clicks belong to the link's ID")
	}
	for _, day := range c.days {
		if !day.Day.Before(from) && day.Day.Before(to) {
			in = append(in, day)
		}
	}
	return in, c.err
}

// two days: one click at 23:00 yesterday, three at 01:00 today.
var someClicks = counts{
	days: []click.DayCount{
		{Code: "hello", Day: today.AddDate(0, 0, -1), Clicks: 1, Hours: [24]int64{23: 1}, Names: click.Names{"country": {"DE": 1}, "city": {"=cmd()": 1}}},
		{Code: "hello", Day: today, Clicks: 3, Hours: [24]int64{1: 3}, Names: click.Names{"country": {"FR": 1, "DE": 1, "other": 1}, "city": {"unknown": 3}, "bot": {"Googlebot": 2, "other": 4}}},
	},
}

func get(code, query, owner, scopes string) events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{
		PathParameters: map[string]string{"code": code}, QueryStringParameters: map[string]string{}, Headers: map[string]string{},
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

func send(t *testing.T, links linksFunc, stats counts, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	h := &handler{links: links, stats: stats, now: func() time.Time { return now }}
	response, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func TestHandle(t *testing.T) {
	down := errors.New("secret cause")
	tests := []struct {
		name     string
		links    linksFunc
		stats    counts
		event    events.APIGatewayV2HTTPRequest
		status   int
		contains string
	}{
		{"the last 30 days", known, someClicks, get("hello", "", "me", "links:read"), 200,
			`{"total":4,"series":[{"at":"2026-10-23T00:00:00.000Z","clicks":0},`},
		{"names of two days", known, someClicks, get("hello", "", "me", "links:read"), 200,
			`"countries":[{"name":"DE","clicks":2},{"name":"FR","clicks":1},{"name":"other","clicks":1}]`},
		{"hours", known, someClicks, get("hello", "unit=hour&from=2026-11-20T23:30:00Z&to=2026-11-21T01:00:01Z", "me", "links:read"), 200,
			`{"total":4,"series":[{"at":"2026-11-20T23:00:00.000Z","clicks":1},{"at":"2026-11-21T00:00:00.000Z","clicks":0},{"at":"2026-11-21T01:00:00.000Z","clicks":3}],`},
		{"hours without clicks on days with some", known, someClicks, get("hello", "unit=hour&from=2026-11-21T02:00:00Z", "me", "links:read"), 200,
			`{"total":0,"series":[{"at":"2026-11-21T02:00:00.000Z","clicks":0},{"at":"2026-11-21T03:00:00.000Z","clicks":0}],"countries":[{`},
		{"no clicks", known, counts{}, get("hello", "to=2026-01-31", "me", "links:read"), 200, `"devices":[],"bots":[]}`},
		{"bots", known, someClicks, get("hello", "", "me", "links:read"), 200, `"bots":[{"name":"Googlebot","clicks":2},{"name":"other","clicks":4}]}`},
		{"an admin sees all", known, someClicks, get("hello", "", "you", "admin"), 200, `"total":4`},
		{"bad span", known, someClicks, get("hello", "from=tomorrow&unit=week", "me", "links:read"), 400,
			`"errors":[{"field":"unit","message":"It must be hour or day."},{"field":"from","message":"It must be a date`},
		{"without scope", known, someClicks, get("hello", "", "me", "links:write"), 403, "links:read"},
		{"another's link", known, someClicks, get("hello", "", "you", "links:read"), 404, "You have no such link."},
		{"unknown", known, someClicks, get("nothing", "", "me", "links:read"), 404, "You have no such link."},
		{"impossible code", broken, someClicks, get("a b", "", "me", "links:read"), 404, "You have no such link."},
		{"links down", broken, someClicks, get("hello", "", "me", "links:read"), 500, ""},
		{"counters down", known, counts{err: down}, get("hello", "unit=hour", "me", "links:read"), 500, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := send(t, test.links, test.stats, test.event)
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.contains) || strings.Contains(got.Body, "secret") {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
			if got.StatusCode == 200 && (got.Headers["Cache-Control"] != "private, no-cache" || got.Headers["Vary"] != "Accept") {
				t.Errorf("headers %v", got.Headers)
			}
		})
	}
}

func TestCSV(t *testing.T) {
	event := get("hello", "from=2026-11-20&to=2026-11-21", "me", "links:read")
	event.Headers["accept"] = "text/csv"
	got := send(t, known, someClicks, event)
	body, err := base64.StdEncoding.DecodeString(got.Body)
	if err != nil || !got.IsBase64Encoded {
		t.Fatalf("%v: %s", err, got.Body)
	}
	want := strings.Join([]string{"section,name,clicks", "total,,4",
		"series,2026-11-20T00:00:00.000Z,1", "series,2026-11-21T00:00:00.000Z,3",
		"country,DE,2", "country,FR,1", "country,other,1", "city,unknown,3", "city,'=cmd(),1", "bot,Googlebot,2", "bot,other,4", ""}, "\r\n")
	if diff := cmp.Diff(want, string(body)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got.Headers["Content-Type"] != "text/csv; charset=utf-8; header=present" || got.Headers["Content-Disposition"] != `attachment; filename="hello-clicks.csv"` {
		t.Errorf("headers %v", got.Headers)
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
	got := send(t, known, someClicks, event)
	if want := `{"total":4,"series":[{"at":"2026-11-20T00:00:00.000Z","clicks":1},{"at":"2026-11-21T00:00:00.000Z","clicks":3}],`; !strings.HasPrefix(got.Body, want) {
		t.Errorf("got %+v", got)
	}
}
