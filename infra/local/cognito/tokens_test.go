package cognito

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// The claims are exactly those that AWS documents.
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

// With rotation, a client gets a new refresh token each time. The previous one is valid for a while, older ones are not.
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
		if token, err := refresh(fixed); err != nil || token.RefreshToken != fixed { // the library reuses its refresh token
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

// The discovery document has AWS's format. A pool without a domain has no endpoints.
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

// Old keys are published until their tokens expire.
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
