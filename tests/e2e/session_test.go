package e2e

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// signIn signs a user up at the pool of a local cloud and in to the site, using the pages of both, in two browsers.
// Then it signs the user out of one browser and finally out of all.
func signIn(t *testing.T, c *cloud) {
	t.Helper()
	first, second := newBrowser(t, c), newBrowser(t, c)

	first.signUp("ada@example.com")
	if got := first.at.String(); got != c.base+"/app/links/new" {
		t.Fatalf("signed in at %s: %s", got, first.page)
	}
	for _, cookie := range first.cookies() {
		if strings.HasPrefix(cookie.Name, "__Host-") && len(cookie.Value) != 26 {
			t.Errorf("the browser has more than a token: %s", cookie)
		}
	}

	me := first.session()
	if me.Email != "ada@example.com" || len(me.Sessions) != 1 || !me.Sessions[0].Current || len(me.Scopes) < 2 {
		t.Errorf("signed in as %+v", me)
	}
	writes(first)
	createLink(first)

	second.visit(c.base + "/api/session/new?to=//evil.example/")
	second.submit(url.Values{"username": {"ada@example.com"}, "password": {"correct horse battery"}})
	if got := second.at.String(); got != c.base+"/" {
		t.Errorf("signed in at %s", got)
	}
	if me := second.session(); len(me.Sessions) != 2 {
		t.Errorf("signed in as %+v", me)
	}
	second.visit(c.base + "/api/session/callback?code=x&state=" + strings.Repeat("A", 26))
	if !strings.Contains(second.page, "You are not signed in") {
		t.Errorf("with an invalid state: %s", second.page)
	}

	signOut(first)
	second.session()

	if got := second.send(http.MethodDelete, "/api/session?all=true", sameOrigin(), ""); got.status != http.StatusOK {
		t.Errorf("sign out everywhere: %d %s", got.status, got.body)
	}

	printed, err := os.ReadFile(filepath.Join(c.state, "sign-in"))
	if err != nil {
		t.Fatal(err)
	}
	second.visit(strings.TrimSpace(string(printed)))
	if me := second.session(); me.Email != "you@minim.example" || second.at.Path != "/app/" {
		t.Errorf("with the link of make dev: %+v at %s", me, second.at)
	}
}

// signUp creates a user at the pool, confirms the address by the mailed code, and signs in to a page of the site.
func (b *browser) signUp(address string) {
	b.t.Helper()
	account := func() url.Values { return url.Values{"username": {address}, "password": {"correct horse battery"}} }
	b.visit(b.cloud.base + "/api/session/new?to=/app/links/new")
	b.follow("Sign up")
	b.submit(account())
	b.submit(url.Values{"code": {b.cloud.mailed(b.t, `(?s)`+regexp.QuoteMeta(address)+`.*code is (\d{6})`)}})
	b.submit(account())
}

func sameOrigin() http.Header { return http.Header{"Sec-Fetch-Site": {"same-origin"}} }

