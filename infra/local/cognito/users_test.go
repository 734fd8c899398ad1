package cognito

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	"golang.org/x/oauth2"
)

// login is the page where a visitor begins.
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
	// Before the address is confirmed, the right password leads to the code.
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

// A code can be guessed five times, is valid for a day, and is replaced by the next one.
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
		t.Error("the page tells whether the user exists")
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

// Who is invited chooses a password at the first sign-in.
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

// After five wrong passwords, each further one doubles the time until the next try, up to a quarter of an hour.
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

// Other sites cannot submit the forms, and pages are neither framed nor kept.
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

// The function of the pool may refuse people, and confirm them.
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

// awsClient is the SDK's.
func (w *world) awsClient() *cognitoidentityprovider.Client {
	server := httptest.NewServer(w.pools.API())
	w.t.Cleanup(server.Close)
	return cognitoidentityprovider.New(cognitoidentityprovider.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("local", "x", ""), RetryMaxAttempts: 1,
	})
}

func failureOf(err error) string {
	if failure, ok := errors.AsType[smithy.APIError](err); ok {
		return failure.ErrorCode()
	}
	return ""
}

// Administrators use the SDK of AWS.
func TestAdministration(t *testing.T) {
	w := newWorld(t, nil)
	c, ctx, pool := w.awsClient(), t.Context(), &w.pool.ID
	ada := aws.String("ada@example.com")
	made, err := c.AdminCreateUser(ctx, &cognitoidentityprovider.AdminCreateUserInput{
		UserPoolId: pool, Username: ada, MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{{Name: aws.String("email_verified"), Value: aws.String("true")}},
	})
	if err != nil || made.User.UserStatus != types.UserStatusTypeForceChangePassword || !made.User.Enabled || made.User.UserCreateDate == nil || len(w.sent) != 0 {
		t.Fatalf("%+v, %v", made, err)
	}
	_, err = c.AdminCreateUser(ctx, &cognitoidentityprovider.AdminCreateUserInput{UserPoolId: pool, Username: ada})
	if failureOf(err) != "UsernameExistsException" {
		t.Errorf("again: %v", err)
	}
	set := func(password string) error {
		_, err := c.AdminSetUserPassword(ctx, &cognitoidentityprovider.AdminSetUserPasswordInput{UserPoolId: pool, Username: ada, Password: &password, Permanent: true})
		return err
	}
	if err := set("short"); failureOf(err) != "InvalidPasswordException" {
		t.Errorf("a short password: %v", err)
	}
	if err := set(secret); err != nil {
		t.Fatal(err)
	}
	if _, err := c.AdminAddUserToGroup(ctx, &cognitoidentityprovider.AdminAddUserToGroupInput{UserPoolId: pool, Username: ada, GroupName: aws.String("admins")}); err != nil {
		t.Error(err)
	}
	_, err = c.AdminAddUserToGroup(ctx, &cognitoidentityprovider.AdminAddUserToGroupInput{UserPoolId: pool, Username: ada, GroupName: aws.String("none")})
	if failureOf(err) != "ResourceNotFoundException" {
		t.Errorf("an unknown group: %v", err)
	}
	groups, err := c.AdminListGroupsForUser(ctx, &cognitoidentityprovider.AdminListGroupsForUserInput{UserPoolId: pool, Username: ada})
	if err != nil || len(groups.Groups) != 1 || *groups.Groups[0].GroupName != "admins" {
		t.Errorf("groups %+v, %v", groups, err)
	}
	token := w.tokens("spa", *ada)
	if claims := claimsOf(t, token.AccessToken); claims["cognito:groups"].([]any)[0] != "admins" {
		t.Errorf("claims %v", claims)
	}
	got, err := c.AdminGetUser(ctx, &cognitoidentityprovider.AdminGetUserInput{UserPoolId: pool, Username: ada})
	if err != nil || got.UserStatus != types.UserStatusTypeConfirmed || len(got.UserAttributes) != 3 || *got.Username != *made.User.Username {
		t.Errorf("%+v, %v", got, err)
	}
	for filter, want := range map[string]int{`email = "ada@example.com"`: 1, `email ^= "ada"`: 1, `email = "ada"`: 0, `"sub"="x"`: 0, "": 1} {
		list, err := c.ListUsers(ctx, &cognitoidentityprovider.ListUsersInput{UserPoolId: pool, Filter: aws.String(filter)})
		if err != nil || len(list.Users) != want {
			t.Errorf("%s: %+v, %v", filter, list, err)
		}
	}
	if _, err = c.ListUsers(ctx, &cognitoidentityprovider.ListUsersInput{UserPoolId: pool, Filter: aws.String("email")}); failureOf(err) != "InvalidParameterException" {
		t.Errorf("a filter without a value: %v", err)
	}
	refresh := func() error {
		_, err := w.client("spa").TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
		return err
	}
	if err := refresh(); err != nil {
		t.Error(err)
	}
	if _, err := c.AdminUserGlobalSignOut(ctx, &cognitoidentityprovider.AdminUserGlobalSignOutInput{UserPoolId: pool, Username: ada}); err != nil || refresh() == nil {
		t.Errorf("signed out everywhere, but not here: %v", err)
	}
	token = w.tokens("spa", *ada)
	if _, err := c.AdminDisableUser(ctx, &cognitoidentityprovider.AdminDisableUserInput{UserPoolId: pool, Username: ada}); err != nil || refresh() == nil {
		t.Errorf("disabled, but not here: %v", err)
	}
	browser := w.visitor()
	if on := w.submit(browser, w.login(browser), "username", *ada, "password", secret); on.status != http.StatusBadRequest {
		t.Errorf("a disabled user signs in: %d %s", on.status, on.at)
	}
	if _, err := c.AdminEnableUser(ctx, &cognitoidentityprovider.AdminEnableUserInput{UserPoolId: pool, Username: ada}); err != nil {
		t.Error(err)
	}
	w.tokens("spa", *ada)
	if _, err := c.AdminDeleteUser(ctx, &cognitoidentityprovider.AdminDeleteUserInput{UserPoolId: pool, Username: ada}); err != nil {
		t.Error(err)
	}
	_, err = c.AdminGetUser(ctx, &cognitoidentityprovider.AdminGetUserInput{UserPoolId: pool, Username: ada})
	if failureOf(err) != "UserNotFoundException" {
		t.Errorf("a deleted user: %v", err)
	}
	_, err = c.AdminGetUser(ctx, &cognitoidentityprovider.AdminGetUserInput{UserPoolId: aws.String("us-east-1_Other"), Username: ada})
	if failureOf(err) != "ResourceNotFoundException" {
		t.Errorf("another pool: %v", err)
	}
	if _, err = c.DescribeUserPool(ctx, &cognitoidentityprovider.DescribeUserPoolInput{UserPoolId: pool}); failureOf(err) != "UnknownOperationException" {
		t.Errorf("an unknown call: %v", err)
	}
}

func TestListUsersInPages(t *testing.T) {
	w := newWorld(t, nil)
	for _, name := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		w.person(name)
	}
	pages := cognitoidentityprovider.NewListUsersPaginator(w.awsClient(), &cognitoidentityprovider.ListUsersInput{UserPoolId: &w.pool.ID, Limit: aws.Int32(2)})
	found := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found += len(page.Users)
	}
	if found != 3 {
		t.Errorf("%d users", found)
	}
}

// Everything is there after a restart, and nothing of it can be read off the disk.
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

// A link signs in once, and leads to the application only.
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
		"client_credentials needs a secret", `no scope "none"`, "http is for localhost only", "has a fragment", "without wildcards", "is not a whole URL",
		"access tokens valid for 1m0s", "refresh tokens valid for 1m0s", "replaced refresh tokens valid for 1h0m0s",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in:\n%v", want, err)
		}
	}
}
