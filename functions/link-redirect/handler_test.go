package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/afterward"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

const (
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
	target  = "https://example.com/ä?q=%C3%a4&x=<b>'\"#frag ment"
	// wire is the target as a header takes it: what is ASCII stays as it is.
	wire = "https://example.com/%C3%A4?q=%C3%a4&x=<b>'\"#frag ment"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

type linksFunc func(code string) (link.Link, error)

func (f linksFunc) Get(_ context.Context, code string) (link.Link, error) { return f(code) }

// known holds a link of every kind; r301 is one that redirects by 301.
func known(code string) (link.Link, error) {
	l := link.Link{ID: "l." + code, Code: code, URL: target, Owner: "me", Redirect: 302, CreatedAt: now}
	switch code {
	case "hello":
	case "titled":
		l.Title = "A <title>"
	case "ruled":
		l.Rules, l.UTM = []link.Rule{{Languages: []string{"de"}, URL: "https://de.example/"}}, link.UTM{Source: "mail"}
	case "r301":
		l.Redirect = 301
	case "r307":
		l.Redirect = 307
	case "r308":
		l.Redirect, l.ExpiresAt = 308, now.Add(90*time.Second)
	case "expired":
		l.ExpiresAt = now
	case "pending":
		l.Pending = true
	case "deleted":
		l.DeletedAt = now
	case "broken":
		return link.Link{}, errors.New("secret cause")
	default:
		return link.Link{}, fault.New(fault.NotFound, "There is no such link.")
	}
	return l, nil
}

// sent keeps what is sent to the queue, or fails.
type sent struct {
	bodies []string
	err    error
}

func (s *sent) Send(_ context.Context, body string) error {
	s.bodies = append(s.bodies, body)
	return s.err
}

func newHandler(queue *sent) *handler {
	site, err := link.NewSite("https://mini.example")
	if err != nil {
		panic(err)
	}
	return &handler{
		site: site, links: linksFunc(known), forget: func(string) {}, clicks: queue, after: &afterward.Queue{}, useless: func(context.Context) error { return nil },
		limits: newLimiter(newCounter(), &afterward.Queue{}, time.Now), attempts: tries{counts: map[string]int{}}, visitors: newVisitors(&salts{}, slog.New(slog.DiscardHandler)), random: func() float64 { return 0 },
		now: func() time.Time { return now }, newID: func(time.Time) string { return "id-1" },
		log: slog.New(slog.DiscardHandler),
	}
}

func send(t *testing.T, h *handler, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	response, err := web.Adapt(h, h.log)(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

// visit is a request with headers given as "name: value" lines.
func visit(method, code string, lines ...string) events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{PathParameters: map[string]string{"code": code}, Headers: map[string]string{"user-agent": firefox, "accept": "text/html,*/*;q=0.8"}}
	event.RawPath = "/" + code
	event.RequestContext.HTTP.Method = method
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		event.Headers[name] = value
	}
	return event
}

func TestHandle(t *testing.T) {
	const revalidate = "private, max-age=0, must-revalidate"
	tests := []struct {
		name     string
		event    events.APIGatewayV2HTTPRequest
		status   int
		location string
		caching  string
		contains string // the body
		clicks   int
	}{
		{"active", visit("GET", "hello"), 302, wire, revalidate, "<a href=", 1},
		{"moved for good", visit("GET", "r301"), 301, wire, "private, max-age=300", "<a href=", 1},
		{"keeps the method", visit("GET", "r307"), 307, wire, revalidate, "<a href=", 1},
		{"for good, but expires soon", visit("GET", "r308"), 308, wire, "private, max-age=90", "<a href=", 1},
		{"HEAD", visit("HEAD", "hello"), 302, wire, revalidate, "", 0},
		{"bot", visit("GET", "hello", "user-agent: Googlebot/2.1"), 302, wire, revalidate, "<a href=", 1},
		{"prefetch", visit("GET", "hello", "sec-purpose: prefetch"), 302, wire, revalidate, "<a href=", 0},
		{"preview", visit("GET", "hello", "user-agent: WhatsApp/2.23"), 302, wire, revalidate, "<a href=", 1},
		{"punctuation after it", visit("GET", "hello).\"…"), 302, wire, revalidate, "<a href=", 1},
		{"an underscore and punctuation after it", visit("GET", "hello_."), 302, wire, revalidate, "<a href=", 1},
		{"punctuation of another script after it", visit("GET", "hello。"), 302, wire, revalidate, "<a href=", 1},
		{"a query without its question mark", visit("GET", "hello&utm_source=x"), 302, wire, revalidate, "<a href=", 1},
		{"unknown", visit("GET", "nothing"), 404, "", "no-store", "<h1>There is no such link</h1>", 0},
		{"unknown, HEAD", visit("HEAD", "nothing"), 404, "", "no-store", "", 0},
		{"unknown, for a program", visit("GET", "nothing", "accept: application/json"), 404, "", "no-store", `"status":404`, 0},
		{"no code at all", visit("GET", "a b/<script>"), 404, "", "no-store", "<h1>", 0},
		{"only punctuation", visit("GET", "..."), 404, "", "no-store", "<h1>", 0},
		{"expired", visit("GET", "expired"), 410, "", "no-store", "<h1>This link has expired</h1>", 0},
		{"expired, for a program", visit("GET", "expired", "accept: application/problem+json"), 410, "", "no-store", `"status":410`, 0},
		{"deleted", visit("GET", "deleted"), 410, "", "no-store", "<h1>", 0},
		{"deleted, for a program", visit("GET", "deleted", "accept: application/json"), 410, "", "no-store", `"status":410`, 0},
		{"pending", visit("GET", "pending"), 404, "", "no-store", "<h1>Almost ready</h1>", 0},
		{"pending, for a program", visit("GET", "pending", "accept: application/json"), 404, "", "no-store", `"status":404`, 0},
		{"table fails", visit("GET", "broken"), 503, "", "no-store", "<h1>Just a moment</h1>", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var queue sent
			got := send(t, newHandler(&queue), test.event)
			if got.StatusCode != test.status || got.Headers["Location"] != test.location || got.Headers["Cache-Control"] != test.caching {
				t.Errorf("got %d %v", got.StatusCode, got.Headers)
			}
			if !strings.Contains(got.Body, test.contains) || (test.contains == "") != (got.Body == "") {
				t.Errorf("body %s", got.Body)
			}
			if strings.Contains(got.Body, "secret") || strings.Contains(got.Body, "<b>") || strings.Contains(got.Body, "<script") {
				t.Errorf("the body shows what it must not: %s", got.Body)
			}
			if got.Headers["X-Robots-Tag"] != "noindex, nofollow" || got.Headers["X-Content-Type-Options"] != "nosniff" ||
				got.Headers["Referrer-Policy"] != "strict-origin-when-cross-origin" {
				t.Errorf("headers %v", got.Headers)
			}
			if (got.Headers["Retry-After"] != "") != (got.StatusCode == 503 || strings.HasPrefix(test.name, "pending")) {
				t.Errorf("Retry-After %q", got.Headers["Retry-After"])
			}
			if len(queue.bodies) != test.clicks {
				t.Errorf("clicks: %v", queue.bodies)
			}
		})
	}
}