// writes sends a write, which only the site's pages can do with the cookie: the answer is 404, as the session does not exist.
func writes(b *browser) {
	b.t.Helper()
	const path = "/api/session/none"
	for name, header := range map[string]http.Header{
		"no origin":           {},
		"another site":        {"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
		"a site beside":       {"Sec-Fetch-Site": {"same-site"}, "Origin": {b.cloud.base}},
		"an old browser":      {"Origin": {"https://evil.example"}},
		"a token of a friend": {"Sec-Fetch-Site": {"cross-site"}, "Authorization": {"Session same-origin " + strings.Repeat("A", 26)}},
	} {
		if got := b.send(http.MethodDelete, path, header, ""); got.status != http.StatusForbidden {
			b.t.Errorf("written by %s: %d %s", name, got.status, got.body)
		}
	}
	if got := b.send(http.MethodDelete, path, sameOrigin(), ""); got.status != http.StatusNotFound {
		b.t.Errorf("written by a page of the site: %d %s", got.status, got.body)
	}
	for _, path := range []string{path + "?all=true", "/api/session?all=yes", "/api/session?al=true"} {
		if got := b.send(http.MethodDelete, path, sameOrigin(), ""); got.status != http.StatusBadRequest {
			b.t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	// The authorizer's cached answers for the site's own requests do not apply to others.
	if got := b.send(http.MethodDelete, path, http.Header{"Sec-Fetch-Site": {"cross-site"}}, ""); got.status != http.StatusForbidden {
		b.t.Errorf("written by another site: %d %s", got.status, got.body)
	}
}

// createLink creates a link with the cookie. It belongs to the person, and the owner of a key does not see it.
func createLink(b *browser) {
	b.t.Helper()
	const link = `{"url":"https://example.com/","code":"adas"}`
	if got := b.send(http.MethodPost, "/api/links", nil, link); got.status != http.StatusForbidden {
		b.t.Errorf("without an origin: %d %s", got.status, got.body)
	}
	if got := b.send(http.MethodPost, "/api/links", sameOrigin(), link); got.status != http.StatusCreated {
		b.t.Errorf("create a link: %d %s", got.status, got.body)
	}
	if got := b.send(http.MethodGet, "/api/links/adas", nil, ""); got.status != http.StatusOK {
		b.t.Errorf("get the link: %d %s", got.status, got.body)
	}
	key, err := b.cloud.key(b.t.Context(), "bob", "links:read")
	if err != nil {
		b.t.Fatal(err)
	}
	if got := b.send(http.MethodGet, "/api/links/adas", http.Header{"Authorization": {"Bearer " + key}}, ""); got.status != http.StatusNotFound {
		b.t.Errorf("the cookie takes precedence over the key: %d %s", got.status, got.body)
	}
}

// signOut ends the browser's session, and the issuer's.
func signOut(b *browser) {
	b.t.Helper()
	stolen := b.cookies()
	got := b.send(http.MethodDelete, "/api/session", sameOrigin(), "")
	var ended struct{ SignOut string }
	if err := json.Unmarshal(got.body, &ended); err != nil || got.status != http.StatusOK || ended.SignOut == "" {
		b.t.Fatalf("sign out: %d %s", got.status, got.body)
	}
	if got := b.send(http.MethodGet, "/api/session", nil, ""); got.status != http.StatusUnauthorized {
		b.t.Errorf("without the cookie: %d %s", got.status, got.body)
	}
	b.keep(stolen)
	b.refused("the session that has ended")
	b.visit(ended.SignOut)
	if got := b.at.String(); got != b.cloud.base+"/" {
		b.t.Errorf("signed out at %s", got)
	}
	b.visit(b.cloud.base + "/api/session/new")
	if !strings.Contains(b.page, `type="password"`) {
		b.t.Errorf("the pool's session has not ended: %s %s", b.at, b.page)
	}
}

// browser stores cookies and shows one page.
type browser struct {
	t      *testing.T
	cloud  *cloud
	client *http.Client
	at     *url.URL
	page   string
}

// jar treats localhost as secure, as browsers do.
type jar struct{ *cookiejar.Jar }

func (j jar) SetCookies(u *url.URL, cookies []*http.Cookie) { j.Jar.SetCookies(secure(u), cookies) }
func (j jar) Cookies(u *url.URL) []*http.Cookie             { return j.Jar.Cookies(secure(u)) }

func secure(u *url.URL) *url.URL {
	s := *u
	s.Scheme = "https"
	return &s
}

func newBrowser(t *testing.T, c *cloud) *browser {
	t.Helper()
	cookies, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, cloud: c, client: &http.Client{Jar: jar{cookies}, Timeout: time.Minute}}
}

func (b *browser) cookies() []*http.Cookie { return b.client.Jar.Cookies(b.home()) }

// keep restores the site's cookies.
func (b *browser) keep(cookies []*http.Cookie) {
	for _, c := range cookies {
		c.Path, c.Secure = "/", true
	}
	b.client.Jar.SetCookies(b.home(), cookies)
}

func (b *browser) home() *url.URL {
	u, err := url.Parse(b.cloud.base + "/")
	if err != nil {
		b.t.Fatal(err)
	}
	return u
}

func (b *browser) visit(address string) {
	b.t.Helper()
	b.show(http.MethodGet, address, "")
}

func (b *browser) show(method, address, form string) {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, address, strings.NewReader(form))
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Accept", "text/html")
	if form != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := b.client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.at, b.page = response.Request.URL, string(page)
}

// resolve returns the absolute URL of an address in the page.
func (b *browser) resolve(pattern string) string {
	b.t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(b.page)
	if found == nil {
		b.t.Fatalf("%s has no %s: %s", b.at, pattern, b.page)
	}
	to, err := b.at.Parse(html.UnescapeString(found[1]))
	if err != nil {
		b.t.Fatal(err)
	}
	return to.String()
}

func (b *browser) follow(text string) {
	b.t.Helper()
	b.visit(b.resolve(`<a href="([^"]*)">` + text))
}

// submit sends the page's form with its hidden fields.
func (b *browser) submit(fields url.Values) {
	b.t.Helper()
	for _, input := range regexp.MustCompile(`<input[^>]*type="hidden"[^>]*>`).FindAllString(b.page, -1) {
		name, value := regexp.MustCompile(`name="([^"]*)"`).FindStringSubmatch(input), regexp.MustCompile(`value="([^"]*)"`).FindStringSubmatch(input)
		if name != nil && value != nil {
			fields.Set(name[1], html.UnescapeString(value[1]))
		}
	}
	b.show(http.MethodPost, b.resolve(`<form method="post" action="([^"]*)"`), fields.Encode())
}

// send calls the API, as a script of a page does.
func (b *browser) send(method, path string, header http.Header, body string) answer {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.cloud.base+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, cookie := range b.client.Jar.Cookies(request.URL) {
		request.AddCookie(cookie)
	}
	got, err := exchange(request)
	if err != nil {
		b.t.Error(err)
	}
	b.client.Jar.SetCookies(request.URL, (&http.Response{Header: got.header}).Cookies())
	return got
}

type who struct {
	Email    string
	Scopes   []string
	Sessions []struct{ Current bool }
}

// session returns the user who is signed in.
func (b *browser) session() (me who) {
	b.t.Helper()
	got := b.send(http.MethodGet, "/api/session", nil, "")
	if err := json.Unmarshal(got.body, &me); err != nil || got.status != http.StatusOK {
		b.t.Errorf("who am I: %d %s", got.status, got.body)
	}
	return me
}

// refused waits until the API's cached permission expires and it refuses the browser.
func (b *browser) refused(what string) {
	b.t.Helper()
	for began := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		got := b.send(http.MethodGet, "/api/session", nil, "")
		if got.status == http.StatusForbidden {
			return
		}
		if time.Since(began) > 6*time.Second {
			b.t.Errorf("%s: %d %s", what, got.status, got.body)
			return
		}
	}
}

// mailed waits for a mail with a text, and returns the group's match.
func (c *cloud) mailed(t *testing.T, pattern string) string {
	t.Helper()
	for range 50 {
		mails, err := filepath.Glob(filepath.Join(c.state, "outbox", "*.eml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range mails {
			mail, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			mail = regexp.MustCompile(`=\r?\n`).ReplaceAll(mail, nil) // long lines, in quoted-printable
			if found := regexp.MustCompile(pattern).FindSubmatch(mail); found != nil {
				return string(found[1])
			}
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatalf("no mail matches %s", pattern)
	return ""
}
