package httpapi

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
)

// issuer is a fake server that publishes keys.
type issuer struct {
	*httptest.Server
	mu       sync.Mutex
	keys     []jose.JSONWebKey
	document string // served instead of keys, if not empty
	down     bool
	asked    int // number of requests for keys
}

var rsaKeys = sync.OnceValues(func() (all [2]*rsa.PrivateKey, err error) {
	for i := range all {
		if all[i], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			break
		}
	}
	return all, err
})

func newIssuer(t *testing.T) (*issuer, [2]*rsa.PrivateKey) {
	t.Helper()
	keys, err := rsaKeys()
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{keys: []jose.JSONWebKey{{KeyID: "one", Algorithm: "RS256", Use: "sig", Key: keys[0].Public()}}}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		switch {
		case i.down:
			http.Error(w, "down", http.StatusServiceUnavailable)
		case r.URL.Path == "/.well-known/openid-configuration":
			_ = json.NewEncoder(w).Encode(map[string]string{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
		case i.document != "":
			i.asked++
			_, _ = io.WriteString(w, i.document)
		default:
			i.asked++
			_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: i.keys})
		}
	}))
	t.Cleanup(i.Close)
	return i, keys
}

// signed returns a signed token.
func signed(t *testing.T, algorithm jose.SignatureAlgorithm, key any, kid string, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	out, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	text, err := out.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// tokenAPI returns an API with a route that needs a token, and a route that needs a token with a scope.
func tokenAPI(l *lambdas, i *issuer) Config {
	c := testAPI(l, Route{Key: "GET /x", Function: "f", Authorizer: "people"}, Route{Key: "GET /scoped", Function: "f", Authorizer: "people", Scopes: []string{"links/write", "admin"}})
	c.Authorizers = []Authorizer{{
		Name: "people", IdentitySources: []string{"$request.header.Authorization"}, JWT: &JWT{Issuer: i.URL, Audience: []string{"web", "cli"}},
	}}
	return c
}

func asking(path, authorization string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	return r
}

// valid returns the claims of a valid token, with changes.
func valid(i *issuer, change map[string]any) map[string]any {
	now := noon.Unix()
	claims := map[string]any{"iss": i.URL, "aud": "web", "sub": "ada", "iat": now, "nbf": now, "exp": now + 1}
	maps.Copy(claims, change)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == "absent" })
	return claims
}

