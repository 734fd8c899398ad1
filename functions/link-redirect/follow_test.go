package main

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/afterward"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

// counter is a table of limits with a memory and, on demand, an error.
type counter struct {
	mu        sync.Mutex
	used      map[string]int64
	confirmed int
	writes    int
	err       error // of all operations
	late      error // of confirmations
}

func newCounter() *counter { return &counter{used: map[string]int64{}} }

func (c *counter) Take(_ context.Context, lease table.Lease, most int64, _ func() time.Time) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	if c.err != nil || c.used[lease.Link] >= most {
		return false, c.err
	}
	c.used[lease.Link]++
	return true, nil
}

func (c *counter) Confirm(context.Context, table.Lease) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.confirmed++
	return c.late
}

func (c *counter) Revoke(_ context.Context, lease table.Lease) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.used[lease.Link]--
	return c.err
}

func (c *counter) Exhausted(_ context.Context, link string, most int64, _ time.Time) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.used[link] >= most, c.err
}

// tries counts attempts of visitors, without end of the minute.
type tries struct {
	counts map[string]int
	err    error
}

func (a tries) Begin(_ context.Context, link, visitor string, _ time.Time) (time.Duration, error) {
	key := link + " " + visitor
	if a.counts[key] >= 5 {
		return 42*time.Second + 1, a.err
	}
	a.counts[key]++
	return 0, a.err
}

func (a tries) Succeed(_ context.Context, link, visitor string) error {
	a.counts[link+" "+visitor]--
	return a.err
}

// optional is a handler of one link with options, for many visits.
func optional(t *testing.T, options link.Options) (*handler, *sent, *counter) {
	t.Helper()
	queue, limits := &sent{}, newCounter()
	h := newHandler(queue)
	h.limits = newLimiter(limits, h.after, h.now)
	h.links = linksFunc(func(code string) (link.Link, error) {
		l, err := known("hello")
		l.Options, l.Code = options, code
		return l, err
	})
	return h, queue, limits
}

func form(password string, lines ...string) events.APIGatewayV2HTTPRequest {
	event := visit("POST", "hello", append(lines, "content-type: application/x-www-form-urlencoded")...)
	event.Body = url.Values{"password": {password}}.Encode()
	return event
}

func TestMaxClicks(t *testing.T) {
	h, queue, limits := optional(t, link.Options{MaxClicks: 2})
	for n, step := range []struct {
		event  events.APIGatewayV2HTTPRequest
		status int
		used   int64
		clicks int
	}{
		{visit("HEAD", "hello"), 302, 0, 0},
		{visit("GET", "hello", "user-agent: Googlebot/2.1"), 302, 0, 1}, // bots are counted apart
		{visit("GET", "hello", "user-agent: WhatsApp/2.23"), 302, 0, 2},
		{visit("GET", "hello", "sec-purpose: prefetch;prerender"), 302, 0, 2},
		{visit("GET", "hello+"), 200, 0, 2},
		{visit("GET", "hello.qr"), 200, 0, 2},
		{visit("GET", "hello"), 302, 1, 3},
		{visit("POST", "hello"), 302, 2, 4},
		{visit("GET", "hello"), 410, 2, 4},
		{visit("HEAD", "hello"), 410, 2, 4},
		{visit("GET", "hello", "user-agent: Googlebot/2.1"), 410, 2, 4},
	} {
		got := send(t, h, step.event)
		if got.StatusCode != step.status || limits.used["l.hello"] != step.used || len(queue.bodies) != step.clicks || got.Headers["Cache-Control"] != "no-store" && step.status != 200 {
			t.Errorf("visit %d: %d %v, %d used, %d clicks", n, got.StatusCode, got.Headers, limits.used["l.hello"], len(queue.bodies))
		}
	}
	if limits.confirmed != 2 {
		t.Errorf("%d confirmed", limits.confirmed)
	}
}

