package cognito

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// login returns the sign-in page.
func (w *world) login(c *http.Client) seen {
	return w.get(c, w.client("spa").AuthCodeURL("s"))
}

func (w *world) link(on seen, path string) string {
	to := on.at.JoinPath("..", path)
	to.RawQuery = on.at.RawQuery
	return to.String()
}

func TestSignUp(t *testing.T) {
	w := newWorld(t, nil)
	c := w.visitor()
	on := w.get(c, w.link(w.login(c), "signup"))
	if on = w.submit(c, on, "username", "ada@example.com", "password", "short"); on.status != http.StatusBadRequest || !strings.Contains(on.page, "Password not long enough") {
		t.Fatalf("a short password: %d %s", on.status, on.page)
	}
	on = w.submit(c, on, "username", "ada@example.com", "password", secret)
	if mail := w.letter(); mail.to != "ada@example.com" || mail.subject != "Your code" || w.code() == "" {
		t.Fatalf("mail %+v", mail)
	}
	// Before the address is confirmed, the correct password leads to the page for the code.
	if early := w.submit(c, w.login(c), "username", "ada@example.com", "password", secret); !strings.Contains(early.page, "Confirm your address") {
		t.Errorf("signed in without confirmation: %s %s", early.at, early.page)
	}
	if wrong := w.submit(c, on, "code", "x"); wrong.status != http.StatusBadRequest || !strings.Contains(wrong.page, "Invalid verification code") {
		t.Errorf("a wrong code: %d %s", wrong.status, wrong.page)
	}
	on = w.submit(c, on, "code", w.code())
	if !strings.HasSuffix(on.at.Path, "/login") || !strings.Contains(on.page, `value="ada@example.com"`) {
		t.Fatalf("after the code: %d %s %s", on.status, on.at, on.page)
	}
	if on = w.submit(c, on, "username", "ada@example.com", "password", secret); on.at.Query().Get("code") == "" {
		t.Errorf("after the sign-in: %d %s %s", on.status, on.at, on.page)
	}
	on = w.submit(c, w.get(c, w.link(w.login(w.visitor()), "signup")), "username", "ADA@example.com", "password", secret)
	if on.status != http.StatusBadRequest || !strings.Contains(on.page, "already exists") {
		t.Errorf("the address again: %d %s", on.status, on.page)
	}
}

// A code allows five guesses, is valid for a day, and is replaced by the next one.
func TestCodes(t *testing.T) {
	w := newWorld(t, nil)
	v := w.pools.pools[w.pool.ID]
	if err := v.signUp(t.Context(), "spa", "ada@example.com", secret, nil); err != nil {
		t.Fatal(err)
	}
	first := w.code()
	for range codeTries {
		if err := v.confirm("ada@example.com", "nothing"); err == nil {
			t.Fatal("a wrong code confirms")
		}
	}
	if err := v.confirm("ada@example.com", first); err == nil {
		t.Error("the code is valid after too many tries")
	}
	c := w.visitor()
	on := w.submit(c, w.get(c, w.link(w.login(c), "resend")), "username", "ada@example.com")
	w.pass(verifyAge)
	if on = w.submit(c, on, "code", w.code()); on.status != http.StatusBadRequest {
		t.Errorf("an old code confirms: %d %s", on.status, on.at)
	}
	if err := v.sendCode("ada@example.com", verifyPurpose); err != nil {
		t.Fatal(err)
	}
	if err := v.reset("ada@example.com", w.code(), secret); err == nil {
		t.Error("the code of the address resets the password")
	}
	if err := v.confirm("ada@example.com", w.code()); err != nil {
		t.Error(err)
	}
}

func TestOnlyInvited(t *testing.T) {
	w := newWorld(t, func(p *Pool) { p.InvitedOnly = true })
	c := w.visitor()
	if on := w.login(c); strings.Contains(on.page, "signup") {
		t.Error("the page offers to sign up")
	}
	on := w.submit(c, w.get(c, w.link(w.login(c), "signup")), "username", "eve@example.com", "password", secret)
	if on.status != http.StatusBadRequest || !strings.Contains(on.page, "not permitted") {
		t.Errorf("%d %s", on.status, on.page)
	}
}

