package cognito

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

// All data survives a restart, and the file contains no secret in plain text.
func TestRestart(t *testing.T) {
	w := newWorld(t, nil)
	w.person("ada@example.com")
	token := w.tokens("web", "ada@example.com")
	stored, err := os.ReadFile(w.pools.o.Path)
	if err != nil {
		t.Fatal(err)
	}
	for _, each := range []string{secret, token.RefreshToken, strings.SplitN(token.RefreshToken, ".", 2)[1]} {
		if strings.Contains(string(stored), each) {
			t.Errorf("%q is on the disk", each)
		}
	}
	if info, err := os.Stat(w.pools.o.Path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the mode of the file: %v, %v", info, err)
	}
	before := w.get(http.DefaultClient, w.pool.Issuer+"/.well-known/jwks.json").page
	if w.pools, err = Open(w.pools.o); err != nil {
		t.Fatal(err)
	}
	w.serve()
	if after := w.get(http.DefaultClient, w.pool.Issuer+"/.well-known/jwks.json").page; after != before {
		t.Error("other keys after the restart")
	}
	if _, err := w.client("web").TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token(); err != nil {
		t.Error(err)
	}
	w.tokens("web", "ada@example.com")
	if err := os.WriteFile(w.pools.o.Path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(w.pools.o); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged file: %v", err)
	}
}

// A link signs in once, and redirects only to the application.
func TestSignInLink(t *testing.T) {
	w := newWorld(t, nil)
	w.person("ada@example.com")
	v := w.pools.pools[w.pool.ID]
	if _, err := v.signInLink(request{Username: "ada@example.com", Location: "https://evil.example/"}); err == nil {
		t.Error("a link to elsewhere")
	}
	answer, err := w.pools.call(t.Context(), "LocalCloud", "SignInLink", request{UserPoolId: w.pool.ID, Username: "ada@example.com", Location: "http://localhost:8080/api/session/open"})
	if err != nil {
		t.Fatal(err)
	}
	address := answer.(map[string]string)["Link"]
	c := w.visitor()
	if on := w.get(c, address); on.at.String() != "http://localhost:8080/api/session/open" {
		t.Fatalf("the link leads to %s: %s", on.at, on.page)
	}
	if on := w.login(c); on.at.Query().Get("code") == "" {
		t.Errorf("not signed in: %s", on.at)
	}
	if on := w.get(w.visitor(), address); on.status != http.StatusGone {
		t.Errorf("the link again: %d", on.status)
	}
}

func TestNames(t *testing.T) {
	w := newWorld(t, func(p *Pool) { p.EmailNames, p.EmailAliases, p.CaseSensitive = false, true, true })
	v, c := w.pools.pools[w.pool.ID], w.pool.Clients[0]
	u, err := v.invite(t.Context(), "Ada", map[string]string{"email": "ada@example.com"}, "", true)
	if err != nil || u.Name != "Ada" {
		t.Fatalf("%+v, %v", u, err)
	}
	if err := v.choose("Ada", secret); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"Ada": true, "ada": false, "ada@example.com": false, u.Sub: true} {
		if _, err := v.signIn(c, name, secret); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := v.updateUser(request{Username: "Ada", UserAttributes: []attribute{{"email_verified", "true"}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := v.signIn(c, "ada@example.com", secret); err != nil {
		t.Errorf("by the verified address: %v", err)
	}
	for _, bad := range []string{"", "a b", strings.Repeat("a", 129)} {
		if _, err := v.invite(t.Context(), bad, nil, "", true); err == nil {
			t.Errorf("the name %q", bad)
		}
	}
	if _, err := v.invite(t.Context(), "bob", map[string]string{"custom:none": "x"}, "", true); err == nil {
		t.Error("an attribute that the pool does not have")
	}
}

func TestPasswords(t *testing.T) {
	policy := testPool().Password
	for text, ok := range map[string]bool{
		secret: true, "short-7A": true, "Short-7": false, "no-upper-7": false, "NO-LOWER-7": false, "No-number": false, "NoSymbol7": false,
		" Space-77 ": false, "": false, strings.Repeat("aA7-", 65): false,
	} {
		if err := policy.check(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
	for range 20 {
		if err := policy.check(policy.temporary()); err != nil {
			t.Fatal(err)
		}
	}
	hash := hashPassword(secret)
	if !matches(hash, secret) || matches(hash, secret+"x") || matches("", "") || matches("plain", "plain") || hash == hashPassword(secret) {
		t.Error("hashes do not hold")
	}
}

func TestCheck(t *testing.T) {
	if err := testPool().Check(); err != nil {
		t.Fatal(err)
	}
	p := testPool()
	p.Password.Length, p.TemporaryDays, p.Required = 5, 0, []string{"custom:x"}
	p.Users = []NewUser{{Name: "ada", Groups: []string{"none"}}}
	p.Clients[0].Flows, p.Clients[0].Scopes = []string{"implicit", machineFlow}, []string{"none"}
	p.Clients[1].Callbacks = []string{"http://example.com/", "https://example.com/#x", "https://*.example.com/", "/path"}
	p.Clients[3].Access, p.Clients[3].Refresh, p.Clients[3].Grace = time.Minute, time.Minute, time.Hour
	err := p.Check()
	if err == nil {
		t.Fatal("no mistakes")
	}
	for _, want := range []string{
		"at least 5 characters", "temporary passwords for 0 days", `"custom:x" is not a standard one`, `the group "none"`, `the flow "implicit"`,
		"client_credentials needs a secret", `no scope "none"`, "http is for localhost only", "has a fragment", "without wildcards", "is not a complete URL",
		"access tokens valid for 1m0s", "refresh tokens valid for 1m0s", "replaced refresh tokens valid for 1h0m0s",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in:\n%v", want, err)
		}
	}
}