// TestExhaustedIsRemembered: many visitors of an exhausted link at once cost one write,
// until its maximum is raised.
func TestExhaustedIsRemembered(t *testing.T) {
	h, _, limits := optional(t, link.Options{MaxClicks: 1})
	for range 10 {
		send(t, h, visit("GET", "hello"))
	}
	if limits.writes != 2 {
		t.Errorf("%d writes", limits.writes)
	}
	later := h.now().Add(keepSpent)
	h.limits.now = func() time.Time { return later }
	if got := send(t, h, visit("GET", "hello")); got.StatusCode != 410 || limits.writes != 3 {
		t.Errorf("later: %d, %d writes", got.StatusCode, limits.writes)
	}
	raised, _, _ := optional(t, link.Options{MaxClicks: 2})
	h.links = raised.links
	if got := send(t, h, visit("GET", "hello")); got.StatusCode != 302 {
		t.Errorf("after the maximum was raised: %d", got.StatusCode)
	}
}

// TestSpentIsBounded: exhausted links that are remembered do not fill the memory.
func TestSpentIsBounded(t *testing.T) {
	l := newLimiter(newCounter(), nil, time.Now)
	for n := range 3 * maxSpent {
		l.remember(link.Link{ID: string(rune(n)), Options: link.Options{MaxClicks: 1}})
	}
	if len(l.spent) > maxSpent {
		t.Errorf("%d remembered", len(l.spent))
	}
}

func TestMaxClicksAtOnce(t *testing.T) {
	h, _, _ := optional(t, link.Options{MaxClicks: 10})
	queue := sync.Mutex{}
	h.clicks = queueFunc(func(context.Context, string) error { queue.Lock(); defer queue.Unlock(); return nil })
	statuses := make([]int, 100)
	var all sync.WaitGroup
	for n := range statuses {
		all.Go(func() { statuses[n] = send(t, h, visit("GET", "hello")).StatusCode })
	}
	all.Wait()
	counts := map[int]int{}
	for _, status := range statuses {
		counts[status]++
	}
	if counts[302] != 10 || counts[410] != 90 {
		t.Errorf("%v", counts)
	}
}

// TestLimitFails: a link with a maximum is not followed if its clicks cannot be counted.
func TestLimitFails(t *testing.T) {
	for name, breaks := range map[string]func(*counter){
		"taken":        func(c *counter) { c.err = errors.New("secret cause") },
		"undecided":    func(c *counter) { c.err = table.ErrUndecided },
		"confirmation": func(c *counter) { c.late = errors.New("secret cause") },
	} {
		h, _, limits := optional(t, link.Options{MaxClicks: 2})
		breaks(limits)
		got := send(t, h, visit("GET", "hello"))
		if got.StatusCode != 503 || got.Headers["Retry-After"] != "5" || got.Headers["Location"] != "" || strings.Contains(got.Body, "secret") {
			t.Errorf("%s: %d %v", name, got.StatusCode, got.Headers)
		}
	}
}

// TestConfirmationFails: the click is there for the next visitor.
func TestConfirmationFails(t *testing.T) {
	h, _, limits := optional(t, link.Options{MaxClicks: 1})
	for _, step := range []struct {
		late   error
		status int
	}{{errors.New("late"), 503}, {context.DeadlineExceeded, 503}, {nil, 302}, {nil, 410}} {
		limits.late = step.late
		if got := send(t, h, visit("GET", "hello")); got.StatusCode != step.status {
			t.Errorf("confirmation %v: %d", step.late, got.StatusCode)
		}
	}
}

// TestConfirmationInTime: it leaves time of the function to revoke the click.
func TestConfirmationInTime(t *testing.T) {
	limits := &slowCounter{newCounter()}
	l := newLimiter(limits, &afterward.Queue{}, time.Now)
	ctx, cancel := context.WithTimeout(t.Context(), revokeTime+50*time.Millisecond)
	defer cancel()
	err := l.Confirm(ctx, table.Lease{Link: "l.hello", ID: "x"})
	if !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil || limits.used["l.hello"] != -1 {
		t.Errorf("%v, %v, %d used", err, ctx.Err(), limits.used["l.hello"])
	}
}

// slowCounter is one whose confirmations take too long.
type slowCounter struct{ *counter }

