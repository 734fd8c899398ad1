package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// store has links and idempotency records, as the tables have them: a change and its record
// are stored together, or not at all.
type store struct {
	mu      sync.Mutex
	links   map[string]link.Link
	records map[string]table.IdempotencyRecord
	changes int
	racing  int // how many changes come too late
	err     error
}

// newStore has the links hello and other of me, taken of you, and gone, which is deleted.
func newStore() *store {
	s := &store{links: map[string]link.Link{}, records: map[string]table.IdempotencyRecord{}}
	for code, owner := range map[string]string{"hello": "me", "other": "me", "taken": "you", "gone": "me"} {
		l := link.Link{ID: "l." + code, Code: code, URL: "https://example.com/", Owner: owner, Redirect: 302, Tags: []string{"old"}, Version: 2, CreatedAt: now, UpdatedAt: now}
		if code == "gone" {
			l.DeletedAt = now
		}
		s.links[code] = l
	}
	return s
}

func (s *store) write(r table.IdempotencyRecord, change func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	if _, used := s.records[r.Key]; used {
		return table.ErrRepeated
	}
	if s.racing--; s.racing >= 0 {
		return link.ErrChanged
	}
	if err := change(); err != nil {
		return err
	}
	if s.changes++; r.Key != "" {
		s.records[r.Key] = r
	}
	return nil
}

func (s *store) Get(_ context.Context, code string) (link.Link, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.links[code]
	if !ok {
		return l, fault.New(fault.NotFound, "There is no such link.")
	}
	return l, s.err
}

func (s *store) Make(_ context.Context, l link.Link, r table.IdempotencyRecord) error {
	return s.write(r, func() error {
		if _, taken := s.links[l.Code]; taken {
			return fault.New(fault.Conflict, "Taken.")
		}
		s.links[l.Code] = l
		return nil
	})
}

func (s *store) Claim(_ context.Context, r table.IdempotencyRecord, _ time.Time) error {
	err := s.write(r, func() error { return nil })
	if err == nil {
		s.mu.Lock()
		s.changes-- // it was no change of a link
		s.mu.Unlock()
	}
	return err
}

func (s *store) Repeated(_ context.Context, asked table.IdempotencyRecord, _ time.Time) (table.IdempotencyRecord, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.records[asked.Key]
	if !ok {
		return r, fault.New(fault.NotFound, "New.")
	}
	if r.Request != asked.Request {
		return r, fault.New(fault.Mismatch, "This Idempotency-Key was used for another request.")
	}
	return r, s.err
}

// recording is an editor that stores a record with each change.
type recording struct {
	*store
	r table.IdempotencyRecord
}

func (e recording) Edit(_ context.Context, before, after link.Link, _ string, _ time.Time) (link.Link, error) {
	after.Version++
	return after, e.write(e.r, func() error {
		delete(e.links, before.Code)
		e.links[after.Code] = after
		return nil
	})
}

func (e recording) Delete(_ context.Context, l link.Link, _ string, at time.Time) (link.Link, error) {
	if !l.DeletedAt.IsZero() {
		return l, nil
	}
	l.DeletedAt, l.Version = at, l.Version+1
	return l, e.write(e.r, func() error {
		e.links[l.Code] = l
		return nil
	})
}

func (e recording) Free(_ context.Context, l link.Link, _ string, _ time.Time) error {
	return e.write(e.r, func() error {
		delete(e.links, l.Code)
		return nil
	})
}

// sequence hands out the codes c1, c2, …
type sequence struct {
	mu sync.Mutex
	n  int
}

func (s *sequence) Next(bool) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	return fmt.Sprint("c", s.n), nil
}

func send(t *testing.T, s *store, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	site, err := link.NewSite("https://mini.example")
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.DiscardHandler)
	h := &handler{
		hosts: hostsFile{},
		site:  site, codes: &sequence{}, links: s, maker: s, editor: func(r table.IdempotencyRecord) linkEditor { return recording{s, r} },
		newID: func(time.Time) string { return "l.new" }, now: func() time.Time { return now }, log: logger,
	}
	got, err := web.Adapt(h, logger)(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func post(scopes, key, body string) events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{RouteKey: "POST /api/links/bulk", Body: body, Headers: map[string]string{"idempotency-key": key}}
	event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		Lambda: map[string]any{"owner": "me", "scopes": scopes},
	}
	return event
}

