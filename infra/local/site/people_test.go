package site

import (
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

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/minim-dev/minim/infra/local/cloud"
)

// TestPeople signs in a user of the template with an independent OpenID Connect client, and calls a route with the
// token. Users, keys, secrets and sessions survive a restart.
func TestPeople(t *testing.T) {
	s, _, out := example(t)
	text, err := os.ReadFile("../plan/testdata/people.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s.Template = filepath.Join(filepath.Dir(s.Template), "people.yaml")
	if err := os.WriteFile(s.Template, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(s.Binaries, "echo"), filepath.Join(s.Binaries, "check")); err != nil {
		t.Fatal(err)
	}
	stop := begin(t, s, out)
	p := describe(t, s)
	const password = "correct-horse-7"
	config := aws.Config{Region: cloud.Region, Credentials: credentials.NewStaticCredentialsProvider(cloud.AccessKey, "x", "")}
	pools := cognitoidentityprovider.NewFromConfig(config, func(o *cognitoidentityprovider.Options) {
		o.BaseEndpoint = aws.String(endpoints(t, s.State)["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"])
	})
	_, pool, _ := strings.Cut(p["Pool"], "/")
	if _, err := pools.AdminSetUserPassword(t.Context(), &cognitoidentityprovider.AdminSetUserPasswordInput{
		UserPoolId: &pool, Username: aws.String("ada@example.com"), Password: aws.String(password), Permanent: true,
	}); err != nil {
		t.Fatal(err)
	}
	signIn := func(scopes ...string) (*oauth2.Config, *oauth2.Token) {
		t.Helper()
		return signIn(t, p, "ada@example.com", password, scopes...)
	}
	call := func(token string) (int, string) {
		t.Helper()
		return callWith(t, "http://"+s.host()+"/me", token)
	}
	client, token := signIn("openid", "email", "links/read")
	if status, body := call(token.AccessToken); status != 200 || body != "you asked for /me" {
		t.Errorf("with a token: %d %s", status, body)
	}
	if status, body := call(""); status != 401 || body != `{"message":"Unauthorized"}` {
		t.Errorf("without a token: %d %s", status, body)
	}
	if _, narrow := signIn("openid"); narrow != nil {
		if status, body := call(narrow.AccessToken); status != 403 || body != `{"message":"Forbidden"}` {
			t.Errorf("without the scope: %d %s", status, body)
		}
	}
	other, err := http.NewRequest(http.MethodGet, p["Issuer"]+"/.well-known/jwks.json", nil)
	if err != nil {
		t.Fatal(err)
	}
	other.Host = "evil.example"
	if answer, err := http.DefaultClient.Do(other); err != nil || answer.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("by another name: %v, %v", answer, err)
	}
	if status, page := get(t, "http://"+s.host()+"/_local/pools"); status != 200 || !strings.Contains(page, p["Client"]) {
		t.Errorf("the console: %d %s", status, page)
	}

	stop()
	out.text.Reset()
	begin(t, s, out)
	if again, err := client.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token(); err != nil {
		t.Errorf("after the restart: %v", err)
	} else if status, body := call(again.AccessToken); status != 200 {
		t.Errorf("after the restart: %d %s", status, body)
	}
	signIn("openid")
}

// describe returns the outputs of the stack.
func describe(t *testing.T, s Options) map[string]string {
	t.Helper()
	config := aws.Config{Region: cloud.Region, Credentials: credentials.NewStaticCredentialsProvider(cloud.AccessKey, "x", "")}
	stacks, err := cloudformation.NewFromConfig(config, func(o *cloudformation.Options) {
		o.BaseEndpoint = aws.String(endpoints(t, s.State)["AWS_ENDPOINT_URL"])
	}).DescribeStacks(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	outputs := map[string]string{}
	for _, o := range stacks.Stacks[0].Outputs {
		outputs[*o.OutputKey] = *o.OutputValue
	}
	return outputs
}

// signIn signs in a user as a client that has only the issuer's address.
func signIn(t *testing.T, outputs map[string]string, user, password string, scopes ...string) (*oauth2.Config, *oauth2.Token) {
	t.Helper()
	provider, err := oidc.NewProvider(t.Context(), outputs["Issuer"])
	if err != nil {
		t.Fatal(err)
	}
	client := &oauth2.Config{
		ClientID: outputs["Client"], ClientSecret: outputs["Secret"], Endpoint: provider.Endpoint(), Scopes: scopes,
		RedirectURL: "https://example.com/api/session/callback",
	}
	verifier := oauth2.GenerateVerifier()
	code := enter(t, client.AuthCodeURL("state", oauth2.S256ChallengeOption(verifier)), user, password)
	token, err := client.Exchange(t.Context(), code, oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: client.ClientID}).Verify(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Groups []string `json:"cognito:groups"`
	}
	if err := id.Claims(&claims); err != nil || len(claims.Groups) != 1 || claims.Groups[0] != "admins" {
		t.Errorf("groups %v, %v", claims.Groups, err)
	}
	return client, token
}

func callWith(t *testing.T, address, token string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// enter signs in like a browser, and returns the client's authorization code.
func enter(t *testing.T, address, user, password string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host == "example.com" {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	page, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer page.Body.Close()
	text, err := io.ReadAll(page.Body)
	if err != nil {
		t.Fatal(err)
	}
	action := regexp.MustCompile(`<form method="post" action="([^"]*)"`).FindSubmatch(text)
	if action == nil {
		t.Fatalf("no form: %d %s", page.StatusCode, text)
	}
	to, err := page.Request.URL.Parse(html.UnescapeString(string(action[1])))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := browser.PostForm(to.String(), url.Values{"username": {user}, "password": {password}})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	back, err := answer.Location()
	if err != nil || back.Query().Get("code") == "" {
		t.Fatalf("no code: %d %s, %v", answer.StatusCode, back, err)
	}
	return back.Query().Get("code")
}
