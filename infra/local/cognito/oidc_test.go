package cognito

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// An independent OpenID Connect client signs in. It uses the discovery document, and checks the ID token with the
// published keys, even after a rotation.
func TestSecondClient(t *testing.T) {
	w := newWorld(t, nil)
	person := w.person("ada@example.com")
	ctx := t.Context()
	provider, err := oidc.NewProvider(ctx, w.pool.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	config := w.client("web")
	config.Endpoint = provider.Endpoint()
	verifier := provider.Verifier(&oidc.Config{ClientID: "web"})
	check := func(token *oauth2.Token, nonce string) *oidc.IDToken {
		t.Helper()
		raw, _ := token.Extra("id_token").(string)
		id, err := verifier.Verify(ctx, raw)
		if err != nil {
			t.Fatal(err)
		}
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			t.Error(err)
		}
		if id.Subject != person.Sub || id.Nonce != nonce {
			t.Errorf("subject %q and nonce %q, want %q and %q", id.Subject, id.Nonce, person.Sub, nonce)
		}
		return id
	}

	browser, pkce := w.visitor(), oauth2.GenerateVerifier()
	got := w.enter(browser, config.AuthCodeURL("state-1", oauth2.S256ChallengeOption(pkce), oidc.Nonce("nonce-1")), "ada@example.com")
	if got.Get("state") != "state-1" {
		t.Errorf("state %q", got.Get("state"))
	}
	token, err := config.Exchange(ctx, got.Get("code"), oauth2.VerifierOption(pkce))
	if err != nil {
		t.Fatal(err)
	}
	check(token, "nonce-1")
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil || info.Subject != person.Sub || info.Email != "ada@example.com" || !info.EmailVerified {
		t.Errorf("user info %+v, %v", info, err)
	}

	if err := w.pools.Rotate(w.pool.ID); err != nil {
		t.Fatal(err)
	}
	old := token
	if token, err = config.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token(); err != nil {
		t.Fatal(err)
	}
	check(token, "") // signed with a key that the client has not seen
	check(old, "nonce-1")
	if _, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(old)); err != nil {
		t.Errorf("a token of the former key: %v", err)
	}
	w.leave(browser, provider, config, token)
}

// leave ends a client's session, with a logout and a revocation.
func (w *world) leave(browser *http.Client, provider *oidc.Provider, config *oauth2.Config, token *oauth2.Token) {
	t := w.t
	t.Helper()
	// The user is already signed in, so no page is shown until the logout.
	if on := w.get(browser, config.AuthCodeURL("state-2")); on.at.Query().Get("code") == "" {
		t.Errorf("the second sign-in ended at %s", on.at)
	}
	var more struct {
		EndSession string `json:"end_session_endpoint"`
		Revoke     string `json:"revocation_endpoint"`
	}
	if err := provider.Claims(&more); err != nil {
		t.Fatal(err)
	}
	on := w.get(browser, more.EndSession+"?"+url.Values{"client_id": {"web"}, "logout_uri": {goodbye}}.Encode())
	if on.status != http.StatusFound || on.at.String() != goodbye {
		t.Errorf("logout ended with %d at %s", on.status, on.at)
	}
	if on := w.get(browser, config.AuthCodeURL("state-3")); !strings.HasSuffix(on.at.Path, "/login") {
		t.Errorf("after logout the sign-in ended at %s", on.at)
	}

	form := url.Values{"token": {token.RefreshToken}, "client_id": {"web"}, "client_secret": {config.ClientSecret}}
	r, err := http.PostForm(more.Revoke, form)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("revoke: %v, %v", r, err)
	}
	r.Body.Close()
	if _, err := config.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token(); err == nil {
		t.Error("a revoked refresh token gives tokens")
	}
	if _, err := provider.UserInfo(t.Context(), oauth2.StaticTokenSource(token)); err == nil {
		t.Error("the access token of a revoked session gives attributes")
	}
}

