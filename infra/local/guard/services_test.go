package guard

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	sestypes "github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"
)

func TestParameters(t *testing.T) {
	const arn = "arn:aws:ssm:us-east-1:000000000000:parameter"
	for _, c := range []struct {
		operation, body string
		want            []string
	}{
		{"GetParameter", `{"Name":"x"}`, []string{"ssm:GetParameter /x"}},
		{"GetParameter", `{"Name":"/a/x:3"}`, []string{"ssm:GetParameter /a/x"}},
		{"GetParameter", `{"Name":"` + arn + `/a/x"}`, []string{"ssm:GetParameter /a/x"}},
		{"GetParameters", `{"Names":["/a/x","y"]}`, []string{"ssm:GetParameters /a/x", "ssm:GetParameters /y"}},
		{"GetParametersByPath", `{"Path":"/a"}`, []string{"ssm:GetParametersByPath /a"}},
		{"PutParameter", `{"Name":"x","Value":"y"}`, []string{"ssm:PutParameter /x"}},
		{"DescribeParameters", `{}`, []string{"ssm:DescribeParameters *"}},
		{"SendCommand", `{}`, nil},
	} {
		t.Run(c.operation, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
			r.Header.Set("X-Amz-Target", "AmazonSSM."+c.operation)
			compare(t, parameters{arn: arn}, r, arn, c.want...)
		})
	}
}

func TestLetters(t *testing.T) {
	const arn = "arn:aws:ses:us-east-1:000000000000:identity/"
	const send = "POST /v2/email/outbound-emails"
	raw := `{"Content":{"Raw":{"Data":"` + base64.StdEncoding.EncodeToString([]byte("From: Me <me@minim.example>\r\n\r\nHi")) + `"}}}`
	for _, c := range []struct {
		request, body string
		want          []string
	}{
		{send, `{"FromEmailAddress":"me@other.example"}`, []string{"ses:SendEmail me@other.example"}},
		{send, `{"FromEmailAddress":"Ann <ann@minim.example>"}`, []string{"ses:SendEmail minim.example"}},
		{send, `{"FromEmailAddress":"me@minim.example"}`, []string{"ses:SendEmail me@minim.example"}},
		{send, raw, []string{"ses:SendRawEmail me@minim.example"}},
		{"GET /v2/email/account", "", []string{"ses:GetAccount *"}},
		{"GET /v2/email/identities/", "", []string{"ses:ListEmailIdentities *"}},
		{"GET /v2/email/templates", "", nil},
	} {
		t.Run(c.request, func(t *testing.T) {
			method, path, _ := strings.Cut(c.request, " ")
			r := httptest.NewRequest(method, path, strings.NewReader(c.body))
			compare(t, letters{arn, []string{"minim.example", "me@minim.example"}}, r, arn, c.want...)
		})
	}
}

func TestTopics(t *testing.T) {
	const arn = "arn:aws:sns:us-east-1:000000000000:"
	for _, c := range []struct {
		action, name, value string
		want                []string
	}{
		{"Publish", "TopicArn", arn + "alerts", []string{"sns:Publish alerts"}},
		{"PublishBatch", "TopicArn", arn + "alerts", []string{"sns:Publish alerts"}},
		{"Publish", "TargetArn", arn + "alerts", []string{"sns:Publish alerts"}},
		{"CreateTopic", "Name", "alerts", []string{"sns:CreateTopic alerts"}},
		{"Unsubscribe", "SubscriptionArn", arn + "alerts:1-2", []string{"sns:Unsubscribe alerts"}},
		{"ListTopics", "", "", []string{"sns:ListTopics *"}},
		{"", "", "", nil},
	} {
		t.Run(c.action, func(t *testing.T) {
			form := url.Values{"Action": {c.action}, c.name: {c.value}}
			compare(t, topics{arn: arn}, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode())), arn, c.want...)
		})
	}
}

func TestPools(t *testing.T) {
	const arn = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/"
	for _, c := range []struct {
		target, body string
		want         []string
	}{
		{"AWSCognitoIdentityProviderService.AdminCreateUser", `{"UserPoolId":"us-east-1_a","Username":"x"}`, []string{"cognito-idp:AdminCreateUser us-east-1_a"}},
		{"AWSCognitoIdentityProviderService.ListUserPools", `{}`, []string{"cognito-idp:ListUserPools *"}},
		{"LocalCloud.SignInLink", `{"UserPoolId":"us-east-1_a"}`, nil},
	} {
		t.Run(c.target, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
			r.Header.Set("X-Amz-Target", c.target)
			compare(t, pools{arn: arn}, r, arn, c.want...)
		})
	}
}

