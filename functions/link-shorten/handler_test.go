package main

import (
	"bytes"
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
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// store is a table of links with a memory and, on demand, a fault.
type store struct {
	links   map[string]link.Link
	records map[string]table.IdempotencyRecord
	hidden  int // how many readings of records come too early to see them
	err     error
}

func (s *store) Make(_ context.Context, l link.Link, r table.IdempotencyRecord) error {
	if s.err != nil {
		return s.err
	}
	if _, used := s.records[r.Owner+r.Key]; used && r.Key != "" {
		return table.ErrRepeated
	}
	if _, taken := s.links[l.Code]; taken {
		return fault.New(fault.Conflict, `The code "`+l.Code+`" is taken.`)
	}
	s.links[l.Code], s.records[r.Owner+r.Key] = l, r
	return nil
}

func (s *store) Repeated(_ context.Context, asked table.IdempotencyRecord, _ time.Time) (table.IdempotencyRecord, error) {
	if s.err != nil {
		return table.IdempotencyRecord{}, s.err
	}
	s.hidden--
	r, ok := s.records[asked.Owner+asked.Key]
	if !ok || s.hidden >= 0 {
		return r, fault.New(fault.NotFound, "New.")
	}
	if r.Request != asked.Request {
		return r, fault.New(fault.Mismatch, "This Idempotency-Key was used for another request.")
	}
	return r, nil
}

// sequence hands out the codes c1, c2, …; private ones are p1, p2, …
type sequence struct {
	n   int
	err error
}

func (s *sequence) Next(private bool) (string, error) {
	s.n++
	if private {
		return fmt.Sprint("p", s.n), s.err
	}
	return fmt.Sprint("c", s.n), s.err
}

// fixture is a handler, and what stands behind it.
type fixture struct {
	store store
	codes sequence
	now   time.Time
	log   bytes.Buffer
}

func newFixture() *fixture {
	return &fixture{store: store{links: map[string]link.Link{}, records: map[string]table.IdempotencyRecord{}}, now: now}
}

func (f *fixture) send(t *testing.T, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	site, err := link.NewSite("https://mini.example")
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewJSONHandler(&f.log, nil))
	h := &handler{hosts: hostsFile{}, site: site, codes: &f.codes, links: &f.store, newID: func(at time.Time) string { return "l." + at.Format("150405") }, now: func() time.Time { return f.now }, log: logger}
	response, err := web.Adapt(h, logger)(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func post(scopes, key, body string) events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{RouteKey: "POST /api/links", Body: body, Headers: map[string]string{}}
	if key != "" {
		event.Headers["idempotency-key"] = key
	}
	event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		Lambda: map[string]any{"owner": "me", "scopes": scopes},
	}
	return event
}

