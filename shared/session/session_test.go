package session_test

import (
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/session"
)

var (
	now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	ada = session.Person{Issuer: "https://issuer.example", Subject: "1", Email: "ada@example.com"}
)

func TestOwner(t *testing.T) {
	renamed := ada
	renamed.Email = "countess@example.com"
	if ada.Owner() != renamed.Owner() {
		t.Error("a new address is a new person")
	}
	for _, other := range []session.Person{
		{Issuer: "https://issuer.example", Subject: "2", Email: ada.Email},
		{Issuer: "https://other.example", Subject: "1", Email: ada.Email},
		{Issuer: "https://issuer.example1", Subject: "", Email: ada.Email},
	} {
		if other.Owner() == ada.Owner() {
			t.Errorf("%v is taken for %v", other, ada)
		}
	}
	if _, _, err := key.New(ada.Owner(), []key.Scope{key.Admin}, now); err != nil || strings.Contains(ada.Owner(), "ada") {
		t.Errorf("%s is no owner: %v", ada.Owner(), err)
	}
}

func TestSession(t *testing.T) {
	s, token := session.New(ada, "https://issuer.example/logout", now)
	other, second := session.New(ada, "", now)
	if !session.IsToken(token) || s.ID != session.Digest(token) || token == second || s.ID == other.ID || strings.Contains(s.ID, token) {
		t.Fatalf("token %s, %+v", token, s)
	}
	if !s.Active(now.Add(session.Idle-1)) || s.Active(now.Add(session.Idle)) {
		t.Error("it does not last 12 hours")
	}
	if _, changed := s.Use(now.Add(10*time.Minute - time.Millisecond)); changed {
		t.Error("a write for each use")
	}
	writes := 0
	at := now
	for ; s.Active(at) && writes < 10000; at = at.Add(11 * time.Hour) {
		var changed bool
		if s, changed = s.Use(at); changed {
			writes++
		}
	}
	if lasted := s.ExpiresAt.Sub(now); lasted != session.Longest {
		t.Errorf("it lasts %s", lasted)
	}
	if writes != 65 {
		t.Errorf("%d writes", writes)
	}
}

func TestBegin(t *testing.T) {
	browser := session.Token("")
	if session.Token(browser) != browser || session.Token("planted") == "planted" || session.Token("") == browser {
		t.Error("tokens of browsers")
	}
	s, state := session.Begin(browser, "/app/links?q=a", now)
	if s.ID != session.Digest(state) || s.Browser != session.Digest(browser) || s.To != "/app/links?q=a" || s.ExpiresAt != now.Add(session.SignInTime) {
		t.Errorf("got %+v", s)
	}
	if len(s.Verifier) < 43 || len(s.Verifier) > 128 || len(s.Nonce) < 22 || s.Nonce == state {
		t.Errorf("got %+v", s)
	}
}

func TestPath(t *testing.T) {
	for to, want := range map[string]string{
		"/app/links/hello?tab=stats#top": "/app/links/hello?tab=stats#top",
		"/app":                           "/app",
		"/app?x=//evil.example":          "/app?x=//evil.example",
		"":                               "/",
		"/":                              "/",
		"app":                            "/",
		"/application":                   "/",
		"//evil.example/app/":            "/",
		"///evil.example/app":            "/",
		`/\evil.example/app`:             "/",
		`/app/\evil.example`:             "/",
		"https://evil.example/app":       "/",
		"javascript:alert(1)":            "/",
		"/\t/evil.example":               "/",
		"/app/\r\nSet-Cookie: a=b":       "/",
		"/app/../hello":                  "/",
		"/app/%2e%2e/hello":              "/",
		"/app/x/../../hello":             "/",
		"/hello":                         "/", // a short link
		"/app/%zz":                       "/",
		"/app/ü":                         "/",
	} {
		if got := session.Path(to); got != want {
			t.Errorf("%q: %q, want %q", to, got, want)
		}
	}
}

func FuzzPath(f *testing.F) {
	f.Add("/app/..//evil.example")
	f.Fuzz(func(t *testing.T, to string) {
		got := session.Path(to)
		if got != "/" && got != "/app" && !strings.HasPrefix(got, "/app/") && !strings.HasPrefix(got, "/app?") && !strings.HasPrefix(got, "/app#") {
			// A path may begin in another way only if it means the same.
			if !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") {
				t.Errorf("%q: %q", to, got)
			}
		}
	})
}