// TestServiceDenials checks the errors that clients of these services get for a function without permissions.
func TestServiceDenials(t *testing.T) {
	g := guarded(t, `{"Effect":"Allow","Action":"sns:Publish","Resource":"arn:aws:sns:us-east-1:000000000000:other"}`, nil)
	next := empty(t).Config.Handler
	call := map[string]func(accessKey string) error{
		"ssm": func(accessKey string) error {
			_, err := ssm.NewFromConfig(config(accessKey, g.SSM(next), t)).GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/a/x")})
			return err
		},
		"ses": func(accessKey string) error {
			_, err := sesv2.NewFromConfig(config(accessKey, g.SES(next, nil), t)).SendEmail(t.Context(), &sesv2.SendEmailInput{
				FromEmailAddress: aws.String("me@minim.example"), Content: &sestypes.EmailContent{},
			})
			return err
		},
		"cognito": func(accessKey string) error {
			_, err := cognitoidentityprovider.NewFromConfig(config(accessKey, g.Pools(next), t)).AdminDeleteUser(t.Context(), &cognitoidentityprovider.AdminDeleteUserInput{
				UserPoolId: aws.String("us-east-1_a"), Username: aws.String("x"),
			})
			return err
		},
		"sns": func(accessKey string) error {
			_, err := sns.NewFromConfig(config(accessKey, g.SNS(next), t)).Publish(t.Context(), &sns.PublishInput{
				TopicArn: aws.String("arn:aws:sns:us-east-1:000000000000:alerts"), Message: aws.String("x"),
			})
			return err
		},
	}
	const user = "arn:aws:sts::000000000000:assumed-role/GetRole/get"
	for _, c := range []struct {
		service, key string
		status       int
		code, want   string
	}{
		{"ssm", key, 400, "AccessDeniedException", "User: " + user + " is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:us-east-1:000000000000:parameter/a/x because no identity-based policy allows the ssm:GetParameter action"},
		{"ses", key, 403, "AccessDeniedException", "User `" + user + "' is not authorized to perform `ses:SendEmail' on resource `arn:aws:ses:us-east-1:000000000000:identity/me@minim.example'"},
		{"sns", key, 403, "AuthorizationError", "User: " + user + " is not authorized to perform: SNS:Publish on resource: arn:aws:sns:us-east-1:000000000000:alerts because no identity-based policy allows the SNS:Publish action"},
		{"cognito", key, 400, "AccessDeniedException", "User: " + user + " is not authorized to perform: cognito-idp:AdminDeleteUser on resource: arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a because no identity-based policy allows the cognito-idp:AdminDeleteUser action"},
		{"cognito", "AKIAOTHER", 400, "UnrecognizedClientException", "security token"},
		{"ssm", "AKIAOTHER", 400, "UnrecognizedClientException", "security token"},
		{"ses", "AKIAOTHER", 403, "UnrecognizedClientException", "security token"},
		{"sns", "AKIAOTHER", 403, "InvalidClientTokenId", "security token"},
	} {
		err := call[c.service](c.key)
		var api smithy.APIError
		var answer *awshttp.ResponseError
		if !errors.As(err, &api) || !errors.As(err, &answer) {
			t.Errorf("%s with %s: %v", c.service, c.key, err)
			continue
		}
		if api.ErrorCode() != c.code || answer.HTTPStatusCode() != c.status || !strings.Contains(api.ErrorMessage(), c.want) {
			t.Errorf("%s with %s\ngot:  %d %s %s\nwant: %d %s %s", c.service, c.key, answer.HTTPStatusCode(), api.ErrorCode(), api.ErrorMessage(), c.status, c.code, c.want)
		}
	}
	if len(g.Report().Denied) != 4 || g.Report().Permissions[0].Used != 0 {
		t.Errorf("report: %+v", g.Report())
	}
	for _, service := range []string{"ssm", "ses", "cognito"} {
		if err := call[service](root); err != nil {
			t.Errorf("%s with the root's key: %v", service, err)
		}
	}
}