func TestTokens(t *testing.T) {
	i, keys := newIssuer(t)
	now := noon.Unix()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i.keys = append(i.keys, jose.JSONWebKey{KeyID: "ec", Key: ec.Public()}, jose.JSONWebKey{KeyID: "enc", Use: "enc", Key: keys[0].Public()}, jose.JSONWebKey{KeyID: "any", Key: keys[0].Public()})
	public, err := x509.MarshalPKIXPublicKey(keys[0].Public())
	if err != nil {
		t.Fatal(err)
	}
	part := base64.RawURLEncoding.EncodeToString
	payload, err := json.Marshal(valid(i, nil))
	if err != nil {
		t.Fatal(err)
	}
	plain := func(change map[string]any) string { return signed(t, jose.RS256, keys[0], "one", valid(i, change)) }
	good := plain(nil)
	tests := map[string]struct{ token, refusal string }{
		"valid":                      {"Bearer " + good, ""},
		"without Bearer":             {good, ""},
		"in lower case":              {"bearer " + good, ""},
		"list of audiences":          {plain(map[string]any{"aud": []string{"other", "cli"}}), ""},
		"client for audience":        {plain(map[string]any{"aud": "absent", "client_id": "web"}), ""},
		"RS512 by a key of any":      {signed(t, jose.RS512, keys[0], "any", valid(i, nil)), ""},
		"no time but the end":        {plain(map[string]any{"iat": "absent", "nbf": "absent"}), ""},
		"other audience":             {plain(map[string]any{"aud": "other"}), "the token does not have a valid audience"},
		"other audience, own client": {plain(map[string]any{"aud": "other", "client_id": "web"}), "the token does not have a valid audience"},
		"no audience":                {plain(map[string]any{"aud": "absent"}), "the token does not have a valid audience"},
		"audience that is no text":   {plain(map[string]any{"aud": 7}), "the token does not have a valid audience"},
		"other issuer":               {plain(map[string]any{"iss": i.URL + "/"}), "the token does not have a valid issuer"},
		"over":                       {plain(map[string]any{"exp": now}), "the token has expired"},
		"no end":                     {plain(map[string]any{"exp": "absent"}), "the token has expired"},
		"end that is a text":         {plain(map[string]any{"exp": "4102444800"}), "exp is not a number"},
		"not yet":                    {plain(map[string]any{"nbf": now + 1}), "nbf is in the future"},
		"of the future":              {plain(map[string]any{"iat": now + 1}), "iat is in the future"},
		"no signature":               {part([]byte(`{"alg":"none","kid":"one"}`)) + "." + part(payload) + ".", "is not signed with RSA"},
		"none, signed":               {part([]byte(`{"alg":"none","kid":"one"}`)) + "." + strings.SplitN(good, ".", 2)[1], "is not signed with RSA"},
		"public key for a secret":    {signed(t, jose.HS256, public, "one", valid(i, nil)), "is not signed with RSA"},
		"elliptic curve":             {signed(t, jose.ES256, ec, "ec", valid(i, nil)), "is not signed with RSA"},
		"PSS":                        {signed(t, jose.PS256, keys[0], "one", valid(i, nil)), "is not signed with RSA"},
		"other key, same kid":        {signed(t, jose.RS256, keys[1], "one", valid(i, nil)), "signature is invalid"},
		"kid of another kind":        {signed(t, jose.RS256, keys[0], "ec", valid(i, nil)), "unable to find key"},
		"key for encryption":         {signed(t, jose.RS256, keys[0], "enc", valid(i, nil)), "unable to find key"},
		"algorithm of another key":   {signed(t, jose.RS512, keys[0], "one", valid(i, nil)), "unable to find key"},
		"unknown kid":                {signed(t, jose.RS256, keys[0], "two", valid(i, nil)), "unable to find key"},
		"no kid":                     {signed(t, jose.RS256, keys[0], "", valid(i, nil)), "has no kid"},
		"other claims":               {strings.Join([]string{strings.Split(good, ".")[0], part([]byte(`{"sub":"eve"}`)), strings.Split(good, ".")[2]}, "."), "signature is invalid"},
		"no token":                   {"Bearer nothing", "malformed"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l := &lambdas{answers: map[string]string{"f": `{}`}}
			resp := serve(t, tokenAPI(l, i), asking("/x", tt.token))
			got, challenge := body(t, resp), resp.Header.Get("Www-Authenticate")
			if tt.refusal == "" {
				if resp.StatusCode != 200 || len(l.payloads) != 1 {
					t.Errorf("%d %s %s", resp.StatusCode, got, challenge)
				}
				return
			}
			if resp.StatusCode != 401 || got != `{"message":"Unauthorized"}` || len(l.payloads) != 0 {
				t.Errorf("%d %s", resp.StatusCode, got)
			}
			if !strings.HasPrefix(challenge, `Bearer scope="" error="invalid_token" error_description="`) || !strings.Contains(challenge, tt.refusal) {
				t.Errorf("challenge %s, want %s", challenge, tt.refusal)
			}
		})
	}
	resp := serve(t, tokenAPI(&lambdas{}, i), asking("/x", ""))
	if got := body(t, resp); resp.StatusCode != 401 || got != `{"message":"Unauthorized"}` || resp.Header.Get("Www-Authenticate") != "Bearer" {
		t.Errorf("without a token: %d %s %v", resp.StatusCode, got, resp.Header)
	}
}

// The function gets the claims as strings, and scopes only if the route requires some.
func TestClaims(t *testing.T) {
	i, keys := newIssuer(t)
	claims := valid(i, map[string]any{
		"scope": "links/read links/write", "cognito:groups": []string{"admins", "staff"}, "email_verified": true, "empty": nil, "version": 2,
		"address": map[string]any{"country": "GB & NI"}, "mixed": []any{1, true, "a b", []any{"x"}}, "none": []string{},
	})
	l := &lambdas{answers: map[string]string{"f": `{}`}}
	c := tokenAPI(l, i)
	var log strings.Builder
	c.AccessLog, c.AccessLogFormat = &log, `$context.authorizer.claims.sub $context.authorizer.claims.nothing`
	token := signed(t, jose.RS256, keys[0], "one", claims)
	for _, path := range []string{"/x", "/scoped"} {
		if resp := serve(t, c, asking(path, token)); resp.StatusCode != 200 {
			t.Fatalf("%s: %d %s", path, resp.StatusCode, resp.Header.Get("Www-Authenticate"))
		}
	}
	want := map[string]any{
		"iss": i.URL, "aud": "web", "sub": "ada", "iat": "1795262400", "nbf": "1795262400", "exp": "1795262401", "scope": "links/read links/write",
		"cognito:groups": "[admins staff]", "email_verified": "true", "version": "2", "address": `{"country":"GB & NI"}`, "mixed": "[1 true a b [x]]", "none": "[]",
	}
	for at, scopes := range []any{nil, []any{"links/read", "links/write"}} {
		var event struct {
			RequestContext struct{ Authorizer map[string]any }
		}
		if err := json.Unmarshal([]byte(l.payloads[at]), &event); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]any{"jwt": map[string]any{"claims": want, "scopes": scopes}}, event.RequestContext.Authorizer); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if log.String() != "ada -\nada -\n" {
		t.Errorf("access log %q", log.String())
	}
}

