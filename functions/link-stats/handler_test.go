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
	l := link.Link{ID: "l." + code, Code: code, URL: "https://a.example/", Owner: "me"}
	l.Rules = []link.Rule{{Split: []link.Share{{URL: long, Weight: 1}}}}
	return l, nil
}

func broken(string) (link.Link, error) { return link.Link{}, errors.New("secret cause") }

// counts are the counters of a link; err makes reading fail.
type counts struct {
	days     []click.DayCount
	quarters []click.QuarterCount
	err      error
}

func (c counts) Period(_ context.Context, link string, from, to time.Time, fine bool) (*click.Period, error) {
	if link != "l.hello" {
		return nil, errors.New("clicks belong to the link's ID")
	}
	p := click.NewPeriod(from, to, fine)
	for _, day := range c.days {
		p.AddDay(day)
	}
	for _, part := range p.Parts() {
		for _, quarter := range c.quarters {
			if !quarter.At.Before(part.From) && quarter.At.Before(part.To) {
				p.AddQuarter(quarter)
			}
		}
	}
	p.Complete()
	return p, c.err
}

// two days: one click at 23:15 yesterday, three at 01:00 today, one of them a scan; a third of the
// last year was counted by an older version.
var someClicks = count([]click.Click{
	{Link: "l.hello", At: today.Add(-45 * time.Minute), Country: "DE", City: "=cmd()", Visitor: "1111111111111111", Destination: "https://a.example/"},
}, []click.Click{
	{Link: "l.hello", At: today.Add(time.Hour), Country: "FR", Visitor: "2222222222222222", Scan: true, Language: "fr"},
	{Link: "l.hello", At: today.Add(time.Hour), Country: "DE", Visitor: "2222222222222222", Destination: click.DestinationName(long)},
	{Link: "l.hello", At: today.Add(time.Hour + 7*time.Minute), Country: click.Other},
	{Link: "l.hello", At: today.Add(time.Hour), Bot: "Googlebot"}, {Link: "l.hello", At: today.Add(time.Hour), Bot: "Googlebot"},
	{Link: "l.hello", At: today.Add(time.Hour), Bot: click.Other},
})

// long is the destination of a rule that has a longer name than is counted.
var long = "https://long.example/" + strings.Repeat("x", 200)