func TestResetPassword(t *testing.T) {
	w := newWorld(t, nil)
	w.person("ada@example.com")
	c := w.visitor()
	forgot := w.get(c, w.link(w.login(c), "forgotPassword"))
	unknown := w.submit(c, forgot, "username", "nobody@example.com")
	if len(w.sent) != 0 {
		t.Errorf("mail to nobody: %+v", w.sent)
	}
	on := w.submit(c, forgot, "username", "ada@example.com")
	if strings.ReplaceAll(on.page, "ada@", "nobody@") != unknown.page {
		t.Error("the page reveals whether the user exists")
	}
	if bad := w.submit(c, on, "code", w.code(), "password", "short"); bad.status != http.StatusBadRequest {
		t.Errorf("a short password: %d", bad.status)
	}
	on = w.submit(c, on, "code", w.code(), "password", "Another-horse-8")
	if on = w.submit(c, on, "username", "ada@example.com", "password", secret); on.status != http.StatusBadRequest {
		t.Errorf("the former password: %d %s", on.status, on.at)
	}
	if on = w.submit(c, on, "username", "ada@example.com", "password", "Another-horse-8"); on.at.Query().Get("code") == "" {
		t.Errorf("the new password: %d %s", on.status, on.at)
	}
}

// Invited users choose a password at the first sign-in.
func TestInvitation(t *testing.T) {
	w := newWorld(t, func(p *Pool) {
		p.Users = []NewUser{{Name: "ada@example.com", Attributes: map[string]string{"email_verified": "true"}, Groups: []string{"admins"}}}
	})
	mail := w.letter()
	_, temporary, ok := strings.Cut(mail.text, "You are ada@example.com with the password ")
	if mail.to != "ada@example.com" || !ok {
		t.Fatalf("mail %+v", mail)
	}
	c := w.visitor()
	on := w.submit(c, w.login(c), "username", "ada@example.com", "password", unescape(temporary))
	if !strings.Contains(on.page, "Choose your password") {
		t.Fatalf("%d %s %s", on.status, on.at, on.page)
	}
	if on = w.submit(c, on, "password", "short"); on.status != http.StatusBadRequest {
		t.Fatalf("a short password: %d", on.status)
	}
	used := on
	if on = w.submit(c, on, "password", secret); on.at.Query().Get("code") == "" {
		t.Errorf("%d %s %s", on.status, on.at, on.page)
	}
	if again := w.submit(c, used, "password", "Stolen-horse-9"); again.at.Query().Get("code") == "" && !strings.HasSuffix(again.at.Path, "/login") {
		t.Errorf("the form again: %d %s", again.status, again.at)
	}
	if _, err := w.pools.pools[w.pool.ID].signIn(w.pool.Clients[0], "ada@example.com", "Stolen-horse-9"); err == nil {
		t.Error("the form could be submitted twice")
	}
	w.serve() // as after a restart
	if len(w.sent) != 1 {
		t.Error("the user of the template is invited again")
	}
}

func unescape(text string) string {
	return strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(text)
}

// After five wrong passwords, each further one doubles the delay before the next attempt, up to 15 minutes.
func TestWrongPasswords(t *testing.T) {
	w := newWorld(t, nil)
	w.person("ada@example.com")
	v, c := w.pools.pools[w.pool.ID], w.pool.Clients[0]
	refused := func(password string) string {
		_, err := v.signIn(c, "ada@example.com", password)
		if err == nil {
			return ""
		}
		return err.Error()
	}
	if a, b := refused("wrong"), func() string { _, err := v.signIn(c, "nobody@example.com", "wrong"); return err.Error() }(); a != b {
		t.Errorf("a user who exists gets %q, another %q", a, b)
	}
	for range freeTries - 1 {
		refused("wrong")
	}
	if got := refused(secret); got != "Password attempts exceeded" {
		t.Errorf("after %d tries: %q", freeTries, got)
	}
	w.pass(time.Second)
	refused("wrong")
	w.pass(time.Second)
	if got := refused(secret); got == "" {
		t.Error("the second lock takes as long as the first")
	}
	w.pass(time.Second)
	if got := refused(secret); got != "" {
		t.Errorf("after the time: %q", got)
	}
	u := user{Failures: 1000}
	if u.failed(w.now()); u.Locked.Sub(w.now()) != maxLock {
		t.Errorf("locked for %v", u.Locked.Sub(w.now()))
	}
}