func TestHandle(t *testing.T) {
	tests := []struct {
		name     string
		scopes   string // links:write when empty
		key      string
		body     string
		setUp    func(*fixture)
		status   int
		location string
		contains string
	}{
		{name: "generated code", body: `{"url":"https://example.com"}`, status: 201, location: "/api/links/c1", contains: `"shortUrl":"https://mini.example/c1"`},
		{name: "alias", body: `{"url":"https://example.com","code":"mine"}`, status: 201, location: "/api/links/mine", contains: `"redirect":302`},
		{name: "private", body: `{"url":"https://example.com","private":true}`, status: 201, location: "/api/links/p1", contains: `"private":true`},
		{name: "with options", body: `{"url":"https://example.com","maxClicks":10,"password":"sesame","rules":[{"systems":["iOS"],"url":"https://example.com/ios"}]}`,
			status: 201, location: "/api/links/c1", contains: `"maxClicks":10,"hasPassword":true,"forwardQuery":"off","utm":{},"rules":[{"systems":["iOS"],"url":"https://example.com/ios"}]`},
		{name: "bad options", body: `{"url":"https://example.com","maxClicks":0,"rules":[{"url":"x"}]}`, status: 400, contains: `"field":"rules[0].url"`},
		{name: "bad type in a rule", body: `{"url":"https://example.com","rules":[{"url":1}]}`, status: 400, contains: `"field":"rules.url"`},
		{name: "by an admin", scopes: "admin", body: `{"url":"https://example.com"}`, status: 201, location: "/api/links/c1"},
		{name: "with a key", key: "k", body: `{"url":"https://example.com"}`, status: 201, location: "/api/links/c1"},
		{name: "second code is free", setUp: take("c1"), body: `{"url":"https://example.com"}`, status: 201, location: "/api/links/c2"},
		{name: "no code is free", setUp: take("c1", "c2", "c3", "c4", "c5"), body: `{"url":"https://example.com"}`, status: 500},
		{name: "alias taken", setUp: take("mine"), body: `{"url":"https://example.com","code":"mine"}`, status: 409, contains: `The code \"mine\" is taken.`},
		{name: "without scope", scopes: "links:read", body: `{"url":"https://example.com"}`, status: 403, contains: "links:write"},
		{name: "no body", status: 400, contains: "empty"},
		{name: "not JSON", body: `{`, status: 400},
		{name: "unknown field", body: `{"url":"https://example.com","owner":"you"}`, status: 400, contains: `"field":"owner"`},
		{name: "two spellings", body: `{"url":"https://good.example/","URL":"https://other.example/"}`, status: 400, contains: `"errors":[{"field":"URL","message":"There is no such field; it is spelled url."}]`},
		{name: "wrong spelling", body: `{"URL":"https://example.com/"}`, status: 400, contains: `"field":"URL"`},
		{name: "wrong spelling by case folding", body: `{"url":"https://example.com/","tagſ":["x"]}`, status: 400, contains: `"field":"tagſ"`},
		{name: "empty", body: `{"url":"https://example.com/","code":"","expiresAt":"","redirect":0}`, status: 400,
			contains: `"detail":"code: It must not be empty; leave it out instead. expiresAt: It must not be empty; leave it out instead. redirect: It must not be empty; leave it out instead."`},
		{name: "hour of one digit", body: `{"url":"https://example.com/","expiresAt":"2030-01-01T1:00:00Z"}`, status: 400, contains: "RFC 3339"},
		{name: "decimal comma", body: `{"url":"https://example.com/","expiresAt":"2030-01-01T00:00:00,5Z"}`, status: 400, contains: "RFC 3339"},
		{name: "wrong type", body: `{"url":1}`, status: 400, contains: `"field":"url"`},
		{name: "bad URL", body: `{"url":"javascript:alert(1)"}`, status: 400, contains: `"field":"url"`},
		{name: "own address", body: `{"url":"https://MINI.example/x"}`, status: 400, contains: "this site"},
		{name: "blocked host", body: `{"url":"https://evil.example/x"}`, status: 400, contains: "Links to evil.example are not allowed here."},
		{name: "completed", body: `{"url":" example.com/a b"}`, status: 201, location: "/api/links/c1", contains: `"url":"https://example.com/a%20b"`},
		{name: "several mistakes", key: strings.Repeat("k", 256), body: `{"codee":"x","title":1,"redirect":200}`, status: 400,
			contains: `"detail":"codee: There is no such field. title: Expected a string, got a number. Idempotency-Key: It has 256 bytes; at most 255 are allowed. url: It is missing. redirect:`},
		{name: "too large", body: `{"url":"` + strings.Repeat("a", web.MaxBody) + `"}`, status: 413},
		{name: "key too long", key: strings.Repeat("k", 256), body: `{"url":"https://example.com"}`, status: 400, contains: "Idempotency-Key"},
		{name: "table down", setUp: breakTable, body: `{"url":"https://example.com"}`, status: 500},
		{name: "table down for records", setUp: breakTable, key: "k", body: `{"url":"https://example.com"}`, status: 500},
		{name: "codes run out", setUp: func(f *fixture) { f.codes.err = errors.New("secret cause") }, body: `{"url":"https://example.com"}`, status: 500},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture()
			if test.setUp != nil {
				test.setUp(f)
			}
			if test.scopes == "" {
				test.scopes = "links:write"
			}
			got := f.send(t, post(test.scopes, test.key, test.body))
			if got.StatusCode != test.status || got.Headers["Location"] != test.location || !strings.Contains(got.Body, test.contains) {
				t.Errorf("got %d %q %s", got.StatusCode, got.Headers["Location"], got.Body)
			}
			if strings.Contains(got.Body, "secret") {
				t.Errorf("the answer contains the cause: %s", got.Body)
			}
			if (got.Headers["ETag"] != "") != (test.status == 201) {
				t.Errorf("ETag %q", got.Headers["ETag"])
			}
		})
	}
}