func count(groups ...[]click.Click) (c counts) {
	for _, group := range groups {
		day, quarter := click.Sum(group)
		c.days, c.quarters = append(c.days, day), append(c.quarters, quarter)
	}
	c.days = append(c.days, click.DayCount{Link: "l.hello", Day: today.AddDate(-1, 0, 0), Clicks: 5, Hours: [24]int64{9: 5}, Names: click.Names{"country": {"DE": 5}}})
	return c
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
			`{"unit":"day","tz":"UTC","from":"2026-10-23T00:00:00.000Z","to":"2026-11-22T00:00:00.000Z","total":4,"visitors":2,"scans":1,"botClicks":3,` +
				`"series":[{"at":"2026-10-23T00:00:00.000Z","clicks":0},`},
		{"names of two days", known, someClicks, get("hello", "", "me", "links:read"), 200,
			`"countries":[{"name":"DE","clicks":2},{"name":"FR","clicks":1},{"name":"other","clicks":1}]`},
		{"the most of them", known, someClicks, get("hello", "top=1", "me", "links:read"), 200,
			`"countries":[{"name":"DE","clicks":2},{"name":"other","clicks":2}]`},
		{"hours", known, someClicks, get("hello", "unit=hour&from=2026-11-20T23:30:00Z&to=2026-11-21T01:00:01Z", "me", "links:read"), 200,
			`"total":4,"visitors":2,"scans":1,"botClicks":3,"series":[{"at":"2026-11-20T23:00:00.000Z","clicks":1},{"at":"2026-11-21T00:00:00.000Z","clicks":0},{"at":"2026-11-21T01:00:00.000Z","clicks":3}],`},
		{"hours have names of their own", known, someClicks, get("hello", "unit=hour&to=2026-11-21T01:00:00Z&from=2026-11-20T22:00:00Z", "me", "links:read"), 200,
			`{"at":"2026-11-21T00:00:00.000Z","clicks":0}],"countries":[{"name":"DE","clicks":1}],"cities":[{"name":"=cmd()","clicks":1}]`},
		{"hours without clicks on days with some", known, someClicks, get("hello", "unit=hour&from=2026-11-21T02:00:00Z", "me", "links:read"), 200,
			`"total":0,"visitors":0,"scans":0,"botClicks":0,"series":[{"at":"2026-11-21T02:00:00.000Z","clicks":0},{"at":"2026-11-21T03:00:00.000Z","clicks":0}],"countries":[],`},
		{"minutes of the last hour", known, count([]click.Click{{Link: "l.hello", At: now.Add(-7 * time.Minute)}}), get("hello", "unit=minute", "me", "links:read"), 200,
			`"from":"2026-11-21T02:30:00.000Z","to":"2026-11-21T03:30:00.000Z","total":1,"visitors":0,"scans":0,"botClicks":0,"series":[{"at":"2026-11-21T02:30:00.000Z","clicks":0},`},
		{"the minute of a click", known, count([]click.Click{{Link: "l.hello", At: now.Add(-7 * time.Minute)}}), get("hello", "unit=minute", "me", "links:read"), 200,
			`{"at":"2026-11-21T03:23:00.000Z","clicks":1},`},
		{"a day of a time zone", known, someClicks, get("hello", "tz=Asia/Kolkata&from=2026-11-21&to=2026-11-21", "me", "links:read"), 200,
			`"unit":"day","tz":"Asia/Kolkata","from":"2026-11-20T18:30:00.000Z","to":"2026-11-21T18:30:00.000Z","total":4,"visitors":2,"scans":1,"botClicks":3,"series":[{"at":"2026-11-20T18:30:00.000Z","clicks":4}],`},
		{"weeks", known, someClicks, get("hello", "unit=week&from=2026-11-14", "me", "links:read"), 200,
			`"series":[{"at":"2026-11-09T00:00:00.000Z","clicks":0},{"at":"2026-11-16T00:00:00.000Z","clicks":4}],`},
		{"months that an older version has counted", known, someClicks, get("hello", "unit=month&from=2025-11-01&to=2025-11-30", "me", "links:read"), 200,
			`"total":5,"visitors":0,"scans":0,"botClicks":0,"series":[{"at":"2025-11-01T00:00:00.000Z","clicks":5}],"countries":[{"name":"DE","clicks":5}],"cities":[{"name":"unknown","clicks":5}]`},
		{"a part of such a day", known, someClicks, get("hello", "unit=hour&from=2025-11-21T09:00:00Z&to=2025-11-21T10:00:00Z", "me", "links:read"), 200,
			`"total":5,"visitors":0,"scans":0,"botClicks":0,"series":[{"at":"2025-11-21T09:00:00.000Z","clicks":5}],"countries":[{"name":"unknown","clicks":5}]`},
		{"compared with the time before", known, someClicks, get("hello", "from=2026-11-21&to=2026-11-21&compare=previous", "me", "links:read"), 200,
			`"previous":{"from":"2026-11-20T00:00:00.000Z","to":"2026-11-21T00:00:00.000Z","total":1,"visitors":1,"scans":0,"botClicks":0}}`},
		{"destinations", known, someClicks, get("hello", "", "me", "links:read"), 200,
			`"destinations":[{"name":"https://a.example/","clicks":1},{"name":"` + long + `","clicks":1}],`},
		{"no clicks", known, counts{}, get("hello", "to=2026-01-31", "me", "links:read"), 200, `"devices":[],"languages":[],"destinations":[],"bots":[]}`},
		{"nothing has begun", known, counts{}, get("hello", "from=2027-01-01&to=2027-01-31", "me", "links:read"), 200, `"series":[],`},
		{"the last month", known, counts{}, get("hello", "unit=month&to=9998-12-31&compare=previous", "me", "links:read"), 200,
			`"from":"9998-01-01T00:00:00.000Z","to":"9999-01-01T00:00:00.000Z","total":0`},
		{"the first day", known, counts{}, get("hello", "from=1970-01-01&to=1970-01-01&tz=Asia/Kolkata&compare=previous", "me", "links:read"), 200,
			`"from":"1969-12-31T18:30:00.000Z","to":"1970-01-01T18:30:00.000Z","total":0`},
		{"after the last month", known, counts{}, get("hello", "to=9999-12-31", "me", "links:read"), 400, `"field":"to"`},
		{"bots", known, someClicks, get("hello", "", "me", "links:read"), 200, `"bots":[{"name":"Googlebot","clicks":2},{"name":"other","clicks":1}]}`},
		{"an admin sees all", known, someClicks, get("hello", "", "you", "admin"), 200, `"total":4`},
		{"bad span", known, someClicks, get("hello", "from=tomorrow&unit=year&tz=Berlin&top=0&compare=all", "me", "links:read"), 400,
			`"errors":[{"field":"unit","message":"It must be minute, hour, day, week or month."},{"field":"tz","message":"It must be a time zone of the IANA database, such as Europe/Berlin."},` +
				`{"field":"top","message":"It must be a whole number from 1 to 200."},{"field":"compare","message":"It must be \"previous\"."},{"field":"from","message":"It must be a date`},
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
	event := get("hello", "from=2026-11-20&to=2026-11-21&compare=previous", "me", "links:read")
	event.Headers["accept"] = "text/csv"
	got := send(t, known, someClicks, event)
	body, err := base64.StdEncoding.DecodeString(got.Body)
	if err != nil || !got.IsBase64Encoded {
		t.Fatalf("%v: %s", err, got.Body)
	}
	want := strings.Join([]string{"section,name,clicks", "sum,total,4", "sum,visitors,2", "sum,scans,1", "sum,botClicks,3",
		"previous,total,0", "previous,visitors,0", "previous,scans,0", "previous,botClicks,0",
		"series,2026-11-20T00:00:00.000Z,1", "series,2026-11-21T00:00:00.000Z,3",
		"country,DE,2", "country,FR,1", "country,other,1", "city,unknown,3", "city,'=cmd(),1", "referrer,unknown,4", "browser,unknown,4",
		"system,unknown,4", "device,unknown,4", "language,unknown,3", "language,fr,1", "destination,https://a.example/,1", "destination," + long + ",1",
		"bot,Googlebot,2", "bot,other,1", ""}, "\r\n")
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
	if want := `"total":4,"visitors":2,"scans":1,"botClicks":3,"series":[{"at":"2026-11-20T00:00:00.000Z","clicks":1},{"at":"2026-11-21T00:00:00.000Z","clicks":3}],`; !strings.Contains(got.Body, want) {
		t.Errorf("got %+v", got)
	}
}