func TestFallback(t *testing.T) {
	h := newHandler(&sent{})
	h.fallback = "https://home.example/?from=short"
	for code, want := range map[string]int{"nothing": 302, "hello": 302, "expired": 410, "broken": 503} {
		got := send(t, h, visit("GET", code))
		if got.StatusCode != want || (code == "nothing") != (got.Headers["Location"] == h.fallback) {
			t.Errorf("%s: %d %v", code, got.StatusCode, got.Headers)
		}
	}
}

// The click is safe before the visitor is answered.
func TestCountedBeforeTheAnswer(t *testing.T) {
	queue, after := &sent{}, &later{}
	h := newHandler(queue)
	h.after = after
	if got := send(t, h, visit("GET", "hello")); got.StatusCode != 302 || len(queue.bodies) != 1 || len(after.work) != 0 {
		t.Errorf("%d, sent %v, %d left for later", got.StatusCode, queue.bodies, len(after.work))
	}
}

// A slow queue does not delay the visitor, and gets the same click once more.
func TestSlowQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var bodies []string
		h, after := newHandler(nil), &later{}
		h.after = after
		h.clicks = queueFunc(func(ctx context.Context, body string) error {
			bodies = append(bodies, body)
			if len(bodies) == 2 {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		})
		began := time.Now()
		if got := send(t, h, visit("GET", "hello")); got.StatusCode != 302 || got.Headers["Location"] != wire {
			t.Errorf("got %d %v", got.StatusCode, got.Headers)
		}
		if waited := time.Since(began); waited != visitorTimeout {
			t.Errorf("the visitor waited %s", waited)
		}
		if len(after.work) != 1 {
			t.Fatalf("%d left for later", len(after.work))
		}
		if err := after.work[0](t.Context()); err != nil || len(bodies) != 2 || bodies[0] != bodies[1] {
			t.Errorf("%v, sent %v", err, bodies)
		}
	})
}

