package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/session"
	"github.com/minim-dev/minim/shared/web"
)

var (
	now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	ada = session.Person{Issuer: "https://issuer.example", Subject: "1", Email: "ada@example.com"}
)

type fakeIssuer struct{ err error }

func (f fakeIssuer) Authorize(_ context.Context, begun session.SignIn, state string) (string, error) {
	return "https://issuer.example/authorize?state=" + state + "&nonce=" + begun.Nonce, f.err
}

func (f fakeIssuer) Exchange(_ context.Context, _ session.SignIn, _ string) (session.Person, string, error) {
	return ada, "https://issuer.example/logout", f.err
}

// memory is a table of sessions.
type memory struct {
	begun    map[string]session.SignIn
	sessions map[string]session.Session
	err      error
}

func (m *memory) Begin(_ context.Context, begun session.SignIn) error {
	m.begun[begun.ID] = begun
	return m.err
}

func (m *memory) Complete(_ context.Context, id, browser string, at time.Time) (session.SignIn, error) {
	begun, ok := m.begun[id]
	if !ok || begun.Browser != browser || !at.Before(begun.ExpiresAt) {
		return session.SignIn{}, errors.Join(m.err, fault.New(fault.NotFound, "There is no such sign-in."))
	}
	delete(m.begun, id)
	return begun, m.err
}

func (m *memory) Create(_ context.Context, made session.Session) error {
	m.sessions[made.ID] = made
	return m.err
}

func (m *memory) Delete(_ context.Context, id string) error {
	delete(m.sessions, id)
	return m.err
}

func newHandler() (*handler, *memory) {
	m := &memory{begun: map[string]session.SignIn{}, sessions: map[string]session.Session{}}
	return &handler{
		host: "mini.example", issuer: fakeIssuer{}, sessions: m, now: func() time.Time { return now }, log: slog.New(slog.DiscardHandler),
	}, m
}