func (c *slowCounter) Confirm(ctx context.Context, _ table.Lease) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestPassword(t *testing.T) {
	h, queue, _ := optional(t, link.Options{Password: link.NewPassword("sésame ouvre-toi")})
	const from, other = "x-forwarded-for: 192.0.2.7, 198.51.100.1", "x-forwarded-for: 192.0.2.7, 192.0.2.8, 198.51.100.1"
	for n, step := range []struct {
		event    events.APIGatewayV2HTTPRequest
		status   int
		location string
		contains string
	}{
		{visit("GET", "hello", from), 200, "", `type="password"`},
		{visit("HEAD", "hello", from), 200, "", ""},
		{visit("GET", "hello", from, "accept: application/json"), 403, "", "Enter the password"},
		{visit("GET", "hello+", from), 200, "", "only to those who know the password"},
		{visit("GET", "hello", from, "user-agent: facebookexternalhit/1.1"), 200, "", `type="password"`},
		{form("sésame ouvre-toi", from), 303, wire, ""},
		{form("1", from), 403, "", "wrong"},
		{form("", from), 403, "", "wrong"},
		{visit("POST", "hello", from), 403, "", "wrong"},
		{form("4", from), 403, "", "wrong"},
		{form("5", from), 403, "", "wrong"},
		{form("sésame ouvre-toi", from), 429, "", "Too many attempts"},
		{form("6", from, "accept: application/json"), 429, "", `"status":429`},
		{form("7", other), 403, "", "wrong"},
		{form("sésame ouvre-toi", other), 303, wire, ""},
	} {
		got := send(t, h, step.event)
		if got.StatusCode != step.status || got.Headers["Location"] != step.location || !strings.Contains(got.Body, step.contains) || got.Headers["Cache-Control"] != "no-store" {
			t.Errorf("visit %d: %d %v %s", n, got.StatusCode, got.Headers, got.Body)
		}
		if (got.Headers["Retry-After"] == "43") != (step.status == 429) {
			t.Errorf("visit %d: Retry-After %q", n, got.Headers["Retry-After"])
		}
	}
	if len(queue.bodies) != 2 {
		t.Errorf("clicks: %v", queue.bodies)
	}
}

func TestPasswordCannotBeChecked(t *testing.T) {
	h, _, _ := optional(t, link.Options{Password: link.NewPassword("x")})
	h.attempts = tries{map[string]int{}, errors.New("secret cause")}
	if got := send(t, h, form("x")); got.StatusCode != 503 || got.Headers["Retry-After"] != "5" {
		t.Errorf("%d %v", got.StatusCode, got.Headers)
	}
}

func TestVisitors(t *testing.T) {
	l := link.Link{Options: link.Options{Password: "$salt"}}
	of := func(lines ...string) string {
		return visitorOf(web.Request{APIGatewayV2HTTPRequest: visit("POST", "hello", lines...)}, l)
	}
	one := of("x-forwarded-for: 192.0.2.7, 198.51.100.1")
	if strings.Contains(one, "192") || len(one) != 32 {
		t.Errorf("%s", one)
	}
	for name, test := range map[string]struct {
		lines []string
		same  bool
	}{
		"what the visitor sends is ignored": {[]string{"x-forwarded-for: 10.0.0.1, 192.0.2.7, 198.51.100.1"}, true},
		"another agent":                     {[]string{"x-forwarded-for: 192.0.2.7,198.51.100.1", "user-agent: x"}, true},
		"another address":                   {[]string{"x-forwarded-for: 192.0.2.8, 198.51.100.1"}, false},
		"another secret of the edge":        {[]string{"x-forwarded-for: 192.0.2.7, 198.51.100.1", "x-origin-key: k"}, false},
	} {
		if got := of(test.lines...); (got == one) != test.same {
			t.Errorf("%s: %s, %s", name, one, got)
		}
	}
	if of("x-forwarded-for: 2001:db8::1, 198.51.100.1") != of("x-forwarded-for: 2001:db8::ffff:1, 198.51.100.1") {
		t.Error("an IPv6 network counts as many visitors")
	}
	if of("x-forwarded-for: 2001:db8::1, 198.51.100.1") == of("x-forwarded-for: 2001:db8:0:1::1, 198.51.100.1") {
		t.Error("all IPv6 networks count as one visitor")
	}
	if of() != of("x-forwarded-for: ") {
		t.Error("no address")
	}
}

