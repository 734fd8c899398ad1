package plan

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/infra/local/cognito"
	"github.com/minim-dev/minim/infra/local/httpapi"
	"github.com/minim-dev/minim/infra/local/template"
)

const peopleYAML = "testdata/people.yaml"

// people plans testdata/people.yaml, the template of a user pool, in which a text is replaced.
func people(t *testing.T, from, to string) (*Plan, error) {
	t.Helper()
	text, err := os.ReadFile(peopleYAML)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), from) {
		t.Fatalf("%s does not contain %q", peopleYAML, from)
	}
	stack, err := template.Parse([]byte(strings.Replace(string(text), from, to, 1)), template.Options{
		StackName: "test", Account: "000000000000", Region: "us-east-1", EdgeDomain: "localhost:8080", QueueEndpoint: "http://sqs",
		ClientSecret: func(pool, client string) string { return "secret of " + pool + " " + client },
	})
	if err != nil {
		return nil, err
	}
	return New(stack, Options{Region: "us-east-1", Account: "000000000000", QueueEndpoint: "http://sqs", Binaries: "build", Seed: "seed"})
}

func TestPools(t *testing.T) {
	p, err := people(t, "", "")
	if err != nil {
		t.Fatal(err)
	}
	out := p.Stack.Outputs()
	arn := out["Pool"]
	id := arn[strings.LastIndex(arn, "/")+1:]
	if len(id) != len("us-east-1_")+9 || !strings.HasPrefix(arn, "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_") || len(out["Client"]) != 26 {
		t.Errorf("pool %s, client %s", arn, out["Client"])
	}
	issuer := "http://localhost:8080/_local/cognito/" + id
	if out["Issuer"] != issuer || out["Provider"] != "cognito-idp.us-east-1.amazonaws.com/"+id || out["Secret"] != "secret of "+id+" "+out["Client"] {
		t.Errorf("outputs %v", out)
	}
	want := []cognito.Pool{{
		ID: id, Name: "people", ARN: arn, Issuer: issuer, Hosted: true, EmailNames: true, VerifyEmail: true, InvitedOnly: true,
		Attributes: []string{"custom:email", "custom:team"}, Required: []string{"email"}, Password: cognito.PasswordPolicy{Length: 12, Number: true}, TemporaryDays: 3,
		Messages: cognito.Messages{
			From: "no-reply@example.com", VerifySubject: "Your code", VerifyText: "Code {####}", InvitationSubject: "Welcome", Invitations: "{username} {####}",
		},
		PreSignUp: "check",
		Clients: []cognito.Client{{
			ID: out["Client"], Name: "web", Confidential: true, Flows: []string{"code"}, Scopes: []string{"openid", "email", "links/read"},
			Callbacks: []string{"https://example.com/api/session/callback"}, Logouts: []string{"https://example.com/"},
			Access: 10 * time.Minute, Identity: time.Hour, Refresh: 12 * time.Hour, Rotate: true, Grace: 10 * time.Second, HideUsers: true,
		}},
		Groups: []string{"admins"}, Scopes: []string{"links/read", "links/write"},
		Users: []cognito.NewUser{{Name: "ada@example.com", Attributes: map[string]string{"email_verified": "true"}, Groups: []string{"admins"}, Silent: true}},
	}}
	if diff := cmp.Diff(want, p.Pools); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	authorizers := []httpapi.Authorizer{{
		Name: "tokens", IdentitySources: []string{"$request.header.Authorization"}, JWT: &httpapi.JWT{Issuer: issuer, Audience: []string{out["Client"]}},
	}}
	if diff := cmp.Diff(authorizers, p.APIs[0].Authorizers); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if route := p.APIs[0].Routes[0]; route.Authorizer != "tokens" || !cmp.Equal(route.Scopes, []string{"links/read"}) {
		t.Errorf("route %+v", route)
	}
	notes := strings.Join(p.Notes, "\n")
	for _, each := range []string{"Looks (AWS::Cognito::ManagedLoginBranding)", "Pool.Properties.MfaConfiguration: no second factor"} {
		if !strings.Contains(notes, each) {
			t.Errorf("no note %q in:\n%s", each, notes)
		}
	}
}

// A pool has AWS's defaults.
func TestPoolDefaults(t *testing.T) {
	p, err := people(t, "Policies: {PasswordPolicy: {MinimumLength: 12, RequireNumbers: true, TemporaryPasswordValidityDays: 3}}", "AccountRecoverySetting: {}")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.Pools[0].Password, (cognito.PasswordPolicy{Length: 8, Lowercase: true, Uppercase: true, Number: true, Symbols: true}); got != want || p.Pools[0].TemporaryDays != 7 {
		t.Errorf("%+v, %d days", got, p.Pools[0].TemporaryDays)
	}
	p, err = people(t, "  Domain:\n    Type: AWS::Cognito::UserPoolDomain\n    Properties: {Domain: people-0, UserPoolId: !Ref Pool}\n", "")
	if err != nil || p.Pools[0].Hosted {
		t.Errorf("pages without a domain: %v", err)
	}
	p, err = people(t, "https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}", "https://accounts.example.com")
	if err != nil || p.APIs[0].Authorizers[0].JWT.Issuer != "https://accounts.example.com" {
		t.Errorf("an issuer from elsewhere: %v", err)
	}
}

func TestPoolMistakes(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"PreSignUp: !GetAtt Check.Arn", "PreSignUp: none", `Pool.Properties.LambdaConfig.PreSignUp: "none" is not a function of the stack`},
		{"Principal: cognito-idp.amazonaws.com", "Principal: events.amazonaws.com", "Pool.Properties.LambdaConfig.PreSignUp: an AWS::Lambda::Permission must let cognito-idp.amazonaws.com invoke check"},
		{"AccessToken: minutes", "AccessToken: weeks", `Web.Properties.TokenValidityUnits: "weeks" is not seconds`},
		{"AllowedOAuthFlows: [code]", "AllowedOAuthFlows: [implicit]", `Pool: the client web: the flow "implicit" is not supported`},
		{"links/read]\n      CallbackURLs", "links/none]\n      CallbackURLs", `Pool: the client web: the pool has no scope "links/none"`},
		{"Domain: people-0, UserPoolId: !Ref Pool", "Domain: people-0, UserPoolId: other", `Domain.Properties.UserPoolId: "other" is not a user pool of the stack`},
		{"AuthorizerType: JWT", "AuthorizerType: TOKEN", "the local cloud supports JWT, and REQUEST of payload format 2.0"},
		{"AWS::Cognito::ManagedLoginBranding", "AWS::Cognito::UserPoolIdentityProvider", "there are no identity pools and providers"},
		{`Issuer: !Sub "https://cognito-idp`, `Issuer: !Sub "http://cognito-idp`, "is not an https URL"},
		{"      AuthorizationType: JWT\n      AuthorizerId: !Ref Tokens\n", "", "scopes are for JWT authorizers only"},
	} {
		if _, err := people(t, c.from, c.to); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.to, err, c.want)
		}
	}
}