func send(t *testing.T, h *handler, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	got, err := web.Adapt(h, h.log)(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	if got.Headers["Cache-Control"] != "no-store" || got.Headers["Referrer-Policy"] != "no-referrer" {
		t.Errorf("headers %v", got.Headers)
	}
	return got
}

func event(t *testing.T) events.APIGatewayV2HTTPRequest {
	t.Helper()
	data, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(data, &event); err != nil {
		t.Fatal(err)
	}
	return event
}

// begin sends the golden event, and returns the browser's cookie and the state.
func begin(t *testing.T, h *handler, m *memory, cookies ...string) (browser, state string) {
	t.Helper()
	e := event(t)
	e.Cookies = append(e.Cookies, cookies...)
	got := send(t, h, e)
	_, rest, _ := strings.Cut(got.Headers["Location"], "state=")
	state, nonce, _ := strings.Cut(rest, "&nonce=")
	if got.StatusCode != http.StatusFound || len(got.Cookies) != 1 || m.begun[session.Digest(state)].Nonce != nonce {
		t.Fatalf("got %+v", got)
	}
	set, attributes, _ := strings.Cut(got.Cookies[0], ";")
	if attributes != " Path=/; Max-Age=900; HttpOnly; Secure; SameSite=Lax" {
		t.Errorf("cookie %s", got.Cookies[0])
	}
	return set, state
}

func callback(state string, cookies ...string) events.APIGatewayV2HTTPRequest {
	return events.APIGatewayV2HTTPRequest{
		RouteKey: "GET /api/session/callback", Cookies: cookies, QueryStringParameters: map[string]string{"state": state, "code": "code"},
	}
}

func TestSignIn(t *testing.T) {
	h, m := newHandler()
	former, token := session.New(ada, "", now)
	m.sessions[former.ID] = former
	browser, state := begin(t, h, m)
	if again, second := begin(t, h, m, browser); again != browser || second == state { // another tab
		t.Errorf("%s, %s", again, second)
	}
	got := send(t, h, callback(state, "a=b", browser, session.Cookie+"="+token))
	if got.StatusCode != http.StatusSeeOther || got.Headers["Location"] != "/app/links" || len(got.Cookies) != 2 {
		t.Fatalf("got %+v", got)
	}
	set, attributes, _ := strings.Cut(got.Cookies[0], ";")
	_, made, _ := strings.Cut(set, "=")
	s, ok := m.sessions[session.Digest(made)]
	if !ok || len(m.sessions) != 1 || s.Person != ada || s.SignOut != "https://issuer.example/logout" || !strings.HasPrefix(set, "__Host-session=") {
		t.Errorf("%s, %+v", set, m.sessions)
	}
	if attributes != " Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Lax" || !strings.Contains(got.Cookies[1], "__Host-signin=; Path=/; Max-Age=0") {
		t.Errorf("cookies %q", got.Cookies)
	}
	if got := send(t, h, callback(state, browser)); got.StatusCode != 400 || len(m.sessions) != 1 {
		t.Errorf("the state again: %d", got.StatusCode)
	}
}

func TestCallbackRefuses(t *testing.T) {
	down := errors.New("secret cause")
	tests := []struct {
		name   string
		change func(h *handler, m *memory, e *events.APIGatewayV2HTTPRequest)
		status int
		shows  string
	}{
		{"no cookie", func(_ *handler, _ *memory, e *events.APIGatewayV2HTTPRequest) { e.Cookies = nil }, 400, "not signed in"},
		{"another browser", func(_ *handler, _ *memory, e *events.APIGatewayV2HTTPRequest) {
			e.Cookies = []string{session.SignInCookie + "=" + session.Token("")}
		}, 400, "not signed in"},
		{"no state", func(_ *handler, _ *memory, e *events.APIGatewayV2HTTPRequest) { e.QueryStringParameters["state"] = "" }, 400, "not signed in"},
		{"another state", func(_ *handler, _ *memory, e *events.APIGatewayV2HTTPRequest) {
			e.QueryStringParameters["state"] = session.Token("")
		}, 400, "not signed in"},
		{"too late", func(h *handler, _ *memory, _ *events.APIGatewayV2HTTPRequest) {
			h.now = func() time.Time { return now.Add(session.SignInTime) }
		}, 400, "not signed in"},
		{"denied", func(_ *handler, _ *memory, e *events.APIGatewayV2HTTPRequest) {
			e.QueryStringParameters["code"], e.QueryStringParameters["error"] = "", "access_denied"
		}, 400, "not signed in"},
		{"refused code", func(h *handler, _ *memory, _ *events.APIGatewayV2HTTPRequest) {
			h.issuer = fakeIssuer{errors.Join(errRefused, down)}
		}, 400, "not signed in"},
		{"in German", func(_ *handler, _ *memory, e *events.APIGatewayV2HTTPRequest) {
			e.Cookies, e.Headers = nil, map[string]string{"accept-language": "de"}
		}, 400, "nicht angemeldet"},
		{"issuer down", func(h *handler, _ *memory, _ *events.APIGatewayV2HTTPRequest) { h.issuer = fakeIssuer{down} }, 500, "not possible right now"},
		{"table down", func(_ *handler, m *memory, _ *events.APIGatewayV2HTTPRequest) { m.err = down }, 500, "not possible right now"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h, m := newHandler()
			browser, state := begin(t, h, m)
			e := callback(state, browser)
			test.change(h, m, &e)
			got := send(t, h, e)
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.shows) || strings.Contains(got.Body, "secret cause") || len(got.Cookies) > 0 {
				t.Errorf("got %d %q %s", got.StatusCode, got.Cookies, got.Body)
			}
			if m.err == nil && len(m.sessions) > 0 {
				t.Errorf("a session began: %v", m.sessions)
			}
			if strings.Contains(got.Body, "{{") || !strings.Contains(got.Body, `<a href="/">mini.example</a>`) {
				t.Errorf("got %s", got.Body)
			}
		})
	}
}

func TestBeginFails(t *testing.T) {
	h, _ := newHandler()
	h.issuer = fakeIssuer{errors.New("secret cause")}
	got := send(t, h, event(t))
	if got.StatusCode != 500 || len(got.Cookies) > 0 || strings.Contains(got.Body, "secret") || !strings.Contains(got.Body, "Anmeldung ist gerade nicht möglich") {
		t.Errorf("got %+v", got)
	}
}

func TestBeginRefusesUnknownParameters(t *testing.T) {
	h, m := newHandler()
	e := event(t)
	e.QueryStringParameters["then"] = "/app"
	if got := send(t, h, e); got.StatusCode != 400 || len(got.Cookies) > 0 || len(m.begun) > 0 || !strings.Contains(got.Headers["Content-Type"], "text/html") {
		t.Errorf("got %+v", got)
	}
}

func TestTexts(t *testing.T) {
	for language, text := range all() {
		if len(language) != 2 || text.title == "" || text.failed == "" || text.busy == "" {
			t.Errorf("%s: %+v", language, text)
		}
	}
}