// A client with a wrong clock rejects the tokens, and so does a client for which they are not intended.
func TestClientsWithoutTrust(t *testing.T) {
	w := newWorld(t, nil)
	w.person("ada@example.com")
	provider, err := oidc.NewProvider(t.Context(), w.pool.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := w.tokens("web", "ada@example.com").Extra("id_token").(string)
	for name, config := range map[string]*oidc.Config{
		"later":          {ClientID: "web", Now: func() time.Time { return w.now().Add(61 * time.Minute) }},
		"another client": {ClientID: "spa"},
		"another method": {ClientID: "web", SupportedSigningAlgs: []string{"ES256"}},
	} {
		if _, err := provider.Verifier(config).Verify(t.Context(), raw); err == nil {
			t.Errorf("%s: the token passes", name)
		}
	}
	if _, err := provider.Verifier(&oidc.Config{ClientID: "web", Now: func() time.Time { return w.now().Add(59 * time.Minute) }}).Verify(t.Context(), raw); err != nil {
		t.Error(err)
	}
}

func TestAuthorizeRefuses(t *testing.T) {
	w := newWorld(t, nil)
	base := url.Values{"client_id": {"web"}, "response_type": {"code"}, "redirect_uri": {callback}, "scope": {"openid"}, "state": {"s t&1"}}
	tests := map[string]struct {
		change map[string]string
		want   string // the client's error; "" for a page of the pool
	}{
		"another redirect URI":     {map[string]string{"redirect_uri": "http://localhost:8080/api/session/callback/"}, ""},
		"a query at the URI":       {map[string]string{"redirect_uri": callback + "?x=1"}, ""},
		"another port":             {map[string]string{"redirect_uri": "http://localhost:8081/api/session/callback"}, ""},
		"no redirect URI":          {map[string]string{"redirect_uri": ""}, ""},
		"unknown client":           {map[string]string{"client_id": "nobody"}, ""},
		"client of another flow":   {map[string]string{"client_id": "ci"}, ""},
		"token for response":       {map[string]string{"response_type": "token"}, "unauthorized_client"},
		"no response type":         {map[string]string{"response_type": ""}, "invalid_request"},
		"unknown scope":            {map[string]string{"scope": "openid links/write"}, "invalid_scope"},
		"plain challenge":          {map[string]string{"code_challenge": "abc", "code_challenge_method": "plain"}, "invalid_request"},
		"challenge without method": {map[string]string{"code_challenge": "abc"}, "invalid_request"},
		"nobody signed in":         {map[string]string{"prompt": "none"}, "login_required"},
		"request object":           {map[string]string{"request": "e30.e30."}, "request_not_supported"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			query := url.Values{}
			for key, values := range base {
				query[key] = values
			}
			for key, value := range tt.change {
				query.Set(key, value)
			}
			on := w.get(w.visitor(), w.pool.Issuer+"/oauth2/authorize?"+query.Encode())
			if tt.want == "" {
				if on.status != http.StatusBadRequest || on.at.Host == "localhost:8080" {
					t.Errorf("%d at %s: %s", on.status, on.at, on.page)
				}
				return
			}
			if got := on.at.Query(); on.at.Host != "localhost:8080" || got.Get("error") != tt.want || got.Get("state") != "s t&1" || got.Has("code") {
				t.Errorf("%d at %s", on.status, on.at)
			}
		})
	}
}