func TestRedirectsByRules(t *testing.T) {
	h, queue, _ := optional(t, link.Options{
		ForwardQuery: true, UTM: link.UTM{Source: "s"},
		Rules: []link.Rule{
			{Countries: []string{"DE"}, Devices: []string{"mobile"}, Systems: []string{"iOS"}, URL: "https://example.com/app"},
			{Languages: []string{"fr"}, URL: "https://example.com/fr"}, {Languages: []string{"de"}, URL: "https://example.com/de"},
			{Split: []link.Share{{URL: "https://example.com/a", Weight: 1}, {URL: "https://example.com/b", Weight: 1}}},
		},
	})
	const iphone = "user-agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
	h.random = func() float64 { return 0.5 }
	for _, test := range []struct {
		event events.APIGatewayV2HTTPRequest
		query string
		want  string
	}{
		{visit("GET", "hello", iphone, "cloudfront-viewer-country: DE"), "", "https://example.com/app?utm_source=s"},
		{visit("HEAD", "hello", iphone, "cloudfront-viewer-country: DE"), "", "https://example.com/app?utm_source=s"},
		{visit("GET", "hello", "accept-language: de-AT;q=0.8, fr-CH, fr;q=0.9"), "", "https://example.com/fr?utm_source=s"},
		{visit("GET", "hello", "accept-language: fr;q=0.1, de;q=0.8"), "", "https://example.com/de?utm_source=s"},
		{visit("GET", "hello", "accept-language: fr;q=0, en"), "", "https://example.com/b?utm_source=s"},
		{visit("GET", "hello"), "qr&x=1&utm_source=v", "https://example.com/b?x=1&utm_source=v"},
	} {
		test.event.RawQueryString = test.query
		if got := send(t, h, test.event); got.Headers["Location"] != test.want || got.StatusCode != 302 || got.Headers["Cache-Control"] != "no-store" {
			t.Errorf("got %d %v, want %s", got.StatusCode, got.Headers, test.want)
		}
	}
	if len(queue.bodies) != 5 {
		t.Errorf("%d clicks", len(queue.bodies))
	}
}

func TestMethods(t *testing.T) {
	h, queue, _ := optional(t, link.Options{})
	for _, method := range []string{"PUT", "DELETE", "PATCH", "OPTIONS"} {
		if got := send(t, h, visit(method, "hello")); got.StatusCode != 405 || got.Headers["Allow"] != "GET, HEAD, POST" {
			t.Errorf("%s: %d %v", method, got.StatusCode, got.Headers)
		}
		below := visit(method, "")
		below.RawPath = "/api/nothing"
		if got := send(t, h, below); got.StatusCode != 404 || got.Headers["Allow"] != "" {
			t.Errorf("%s below /api/: %d %v", method, got.StatusCode, got.Headers)
		}
	}
	h.api = web.NewRoutes("GET /api/links,POST /api/links,GET /api/links/{code}/qr")
	for _, test := range []struct{ method, path, allow string }{
		{"PUT", "/api/links", "GET, POST"}, {"HEAD", "/api/links", "GET, POST"}, {"POST", "/api/links/go/qr", "GET"},
		{"POST", "/hello.qr", "GET, HEAD"}, {"DELETE", "/hello+", "GET, HEAD, POST"}, {"PUT", "/nothing", "GET, HEAD, POST"},
	} {
		event := visit(test.method, "")
		event.RawPath = test.path
		if got := send(t, h, event); got.StatusCode != 405 || got.Headers["Allow"] != test.allow || got.Headers["Content-Type"] != "application/problem+json" {
			t.Errorf("%s %s: %d %v", test.method, test.path, got.StatusCode, got.Headers)
		}
	}
	if len(queue.bodies) != 0 {
		t.Errorf("%d clicks", len(queue.bodies))
	}
}

// FuzzPasswordForm sends any body: it must be answered, and never opens the link.
func FuzzPasswordForm(f *testing.F) {
	for _, seed := range []string{"password=x", "password=%zz", "password[]=x", "a&password=;x", "{\"password\":1}", "\xff"} {
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, body string, encoded bool) {
		h, _, _ := optional(t, link.Options{Password: "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA"})
		event := visit("POST", "hello")
		event.Body, event.IsBase64Encoded = body, encoded
		if got := send(t, h, event); got.StatusCode != 403 {
			t.Errorf("%d", got.StatusCode)
		}
	})
}