// Other sites cannot submit the forms, and browsers neither frame nor cache the pages.
func TestPagesAreProtected(t *testing.T) {
	w := newWorld(t, nil)
	on := w.login(w.visitor())
	r, err := http.NewRequest(http.MethodPost, on.at.String(), strings.NewReader("username=a&password=b"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site: %d", answer.StatusCode)
	}
	answer, err = http.Get(on.at.String())
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if policy := answer.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'none'") || answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", answer.Header)
	}
	hint := url.Values{"client_id": {"spa"}, "redirect_uri": {callback}, "login_hint": {`"><script>`}}
	if on := w.get(w.visitor(), w.pool.Issuer+"/login?"+hint.Encode()); strings.Contains(on.page, "<script>") {
		t.Errorf("a parameter becomes part of the page: %s", on.page)
	}
	hint.Set("redirect_uri", "https://evil.example/")
	if on := w.get(w.visitor(), w.pool.Issuer+"/login?"+hint.Encode()); on.status != http.StatusBadRequest {
		t.Errorf("a page for another redirect URI: %d", on.status)
	}
}

// The pool's function may reject new users, or confirm them.
func TestPreSignUp(t *testing.T) {
	w := newWorld(t, func(p *Pool) { p.PreSignUp = "check" })
	v := w.pools.pools[w.pool.ID]
	var events []map[string]any
	answer, problem, failure := `{"response":{"autoConfirmUser":true,"autoVerifyEmail":true}}`, "", error(nil)
	w.pools.services.Invoke = func(_ context.Context, function string, event []byte) ([]byte, string, error) {
		var e map[string]any
		if err := json.Unmarshal(event, &e); err != nil || function != "check" {
			t.Errorf("%s: %v", function, err)
		}
		events = append(events, e)
		return []byte(answer), problem, failure
	}
	if err := v.signUp(t.Context(), "spa", "ada@example.com", secret, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := v.signIn(w.pool.Clients[0], "ada@example.com", secret); err != nil || len(w.sent) != 0 {
		t.Errorf("not confirmed by the function: %v", err)
	}
	request, _ := events[0]["request"].(map[string]any)
	attributes, _ := request["userAttributes"].(map[string]any)
	caller, _ := events[0]["callerContext"].(map[string]any)
	if events[0]["triggerSource"] != "PreSignUp_SignUp" || events[0]["userPoolId"] != w.pool.ID || attributes["email"] != "ada@example.com" || caller["clientId"] != "spa" {
		t.Errorf("event %v", events[0])
	}
	answer, problem = `{"errorMessage":"only example.com","errorType":"x"}`, "Unhandled"
	if err := v.signUp(t.Context(), "spa", "eve@example.org", secret, nil); err == nil || err.Error() != "PreSignUp failed with error only example.com." {
		t.Errorf("refused: %v", err)
	}
	answer, problem = `[]`, ""
	if err := v.signUp(t.Context(), "spa", "eve@example.org", secret, nil); err == nil || !strings.Contains(err.Error(), "Unrecognizable") {
		t.Errorf("no answer: %v", err)
	}
	failure = errors.New("gone")
	if _, err := v.invite(t.Context(), "eve@example.org", nil, "", true); err == nil || events[3]["triggerSource"] != "PreSignUp_AdminCreateUser" {
		t.Errorf("no function: %v", err)
	}
}
