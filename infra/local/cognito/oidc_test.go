package cognito

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Another implementation of OpenID Connect signs in: it finds everything by the discovery document, and checks the
// ID token with the keys that are published, also after they were replaced.
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
	check(token, "") // by a key that the client has not seen
	check(old, "nonce-1")
	if _, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(old)); err != nil {
		t.Errorf("a token of the former key: %v", err)
	}

	// Signed in already: no page in between, until logout.
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
	if _, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token(); err == nil {
		t.Error("a revoked refresh token gives tokens")
	}
	if _, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token)); err == nil {
		t.Error("the access token of a revoked session gives attributes")
	}
}

// A client whose clock is wrong refuses the tokens, as does one that they are not for.
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
		want   string // the error that the client gets; "" for a page of the pool
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
		plain  bool // without a challenge
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

// A code that is used twice has been stolen: what it was exchanged for is revoked.
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

// However many exchange a code at the same time, at most one gets tokens.
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

// The claims are those that AWS documents, no more and no less.
func TestClaims(t *testing.T) {
	w := newWorld(t, nil)
	person := w.person("ada@example.com")
	v := w.pools.pools[w.pool.ID]
	if _, err := v.group(request{Username: person.Name, GroupName: "staff"}, true); err != nil {
		t.Fatal(err)
	}
	token := w.tokens("web", "ada@example.com", "openid", "email", "links/read")
	access := claimsOf(t, token.AccessToken)
	id, _ := token.Extra("id_token").(string)
	identity := claimsOf(t, id)
	for _, each := range []string{"jti", "event_id", "origin_jti", "at_hash"} {
		if each != "at_hash" && (access[each] == "" || access[each] == nil) || identity[each] == "" || identity[each] == nil {
			t.Errorf("no %s", each)
		}
	}
	if access["origin_jti"] != identity["origin_jti"] || access["jti"] == identity["jti"] {
		t.Error("the identifiers of the tokens do not belong together")
	}
	now := float64(w.now().Unix())
	want := map[string]any{
		"sub": person.Sub, "iss": w.pool.Issuer, "auth_time": now, "iat": now, "exp": now + 3600, "cognito:groups": []any{"staff"},
		"token_use": "access", "client_id": "web", "username": person.Sub, "scope": "openid email links/read", "version": 2.0,
		"origin_jti": access["origin_jti"], "event_id": access["event_id"], "jti": access["jti"],
	}
	if diff := cmp.Diff(want, access); diff != "" {
		t.Errorf("access token (-want +got):\n%s", diff)
	}
	want = map[string]any{
		"sub": person.Sub, "iss": w.pool.Issuer, "auth_time": now, "iat": now, "exp": now + 3600, "cognito:groups": []any{"staff"},
		"token_use": "id", "aud": "web", "cognito:username": person.Sub, "email": "ada@example.com", "email_verified": true,
		"origin_jti": identity["origin_jti"], "event_id": identity["event_id"], "jti": identity["jti"], "at_hash": identity["at_hash"],
	}
	if diff := cmp.Diff(want, identity); diff != "" {
		t.Errorf("ID token (-want +got):\n%s", diff)
	}
	if token.RefreshToken == "" || strings.Count(token.RefreshToken, ".") == 2 {
		t.Error("the refresh token is not opaque")
	}
	id, _ = w.tokens("web", "ada@example.com", "openid").Extra("id_token").(string)
	if all := claimsOf(t, id); all["name"] != "Ada" || all["email"] != "ada@example.com" {
		t.Errorf("openid alone gives %v", all)
	}
	if id, ok := w.tokens("web", "ada@example.com", "links/read").Extra("id_token").(string); ok && id != "" {
		t.Error("an ID token without openid")
	}
}