// An environment that cannot read a link checks, after the answer, whether it is of
// any use.
func TestUseless(t *testing.T) {
	h, after := newHandler(&sent{}), &later{}
	h.after = after
	for _, code := range []string{"hello", "nothing"} {
		send(t, h, visit("GET", code))
	}
	if len(after.work) != 0 {
		t.Error("it checked although the table answers")
	}
	h.links = linksFunc(func(string) (link.Link, error) { return link.Link{}, errDown })
	if got := send(t, h, visit("GET", "hello")); got.StatusCode != 503 || got.Headers["Retry-After"] == "" || len(after.work) != 1 {
		t.Errorf("got %d %v, %d checks", got.StatusCode, got.Headers, len(after.work))
	}
}

// Only a click that cannot have reached the queue is lost.
func TestLostClick(t *testing.T) {
	refused := fmt.Errorf("send: %w", &net.OpError{Op: "dial", Err: errors.New("connection refused")})
	for name, test := range map[string]struct {
		errs   []error
		metric string
	}{
		"no connection":               {[]error{refused, refused}, "ClicksLost"},
		"no confirmation":             {[]error{context.DeadlineExceeded, context.DeadlineExceeded}, "ClicksUnconfirmed"},
		"the first may have arrived":  {[]error{context.DeadlineExceeded, refused}, "ClicksUnconfirmed"},
		"the second may have arrived": {[]error{refused, errors.New("connection reset")}, "ClicksUnconfirmed"},
		"the second arrived":          {[]error{refused, nil}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var logged strings.Builder
			tries := 0
			h := newHandler(nil)
			h.clicks = queueFunc(func(context.Context, string) error { tries++; return test.errs[tries-1] })
			h.log = slog.New(slog.NewJSONHandler(&logged, nil))
			if got := send(t, h, visit("GET", "hello")); got.StatusCode != 302 || got.Headers["Location"] != wire {
				t.Errorf("got %d %v", got.StatusCode, got.Headers)
			}
			for _, metric := range []string{"ClicksLost", "ClicksUnconfirmed"} {
				if counted := strings.Contains(logged.String(), `"`+metric+`":1`); counted != (metric == test.metric) || tries != 2 {
					t.Errorf("%d tries, %s counted: %t; logged %s", tries, metric, counted, logged.String())
				}
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
	var queue sent
	if got := send(t, newHandler(&queue), event); got.StatusCode != 302 || got.Headers["Location"] != wire {
		t.Errorf("got %+v", got)
	}
	want := []string{`{"id":"id-1","link":"l.hello","code":"hello","owner":"me","country":"DE","city":"München","referrer":"news.example",` +
		`"browser":"Firefox","system":"Linux","device":"desktop","visitor":"d096c06bcabe9b19","at":"2026-11-21T03:00:00.000Z"}`}
	if diff := cmp.Diff(want, queue.bodies); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// BenchmarkCached is a visit of a person to a link in the cache, without the
// network. The budget is 100 µs.
func BenchmarkCached(b *testing.B) {
	h := newHandler(nil)
	h.links, h.clicks = newCache(linksFunc(known), h.now), queueFunc(func(context.Context, string) error { return nil })
	r := web.Request{APIGatewayV2HTTPRequest: visit("GET", "hello")}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.Handle(b.Context(), r); err != nil {
			b.Fatal(err)
		}
	}
}

type queueFunc func(ctx context.Context, body string) error

func (f queueFunc) Send(ctx context.Context, body string) error { return f(ctx, body) }

// later keeps the work that is left for after the response.
type later struct {
	work []func(context.Context) error
}

func (l *later) Do(_ context.Context, work func(context.Context) error) {
	l.work = append(l.work, work)
}