func take(codes ...string) func(*fixture) {
	return func(f *fixture) {
		for _, code := range codes {
			f.store.links[code] = link.Link{}
		}
	}
}

func breakTable(f *fixture) { f.store.err = errors.New("secret cause") }

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
	got := newFixture().send(t, event)
	want := `{"id":"l.030000","code":"hello","aliases":[],"shortUrl":"https://mini.example/hello","url":"https://example.com/a?b=c","title":"Hello","note":"","tags":["x"],` +
		`"createdAt":"2026-11-21T03:00:00.000Z","updatedAt":"2026-11-21T03:00:00.000Z","expiresAt":null,` +
		`"redirect":307,"private":false,"disabled":false,"takenDown":null,"status":"active","clicks":0,` +
		`"notBefore":null,"expiredUrl":null,"maxClicks":null,"hasPassword":false,"forwardQuery":"off","utm":{},"rules":[]}`
	if got.StatusCode != 201 || got.Body != want {
		t.Errorf("got  %d %s\nwant %s", got.StatusCode, got.Body, want)
	}
}

func TestRetriesAreCounted(t *testing.T) {
	f := newFixture()
	take("c1", "c2")(f)
	f.send(t, post("links:write", "", `{"url":"https://example.com"}`))
	if !strings.Contains(f.log.String(), `"CodeRetries":2`) {
		t.Errorf("the retries were not counted: %s", f.log.String())
	}
}

func TestIdempotencyKey(t *testing.T) {
	const body = `{"url":"https://example.com/?a=1&b=2","expiresAt":"2026-11-21T04:00:00Z"}`
	tests := []struct {
		name   string
		setUp  func(*fixture)
		key    string
		body   string
		status int
		same   bool // the first answer again
	}{
		{name: "same request", key: "k", body: body, status: 201, same: true},
		{name: "same content, written otherwise", key: "k", body: ` {"expiresAt":"2026-11-21T04:00:00Z", "url":"https://example.com/?a=1\u0026b=2"}`, status: 201, same: true},
		{name: "long after it expired", setUp: func(f *fixture) { f.now = now.Add(5 * time.Hour) }, key: "k", body: body, status: 201, same: true},
		{name: "at the same time", setUp: func(f *fixture) { f.store.hidden = 1 }, key: "k", body: body, status: 201, same: true},
		{name: "another body", key: "k", body: `{"url":"https://example.org"}`, status: 422},
		{name: "another body at the same time", setUp: func(f *fixture) { f.store.hidden = 1 }, key: "k", body: `{"url":"https://example.org"}`, status: 422},
		{name: "with a password", key: "k", body: strings.Replace(body, "{", `{"password":"x",`, 1), status: 422},
		{name: "another key", key: "l", body: body, status: 201},
		{name: "no key", body: body, status: 201},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture()
			first := f.send(t, post("links:write", "k", body))
			if test.setUp != nil {
				test.setUp(f)
			}
			got := f.send(t, post("links:write", test.key, test.body))
			if got.StatusCode != test.status {
				t.Fatalf("got %d %s", got.StatusCode, got.Body)
			}
			same := got.Body == first.Body && got.Headers["Location"] == first.Headers["Location"] && got.Headers["ETag"] == first.Headers["ETag"]
			if same != test.same {
				t.Errorf("first %s\nthen  %s", first.Body, got.Body)
			}
			if made := len(f.store.links); test.same && made != 1 {
				t.Errorf("%d links were made", made)
			}
		})
	}
}

func TestRefusedRequestKeepsNoRecord(t *testing.T) {
	f := newFixture()
	if got := f.send(t, post("links:write", "k", `{"url":"nonsense"}`)); got.StatusCode != 400 {
		t.Fatalf("got %d", got.StatusCode)
	}
	if got := f.send(t, post("links:write", "k", `{"url":"https://example.com"}`)); got.StatusCode != 201 {
		t.Errorf("the corrected request got %d %s", got.StatusCode, got.Body)
	}
}
