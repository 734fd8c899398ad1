package cognito

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

const (
	callback = "http://localhost:8080/api/session/callback"
	goodbye  = "http://localhost:8080/"
	secret   = "Correct-horse-7"
)

// world is a running pool with its mail and its clock.
type world struct {
	t      *testing.T
	pools  *Pools
	pool   Pool
	server *httptest.Server

	mu    sync.Mutex
	clock time.Time
	sent  []letter
}

type letter struct{ to, subject, text string }

// testPool returns a pool with a confidential client, a public client and a machine client.
func testPool() Pool {
	client := Client{
		ID: "web", Name: "web", Confidential: true, Flows: []string{codeFlow}, Scopes: []string{"openid", "email", "profile", "links/read", administer},
		Callbacks: []string{callback}, Logouts: []string{goodbye}, Access: time.Hour, Identity: time.Hour, Refresh: 30 * 24 * time.Hour, HideUsers: true,
	}
	public, machine, turning := client, client, client
	public.ID, public.Name, public.Confidential = "spa", "spa", false
	machine.ID, machine.Name, machine.Flows, machine.Scopes, machine.Callbacks = "ci", "ci", []string{machineFlow}, []string{"links/read", "links/write"}, nil
	turning.ID, turning.Name, turning.Rotate, turning.Grace = "turning", "turning", true, 10*time.Second
	return Pool{
		ID: "us-east-1_Test00000", Name: "people", ARN: "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_Test00000", Hosted: true,
		EmailNames: true, VerifyEmail: true, Required: []string{"email"}, TemporaryDays: 7,
		Password: PasswordPolicy{Length: 8, Lowercase: true, Uppercase: true, Number: true, Symbols: true},
		Messages: Messages{
			From: "no-reply@example.com", VerifySubject: "Your code", VerifyText: "Your code is {####}.",
			InvitationSubject: "Welcome", Invitations: "You are {username} with the password {####}",
		},
		Clients: []Client{client, public, machine, turning}, Groups: []string{"admins", "staff"}, Scopes: []string{"links/read", "links/write"},
	}
}

func newWorld(t *testing.T, change func(*Pool)) *world {
	t.Helper()
	w := &world{t: t, pool: testPool(), clock: time.Now()}
	if change != nil {
		change(&w.pool)
	}
	var err error
	if w.pools, err = Open(Options{Region: "us-east-1", Account: "000000000000", Path: filepath.Join(t.TempDir(), "pools.json"), Now: w.now}); err != nil {
		t.Fatal(err)
	}
	w.pools.saved[w.pool.ID] = keys(t)
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.pools.ServeHTTP(rw, r) }))
	t.Cleanup(w.server.Close)
	w.pool.Issuer = w.server.URL + "/_local/cognito/" + w.pool.ID
	w.serve()
	return w
}

// keys returns keys that all tests share, because it takes a while to create them.
func keys(t *testing.T) *state {
	t.Helper()
	made, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return &state{Identity: []*signingKey{{ID: made[0].ID, PEM: made[0].PEM}}, Access: []*signingKey{{ID: made[1].ID, PEM: made[1].PEM}}}
}

var shared = sync.OnceValues(func() (made [2]*signingKey, err error) {
	for i := range made {
		if made[i], err = newSigningKey(); err != nil {
			break
		}
	}
	return made, err
})

func (w *world) serve() {
	w.t.Helper()
	mail := func(_, to, subject, text string) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.sent = append(w.sent, letter{to, subject, text})
		return nil
	}
	if err := w.pools.Serve(w.t.Context(), []Pool{w.pool}, Services{Mail: mail}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

// letter returns the last message.
func (w *world) letter() letter {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.sent) == 0 {
		w.t.Fatal("no mail was sent")
	}
	return w.sent[len(w.sent)-1]
}

// code returns the code in the last message.
func (w *world) code() string { return regexp.MustCompile(`\d{6}`).FindString(w.letter().text) }

// person adds a confirmed user.
func (w *world) person(email string) *user {
	w.t.Helper()
	v := w.pools.pools[w.pool.ID]
	u, err := v.invite(w.t.Context(), email, map[string]string{"email_verified": "true", "name": "Ada"}, "", true)
	if err == nil {
		err = v.choose(u.Name, secret)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// client returns the OAuth configuration of a client.
func (w *world) client(id string) *oauth2.Config {
	w.t.Helper()
	c := &oauth2.Config{
		ClientID: id, RedirectURL: callback, Scopes: []string{"openid", "email"},
		Endpoint: oauth2.Endpoint{AuthURL: w.pool.Issuer + "/oauth2/authorize", TokenURL: w.pool.Issuer + "/oauth2/token"},
	}
	if known, _ := w.pool.client(id); known.Confidential {
		var err error
		if c.ClientSecret, err = w.pools.Secret(w.pool.ID, id); err != nil {
			w.t.Fatal(err)
		}
	}
	return c
}

// visitor returns a browser that does not follow redirects to the client.
func (w *world) visitor() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), "http://localhost:8080/") {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

// seen is the result of a visitor's request: a page, or the redirect to the client.
type seen struct {
	status int
	at     *url.URL
	page   string
}

func (w *world) get(c *http.Client, address string) seen {
	w.t.Helper()
	r, err := c.Get(address)
	return w.see(r, err)
}

func (w *world) see(r *http.Response, err error) seen {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	at := r.Request.URL
	if to, err := r.Location(); err == nil {
		at = to
	}
	return seen{r.StatusCode, at, string(text)}
}

// submit fills in and submits the form of a page.
func (w *world) submit(c *http.Client, on seen, fields ...string) seen {
	w.t.Helper()
	action := regexp.MustCompile(`<form method="post" action="([^"]*)"`).FindStringSubmatch(on.page)
	if action == nil {
		w.t.Fatalf("no form at %s: %d %s", on.at, on.status, on.page)
	}
	form := url.Values{}
	for _, hidden := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(on.page, -1) {
		form.Set(hidden[1], html.UnescapeString(hidden[2]))
	}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	to, err := on.at.Parse(html.UnescapeString(action[1]))
	if err != nil {
		w.t.Fatal(err)
	}
	r, err := c.PostForm(to.String(), form)
	return w.see(r, err)
}

// enter signs in a user, and returns the parameters for the client.
func (w *world) enter(c *http.Client, address, email string) url.Values {
	w.t.Helper()
	on := w.get(c, address)
	if on.at.Host != "localhost:8080" {
		on = w.submit(c, on, "username", email, "password", secret)
	}
	if on.at.Host != "localhost:8080" || on.at.Path != "/api/session/callback" {
		w.t.Fatalf("signing in ended at %s: %d %s", on.at, on.status, on.page)
	}
	return on.at.Query()
}

// tokens signs in a user like a client, and returns the tokens for the code.
func (w *world) tokens(id, email string, scopes ...string) *oauth2.Token {
	w.t.Helper()
	config, verifier := w.client(id), oauth2.GenerateVerifier()
	if scopes != nil {
		config.Scopes = scopes
	}
	got := w.enter(w.visitor(), config.AuthCodeURL("xyz", oauth2.S256ChallengeOption(verifier)), email)
	token, err := config.Exchange(context.Background(), got.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

// claimsOf returns the claims of a token, without checks.
func claimsOf(t *testing.T, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is not a token", token)
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}