func TestTokenRefuses(t *testing.T) {
	w := newWorld(t, nil)
	w.person("ada@example.com")
	verifier := oauth2.GenerateVerifier()
	tests := map[string]struct {
		client string
		plain  bool // without a code challenge
		change map[string]string
		later  time.Duration
		want   string
	}{
		"wrong verifier":       {"web", false, map[string]string{"code_verifier": oauth2.GenerateVerifier()}, 0, "invalid_grant"},
		"no verifier":          {"web", false, map[string]string{"code_verifier": ""}, 0, "invalid_request"},
		"verifier for nothing": {"spa", true, nil, 0, "invalid_request"},
		"wrong redirect URI":   {"web", false, map[string]string{"redirect_uri": callback + "/"}, 0, "invalid_grant"},
		"no redirect URI":      {"web", false, map[string]string{"redirect_uri": ""}, 0, "invalid_request"},
		"another client":       {"web", false, map[string]string{"client_id": "spa", "client_secret": ""}, 0, "invalid_grant"},
		"wrong secret":         {"web", false, map[string]string{"client_secret": "wrong"}, 0, "invalid_client"},
		"no secret":            {"web", false, map[string]string{"client_secret": ""}, 0, "invalid_client"},
		"a secret too many":    {"spa", false, map[string]string{"client_secret": "x"}, 0, "invalid_client"},
		"unknown client":       {"web", false, map[string]string{"client_id": "nobody"}, 0, "invalid_client"},
		"unknown code":         {"web", false, map[string]string{"code": "x"}, 0, "invalid_grant"},
		"old code":             {"web", false, nil, codeTime, "invalid_grant"},
		"another grant":        {"web", false, map[string]string{"grant_type": "password"}, 0, "unsupported_grant_type"},
		"no grant":             {"web", false, map[string]string{"grant_type": ""}, 0, "invalid_request"},
		"grant of others":      {"web", false, map[string]string{"grant_type": "client_credentials"}, 0, "unauthorized_client"},
		"right":                {"web", false, nil, codeTime - time.Second, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			config := w.client(tt.client)
			var options []oauth2.AuthCodeOption
			if !tt.plain {
				options = append(options, oauth2.S256ChallengeOption(verifier))
			}
			code := w.enter(w.visitor(), config.AuthCodeURL("s", options...), "ada@example.com").Get("code")
			w.pass(tt.later)
			form := url.Values{
				"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "code_verifier": {verifier},
				"client_id": {config.ClientID}, "client_secret": {config.ClientSecret},
			}
			for key, value := range tt.change {
				form.Set(key, value)
			}
			r, err := http.PostForm(config.Endpoint.TokenURL, form)
			on := w.see(r, err)
			if tt.want == "" && on.status != http.StatusOK || tt.want != "" && (on.status != http.StatusBadRequest || !strings.Contains(on.page, `"error":"`+tt.want+`"`)) {
				t.Errorf("%d %s, want %q", on.status, on.page, tt.want)
			}
		})
	}
}

// If a code is used twice it may have been stolen, so its tokens are revoked.
func TestReplayedCode(t *testing.T) {
	w := newWorld(t, nil)
	w.person("ada@example.com")
	config, verifier := w.client("spa"), oauth2.GenerateVerifier()
	code := w.enter(w.visitor(), config.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier)), "ada@example.com").Get("code")
	token, err := config.Exchange(t.Context(), code, oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := config.Exchange(t.Context(), code, oauth2.VerifierOption(verifier)); err == nil || !strings.Contains(err.Error(), "invalid_grant") {
		t.Errorf("the second exchange: %v", err)
	}
	if _, err := config.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token(); err == nil {
		t.Error("the refresh token is still valid")
	}
}

// If several requests exchange a code concurrently, at most one gets tokens.
func TestCodeAtTheSameTime(t *testing.T) {
	w := newWorld(t, nil)
	w.person("ada@example.com")
	config := w.client("spa")
	code := w.enter(w.visitor(), config.AuthCodeURL("s"), "ada@example.com").Get("code")
	answers := make(chan error)
	for range 8 {
		go func() {
			_, err := config.Exchange(context.Background(), code)
			answers <- err
		}()
	}
	got := 0
	for range 8 {
		if <-answers == nil {
			got++
		}
	}
	if got > 1 {
		t.Errorf("%d exchanges gave tokens", got)
	}
}
