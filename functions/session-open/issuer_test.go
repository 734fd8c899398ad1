package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/minim-dev/minim/shared/session"
)

// provider is an issuer whose token endpoint answers with an ID token of these claims.
type provider struct {
	*httptest.Server
	key    *rsa.PrivateKey
	claims map[string]any
	sign   func(claims []byte) string
	status int
	asked  url.Values // of the token endpoint
	user   string     // by basic authentication
}

func newProvider(t *testing.T, key *rsa.PrivateKey) *provider {
	t.Helper()
	p := &provider{key: key, status: 200}
	p.sign = p.signer(t, jose.RS256, key)
	mux := http.NewServeMux()
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(p.status)
		if err := json.NewEncoder(w).Encode(v); err != nil {
			t.Error(err)
		}
	}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"end_session_endpoint": p.URL + "/logout", "id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		p.asked = r.PostForm
		p.user, _, _ = r.BasicAuth()
		claims, err := json.Marshal(p.claims)
		if err != nil {
			t.Error(err)
		}
		if p.status != http.StatusOK {
			answer(w, map[string]any{"error": "invalid_grant"})
			return
		}
		answer(w, map[string]any{"access_token": "access", "token_type": "Bearer", "expires_in": 600, "id_token": p.sign(claims)})
	})
	return p
}

func (p *provider) signer(t *testing.T, algorithm jose.SignatureAlgorithm, key any) func([]byte) string {
	return func(claims []byte) string {
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "1"))
		if err != nil {
			t.Fatal(err)
		}
		signed, err := signer.Sign(claims)
		if err != nil {
			t.Fatal(err)
		}
		text, err := signed.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestIssuer(t *testing.T) {
	key, another := newKey(t), newKey(t)
	begun, _ := session.Begin(session.Token(""), "/app", now)
	tests := []struct {
		name   string
		claims map[string]any
		change func(p *provider)
		email  string
		refuse bool
		fail   bool
	}{
		{name: "good", email: "ada@example.com"},
		{name: "verified as text", claims: map[string]any{"email_verified": "true"}, email: "ada@example.com"},
		{name: "address not verified", claims: map[string]any{"email_verified": false}},
		{name: "one of several audiences", claims: map[string]any{"aud": []string{"web", "other"}}, email: "ada@example.com"},
		{name: "another nonce", claims: map[string]any{"nonce": "x"}, refuse: true},
		{name: "no nonce", claims: map[string]any{"nonce": nil}, refuse: true},
		{name: "another audience", claims: map[string]any{"aud": "other"}, refuse: true},
		{name: "another issuer", claims: map[string]any{"iss": "https://evil.example"}, refuse: true},
		{name: "expired", claims: map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}, refuse: true},
		{name: "another key", change: func(p *provider) { p.sign = p.signer(t, jose.RS256, another) }, refuse: true},
		{name: "the public key as a secret", change: func(p *provider) {
			p.sign = p.signer(t, jose.HS256, x509.MarshalPKCS1PublicKey(&p.key.PublicKey))
		}, refuse: true},
		{name: "algorithm none", change: func(p *provider) {
			sign := p.sign
			p.sign = func(claims []byte) string {
				return "eyJhbGciOiJub25lIn0." + strings.Split(sign(claims), ".")[1] + "."
			}
		}, refuse: true},
		{name: "no ID token", change: func(p *provider) { p.sign = func([]byte) string { return "" } }, refuse: true},
		{name: "code refused", change: func(p *provider) { p.status = 400 }, refuse: true},
		{name: "issuer fails", change: func(p *provider) { p.status = 502 }, fail: true},
		{name: "issuer is down", change: func(p *provider) { p.Close() }, fail: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProvider(t, key)
			o := &oidcIssuer{url: p.URL, client: "web", site: "https://mini.example"}
			target, err := o.Authorize(t.Context(), begun, "STATE")
			if err != nil {
				t.Fatal(err)
			}
			to, err := url.Parse(target)
			if err != nil {
				t.Fatal(err)
			}
			q := to.Query()
			if q.Get("redirect_uri") != "https://mini.example/api/session/callback" || q.Get("code_challenge_method") != "S256" || q.Get("state") != "STATE" ||
				q.Get("nonce") != begun.Nonce || q.Get("scope") != "openid email" || strings.Contains(target, begun.Verifier) {
				t.Errorf("sent to %s", target)
			}
			p.claims = map[string]any{
				"iss": p.URL, "aud": "web", "sub": "1", "nonce": begun.Nonce, "exp": time.Now().Add(time.Minute).Unix(),
				"email": "ada@example.com", "email_verified": true,
			}
			maps.Copy(p.claims, test.claims)
			if test.change != nil {
				test.change(p)
			}
			got, signOut, err := o.Exchange(t.Context(), begun, "CODE")
			if test.refuse || test.fail {
				if errors.Is(err, errRefused) != test.refuse || err == nil || got != (session.Person{}) {
					t.Errorf("got %+v, %v", got, err)
				}
				return
			}
			if want := (session.Person{Issuer: p.URL, Subject: "1", Email: test.email}); got != want || err != nil {
				t.Errorf("got %+v, %v", got, err)
			}
			if p.asked.Get("code_verifier") != begun.Verifier || p.asked.Get("code") != "CODE" || p.asked.Get("client_id") != "web" || p.user != "" {
				t.Errorf("asked for %v", p.asked)
			}
			if want := p.URL + "/logout?client_id=web&logout_uri=https%3A%2F%2Fmini.example%2F&"; !strings.HasPrefix(signOut, want) {
				t.Errorf("sign out at %s", signOut)
			}
		})
	}
}

type secretFunc func(id string) (string, error)

func (f secretFunc) Read(_ context.Context, id string) (value, version string, err error) {
	value, err = f(id)
	return value, "", err
}

// TestConfidential: a client with a secret sends it, and a failure to read it passes.
func TestConfidential(t *testing.T) {
	p := newProvider(t, newKey(t))
	fails := true
	o := &oidcIssuer{url: p.URL, client: "web", site: "https://mini.example", secretID: "arn", secrets: secretFunc(func(id string) (string, error) {
		if fails || id != "arn" {
			return "", errors.New("no such secret")
		}
		return "SECRET", nil
	})}
	begun, _ := session.Begin(session.Token(""), "/app", now)
	if _, err := o.Authorize(t.Context(), begun, "STATE"); err == nil {
		t.Error("without its secret")
	}
	fails = false
	p.claims = map[string]any{"iss": p.URL, "aud": "web", "sub": "1", "nonce": begun.Nonce, "exp": time.Now().Add(time.Minute).Unix()}
	if _, _, err := o.Exchange(t.Context(), begun, "CODE"); err != nil || p.user != "web" || p.asked.Get("client_id") != "" {
		t.Errorf("%v; %s, %v", err, p.user, p.asked)
	}
}