func TestClientCredentials(t *testing.T) {
	w := newWorld(t, nil)
	config := clientcredentials.Config{ClientID: "ci", ClientSecret: w.client("ci").ClientSecret, TokenURL: w.pool.Issuer + "/oauth2/token", Scopes: []string{"links/read"}}
	token, err := config.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	claims := claimsOf(t, token.AccessToken)
	if claims["sub"] != "ci" || claims["client_id"] != "ci" || claims["scope"] != "links/read" || claims["token_use"] != "access" || claims["username"] != nil {
		t.Errorf("claims %v", claims)
	}
	if token.RefreshToken != "" {
		t.Error("a program gets a refresh token")
	}
	config.Scopes = nil
	if token, err = config.Token(t.Context()); err != nil || claimsOf(t, token.AccessToken)["scope"] != "links/read links/write" {
		t.Errorf("without scopes: %v", err)
	}
	for name, change := range map[string]func(*clientcredentials.Config){
		"invalid_scope":       func(c *clientcredentials.Config) { c.Scopes = []string{"openid"} },
		"invalid_client":      func(c *clientcredentials.Config) { c.ClientSecret = "wrong" },
		"unauthorized_client": func(c *clientcredentials.Config) { c.ClientID, c.ClientSecret = "web", w.client("web").ClientSecret },
	} {
		refused := config
		change(&refused)
		if _, err := refused.Token(t.Context()); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A client that rotates gets a new refresh token each time. The former one is valid for a while, older ones are not.
func TestRotation(t *testing.T) {
	w := newWorld(t, nil)
	w.person("ada@example.com")
	config := w.client("turning")
	refresh := func(token string) (*oauth2.Token, error) {
		return config.TokenSource(context.Background(), &oauth2.Token{RefreshToken: token}).Token()
	}
	first := w.tokens("turning", "ada@example.com").RefreshToken
	second, err := refresh(first)
	if err != nil || second.RefreshToken == first {
		t.Fatalf("the token stays the same: %v", err)
	}
	w.pass(9 * time.Second)
	if _, err := refresh(first); err != nil {
		t.Errorf("within the grace: %v", err)
	}
	w.pass(11 * time.Second)
	if _, err := refresh(first); err == nil {
		t.Error("the former token is valid after the grace")
	}
	fixed := w.tokens("web", "ada@example.com").RefreshToken
	config = w.client("web")
	for range 2 {
		if token, err := refresh(fixed); err != nil || token.RefreshToken != fixed { // the library keeps its own
			t.Errorf("without rotation: %v", err)
		}
	}
	w.pass(31 * 24 * time.Hour)
	if _, err := refresh(fixed); err == nil {
		t.Error("a refresh token is valid for ever")
	}
	if _, err := w.client("spa").TokenSource(t.Context(), &oauth2.Token{RefreshToken: fixed}).Token(); err == nil {
		t.Error("another client can use it")
	}
}

// The discovery document has the form of AWS, and without a domain the pool has no endpoints.
func TestDiscovery(t *testing.T) {
	hosted := newWorld(t, nil)
	on := hosted.get(http.DefaultClient, hosted.pool.Issuer+"/.well-known/openid-configuration")
	for _, each := range []string{
		`"issuer":"` + hosted.pool.Issuer + `"`, `"authorization_endpoint":"` + hosted.pool.Issuer + `/oauth2/authorize"`,
		`"end_session_endpoint":"` + hosted.pool.Issuer + `/logout"`, `"jwks_uri":"` + hosted.pool.Issuer + `/.well-known/jwks.json"`,
	} {
		if !strings.Contains(on.page, each) {
			t.Errorf("no %s in %s", each, on.page)
		}
	}
	bare := newWorld(t, func(p *Pool) { p.Hosted = false })
	if on := bare.get(http.DefaultClient, bare.pool.Issuer+"/.well-known/openid-configuration"); strings.Contains(on.page, "endpoint\"") {
		t.Errorf("endpoints without a domain: %s", on.page)
	}
	if on := bare.get(http.DefaultClient, bare.pool.Issuer+"/oauth2/authorize"); on.status != http.StatusNotFound {
		t.Errorf("authorize without a domain: %d", on.status)
	}
	keys := bare.get(http.DefaultClient, bare.pool.Issuer+"/.well-known/jwks.json")
	if strings.Count(keys.page, `"kid"`) != 2 || strings.Contains(keys.page, `"d":`) || !strings.Contains(keys.page, `"alg":"RS256"`) {
		t.Errorf("keys %s", keys.page)
	}
}

// Old keys are published until their tokens are over.
func TestKeysExpire(t *testing.T) {
	w := newWorld(t, nil)
	count := func() int {
		return strings.Count(w.get(http.DefaultClient, w.pool.Issuer+"/.well-known/jwks.json").page, `"kid"`)
	}
	counts := []int{count()}
	if err := w.pools.Rotate(w.pool.ID); err != nil {
		t.Fatal(err)
	}
	counts = append(counts, count())
	w.pass(overlap)
	if counts = append(counts, count()); !slices.Equal(counts, []int{2, 4, 2}) {
		t.Errorf("keys: %v", counts)
	}
}