// A token needs one of the route's scopes, in scp or, without scp, in scope.
func TestScopes(t *testing.T) {
	i, keys := newIssuer(t)
	for name, tt := range map[string]struct {
		change map[string]any
		status int
	}{
		"in scope":         {map[string]any{"scope": "links/read admin"}, 200},
		"in scp":           {map[string]any{"scp": []string{"admin"}, "scope": "other"}, 200},
		"in a text of scp": {map[string]any{"scp": "links/read links/write"}, 200},
		"not in scp":       {map[string]any{"scp": []string{"other"}, "scope": "admin"}, 403},
		"others":           {map[string]any{"scope": "links/read links"}, 403},
		"none":             {nil, 403},
	} {
		l := &lambdas{answers: map[string]string{"f": `{}`}}
		resp := serve(t, tokenAPI(l, i), asking("/scoped", signed(t, jose.RS256, keys[0], "one", valid(i, tt.change))))
		got := body(t, resp)
		if resp.StatusCode != tt.status || tt.status == 403 && got != `{"message":"Forbidden"}` {
			t.Errorf("%s: %d %s", name, resp.StatusCode, got)
		}
	}
	resp := serve(t, tokenAPI(&lambdas{}, i), asking("/scoped", "x"))
	if challenge := resp.Header.Get("Www-Authenticate"); !strings.HasPrefix(challenge, `Bearer scope="links/write admin" error="invalid_token"`) {
		t.Errorf("challenge %s", challenge)
	}
}

// Keys are requested once, and again if they are old or a kid is unknown, but not for every unknown kid.
func TestKeysAreKept(t *testing.T) {
	i, keys := newIssuer(t)
	now := noon
	l := &lambdas{answers: map[string]string{"f": `{}`}}
	c := tokenAPI(l, i)
	c.Now = func() time.Time { return now }
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(key int, kid string) int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, asking("/x", signed(t, jose.RS256, keys[key], kid, valid(i, map[string]any{"exp": now.Unix() + 60}))))
		return w.Code
	}
	expect := func(what string, status, wanted, asked int) {
		t.Helper()
		if status != wanted || i.asked != asked {
			t.Errorf("%s: %d, and %d requests for keys; want %d and %d", what, status, i.asked, wanted, asked)
		}
	}
	expect("the first", ask(0, "one"), 200, 1)
	expect("the second", ask(0, "one"), 200, 1)
	expect("an unknown kid at once", ask(1, "two"), 401, 1)
	i.keys = append(i.keys, jose.JSONWebKey{KeyID: "two", Key: keys[1].Public()})
	now = now.Add(keysPause)
	expect("a new key", ask(1, "two"), 200, 2)
	expect("another unknown kid", ask(1, "three"), 401, 2)
	i.keys = i.keys[1:]
	now = now.Add(keysAge - time.Second)
	expect("a withdrawn key", ask(0, "one"), 200, 2)
	now = now.Add(time.Second)
	expect("a withdrawn key after two hours", ask(0, "one"), 401, 3)
	expect("the other one", ask(1, "two"), 200, 3)
	i.down = true
	now = now.Add(keysAge)
	expect("the issuer is down", ask(1, "two"), 200, 3)
	if status := ask(0, "one"); status != 401 {
		t.Errorf("an unknown key of an issuer that is down: %d", status)
	}
}

func TestIssuerFails(t *testing.T) {
	for want, spoil := range map[string]func(*issuer){
		"OIDC discovery endpoint communication error": func(i *issuer) { i.down = true },
		"JWKS communication error":                    func(i *issuer) { i.document = `{"keys":[` + strings.Repeat(" ", keysBytes) + `]}` },
		"unable to find key":                          func(i *issuer) { i.document = `{"keys":[{"kty":"nonsense","kid":"one"}]}` },
	} {
		i, keys := newIssuer(t)
		spoil(i)
		resp := serve(t, tokenAPI(&lambdas{}, i), asking("/x", signed(t, jose.RS256, keys[0], "one", valid(i, nil))))
		if challenge := resp.Header.Get("Www-Authenticate"); resp.StatusCode != 401 || !strings.Contains(challenge, want) {
			t.Errorf("%s: %d %s", want, resp.StatusCode, challenge)
		}
	}
}

func TestTokenSettings(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"is not an https URL":     func(c *Config) { c.Authorizers[0].JWT.Issuer = "http://example.com" },
		"audience is required":    func(c *Config) { c.Authorizers[0].JWT.Audience = nil },
		"one identity source":     func(c *Config) { c.Authorizers[0].IdentitySources = nil },
		"and no TTL":              func(c *Config) { c.Authorizers[0].TTL = time.Minute },
		"either a function or an": func(c *Config) { c.Authorizers[0].Function = "f" },
		"scopes are for JWT": func(c *Config) {
			c.Routes = append(c.Routes, Route{Key: "GET /y", Function: "f", Scopes: []string{"a"}})
		},
		`"$request.body" is not $req`: func(c *Config) { c.Authorizers[0].IdentitySources = []string{"$request.body"} },
	} {
		c := tokenAPI(&lambdas{}, &issuer{Server: &httptest.Server{URL: "https://example.com"}})
		if err := c.Check(); err != nil {
			t.Fatal(err)
		}
		if change(&c); c.Check() == nil || !strings.Contains(c.Check().Error(), want) {
			t.Errorf("%v, want %s", c.Check(), want)
		}
	}
}