func items(texts ...string) string { return `{"items":[` + strings.Join(texts, ",") + `]}` }

func results(t *testing.T, got events.APIGatewayV2HTTPResponse) []result {
	t.Helper()
	var answer response
	if err := json.Unmarshal([]byte(got.Body), &answer); err != nil || got.StatusCode != 200 {
		t.Fatalf("got %d %s: %v", got.StatusCode, got.Body, err)
	}
	return answer.Results
}

// TestItem sends one item of each kind and result.
func TestItem(t *testing.T) {
	const long = "0123456789012345678901234567890123456789012345678901" // longer than a tag may be
	tests := []struct {
		name     string
		item     string
		setUp    func(*store)
		status   int
		contains string
		changes  int
	}{
		{name: "create", item: `{"create":{"url":"example.com"}}`, status: 201, contains: `"id":"l.new","code":"c1","shortUrl":"https://mini.example/c1","url":"https://example.com","etag":"\"1\""`, changes: 1},
		{name: "create an alias", item: `{"create":{"url":"https://example.com","code":"mine"}}`, status: 201, contains: `"code":"mine"`, changes: 1},
		{name: "a generated code is taken", item: `{"create":{"url":"https://example.com"}}`, setUp: func(s *store) { s.links["c1"] = link.Link{} }, status: 201, contains: `"code":"c2"`, changes: 1},
		{name: "alias taken", item: `{"create":{"url":"https://example.com","code":"taken"}}`, status: 409, contains: "Taken."},
		{name: "two mistakes", item: `{"create":{"url":"x","redirect":1}}`, status: 400, contains: `"errors":[{"field":"url"`},
		{name: "blocked host", item: `{"create":{"url":"https://evil.example"}}`, status: 400, contains: "Links to evil.example are not allowed here."},
		{name: "edit to a blocked host", item: `{"edit":{"code":"hello","changes":{"url":"https://evil.example"}}}`, status: 400, contains: "evil.example"},
		{name: "unknown field", item: `{"create":{"url":"https://example.com","owner":"you"}}`, status: 400, contains: `"field":"create.owner"`},
		{name: "wrong type", item: `{"create":{"url":1}}`, status: 400, contains: `"field":"create.url"`},
		{name: "null", item: `null`, status: 400, contains: "JSON object"},
		{name: "no object", item: `"create"`, status: 400, contains: "JSON object"},
		{name: "nothing", item: `{}`, status: 400, contains: "exactly one"},
		{name: "two things", item: `{"tag":{"code":"hello"},"delete":{"code":"hello"}}`, status: 400, contains: "exactly one"},

		{name: "edit", item: `{"edit":{"code":"hello","changes":{"title":"New"}}}`, status: 200, contains: `"etag":"\"3\""`, changes: 1},
		{name: "edit what was seen", item: `{"edit":{"code":"hello","ifMatch":"\"2-abc\"","changes":{"code":"new"}}}`, status: 200, contains: `"code":"new"`, changes: 1},
		{name: "edit nothing", item: `{"edit":{"code":"hello","changes":{}}}`, status: 200, contains: `"etag":"\"2\""`},
		{name: "stale edit", item: `{"edit":{"code":"hello","ifMatch":"\"1\"","changes":{"title":"New"}}}`, status: 412, contains: `"etag":"\"2\""`},
		{name: "edit with mistakes", item: `{"edit":{"code":"hello","changes":{"redirect":1}}}`, status: 400, contains: `"field":"redirect"`},
		{name: "edit a deleted link", item: `{"edit":{"code":"gone","changes":{"title":"New"}}}`, status: 409, contains: "Restore it first"},
		{name: "edit another owner's", item: `{"edit":{"code":"taken","changes":{"title":"New"}}}`, status: 404, contains: "no such link"},
		{name: "edit an unknown link", item: `{"edit":{"code":"nothing","changes":{"title":"New"}}}`, status: 404},
		{name: "edit without a code", item: `{"edit":{"changes":{"title":"New"}}}`, status: 404},
		{name: "changed meanwhile", item: `{"edit":{"code":"hello","changes":{"title":"New"}}}`, setUp: func(s *store) { s.racing = 2 }, status: 200, changes: 1},
		{name: "changed again and again", item: `{"edit":{"code":"hello","changes":{"title":"New"}}}`, setUp: func(s *store) { s.racing = 3 }, status: 409, contains: "just been changed"},

		{name: "tag", item: `{"tag":{"code":"hello","add":["new"],"remove":["old","unknown"]}}`, status: 200, contains: `"etag":"\"3\""`, changes: 1},
		{name: "tag that it has", item: `{"tag":{"code":"hello","add":["old"]}}`, status: 200, contains: `"etag":"\"2\""`},
		{name: "stale tag", item: `{"tag":{"code":"hello","ifMatch":"\"1\"","add":["new"]}}`, status: 412},
		{name: "tag too long", item: `{"tag":{"code":"hello","add":["` + long + `"]}}`, status: 400, contains: `"field":"tags"`},
		{name: "tag another owner's", item: `{"tag":{"code":"taken","add":["new"]}}`, status: 404},

		{name: "delete", item: `{"delete":{"code":"hello"}}`, status: 204, changes: 1},
		{name: "delete what is deleted", item: `{"delete":{"code":"gone"}}`, status: 204},
		{name: "free", item: `{"delete":{"code":"hello","free":true}}`, status: 204, changes: 1},
		{name: "stale delete", item: `{"delete":{"code":"hello","ifMatch":"\"1\""}}`, status: 412},
		{name: "empty ifMatch", item: `{"delete":{"code":"hello","ifMatch":""}}`, status: 400, contains: `"field":"delete.ifMatch"`},
		{name: "delete another owner's", item: `{"delete":{"code":"taken"}}`, status: 404},

		{name: "table down", item: `{"create":{"url":"https://example.com"}}`, setUp: func(s *store) { s.err = errors.New("secret cause") }, status: 500, contains: "Something went wrong"},
		{name: "table hangs", item: `{"delete":{"code":"hello"}}`, setUp: func(s *store) { s.err = context.DeadlineExceeded }, status: 503, contains: "busy"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStore()
			if test.setUp != nil {
				test.setUp(s)
			}
			got := send(t, s, post("links:write", "", items(test.item)))
			all := results(t, got)
			if len(all) != 1 || all[0].Status != test.status || !strings.Contains(got.Body, test.contains) || strings.Contains(got.Body, "secret") {
				t.Errorf("got %s", got.Body)
			}
			if (all[0].Problem != nil) != (test.status >= 400) || s.changes != test.changes {
				t.Errorf("%d changes; %s", s.changes, got.Body)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	one := `{"create":{"url":"https://example.com"}}`
	tests := []struct {
		name, scopes, key, body string
		status                  int
		contains                string
	}{
		{"without scope", "links:read", "", items(one), 403, "links:write"},
		{"no body", "links:write", "", "", 400, "empty"},
		{"no items", "links:write", "", `{}`, 400, `"field":"items"`},
		{"empty", "links:write", "", items(), 400, "from 1 to 100"},
		{"too many", "links:write", "", items(strings.Split(strings.Repeat(one+" ", 100)+one, " ")...), 400, "There are 101 items"},
		{"unknown field", "links:write", "", `{"items":[` + one + `],"atomic":true}`, 400, `"field":"atomic"`},
		{"repeated field", "links:write", "", items(`{"create":{"url":"https://a.example","url":"https://b.example"}}`), 400, "more than once"},
		{"wrong type", "links:write", "", `{"items":{}}`, 400, `"field":"items"`},
		{"too large", "links:write", "", items(`{"create":{"url":"` + strings.Repeat("a", web.MaxBody) + `"}}`), 413, ""},
		{"key too long", "links:write", strings.Repeat("k", 256), items(one), 400, "Idempotency-Key"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStore()
			got := send(t, s, post(test.scopes, test.key, test.body))
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.contains) || s.changes != 0 {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
		})
	}
	s := newStore()
	s.err = errors.New("secret cause")
	if got := send(t, s, post("links:write", "k", items(one))); got.StatusCode != 500 || strings.Contains(got.Body, "secret") {
		t.Errorf("the key cannot be claimed: %d %s", got.StatusCode, got.Body)
	}
}

// TestOrder handles items that name the same code one after the other.
func TestOrder(t *testing.T) {
	s := newStore()
	all := results(t, send(t, s, post("links:write", "", items(
		`{"create":{"url":"https://example.com","code":"a"}}`,
		`{"create":{"url":"https://example.com","code":"x"}}`,
		`{"edit":{"code":"a","changes":{"code":"b","aliases":[]}}}`,
		`{"tag":{"code":"b","add":["new"]}}`,
		`{"delete":{"code":"b","free":true}}`,
		`{"create":{"url":"https://example.org","code":"b"}}`,
	))))
	for n, want := range []int{201, 201, 200, 200, 204, 201} {
		if all[n].Status != want {
			t.Errorf("item %d: %+v", n, all[n])
		}
	}
	if l := s.links["b"]; l.URL != "https://example.org" || l.Version != 1 {
		t.Errorf("at last: %+v", l)
	}
}

func TestIdempotencyKey(t *testing.T) {
	body := items(`{"create":{"url":"https://example.com","code":"a","password":"sesame"}}`, `{"create":{"url":"https://example.com","code":"taken"}}`,
		`{"edit":{"code":"hello","ifMatch":"\"2\"","changes":{"title":"New"}}}`, `{"delete":{"code":"other","free":true}}`)
	s := newStore()
	first := results(t, send(t, s, post("links:write", "k", body)))
	for n, want := range []int{201, 409, 200, 204} {
		if first[n].Status != want {
			t.Fatalf("item %d: %+v", n, first[n])
		}
	}
	delete(s.links, "taken")
	again := results(t, send(t, s, post("links:write", "k", " "+body)))
	if again[1].Status != 201 {
		t.Errorf("the refused item: %+v", again[1])
	}
	again[1] = first[1]
	if !reflect.DeepEqual(first, again) || s.changes != 4 {
		t.Errorf("%d changes\nfirst %+v\nthen  %+v", s.changes, first, again)
	}
	if got := send(t, s, post("links:write", "k", items(`{"delete":{"code":"hello"}}`))); got.StatusCode != 422 {
		t.Errorf("another request with the key: %d %s", got.StatusCode, got.Body)
	}
}

// TestAtOnce sends the same request many times at once.
func TestAtOnce(t *testing.T) {
	s, body := newStore(), items(`{"create":{"url":"https://example.com"}}`, `{"edit":{"code":"hello","ifMatch":"\"2\"","changes":{"title":"New"}}}`)
	var group sync.WaitGroup
	answers := make([]string, 20)
	for n := range answers {
		group.Go(func() { answers[n] = send(t, s, post("links:write", "k", body)).Body })
	}
	group.Wait()
	for _, answer := range answers {
		if answer != answers[0] {
			t.Errorf("%s\n%s", answers[0], answer)
		}
	}
	if s.changes != 2 || !strings.Contains(answers[0], `"status":201`) {
		t.Errorf("%d changes: %s", s.changes, answers[0])
	}
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
	want := `{"results":[{"status":201,"id":"l.new","code":"new","shortUrl":"https://mini.example/new","url":"https://example.com/a","etag":"\"1\""},` +
		`{"status":200,"id":"l.hello","code":"hello","shortUrl":"https://mini.example/hello","url":"https://example.com/","etag":"\"3\""},{"status":204}]}`
	if got := send(t, newStore(), event); got.StatusCode != 200 || got.Body != want {
		t.Errorf("got  %d %s\nwant %s", got.StatusCode, got.Body, want)
	}
}
