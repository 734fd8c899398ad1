package guard

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/infra/local/iam"
)

const (
	root   = "local"
	key    = "AKIAFUNCTION"
	region = "us-east-1"
)

// guarded returns a guard with one function, whose role has the statements.
func guarded(t testing.TB, statements string, reported func(string)) *Guard {
	t.Helper()
	var p iam.Policies
	if err := p.Add("get", []byte(`{"Version":"2012-10-17","Statement":[`+statements+`]}`)); err != nil {
		t.Fatal(err)
	}
	g := New(Options{Region: region, Account: "000000000000", Root: root, Denied: reported})
	g.Set([]Role{{Name: "GetRole", Policies: &p}}, []Function{{Name: "get", Role: "GetRole", AccessKeyID: key}})
	return g
}

func config(accessKey string, handler http.Handler, t testing.TB) aws.Config {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return aws.Config{
		Region: region, BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider(accessKey, "secret", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

// empty is an emulator that accepts everything.
func empty(t testing.TB) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(server.Close)
	return server
}

// TestDenials checks the errors that AWS clients get for calls that the role does not allow.
func TestDenials(t *testing.T) {
	g := guarded(t, `{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:us-east-1:000000000000:table/links"},
		{"Effect":"Deny","Action":"lambda:*","Resource":"*"}`, nil)
	upstream := empty(t)
	tables, err := g.DynamoDB(upstream.URL, "secret")
	if err != nil {
		t.Fatal(err)
	}
	objects, err := g.S3(upstream.URL)
	if err != nil {
		t.Fatal(err)
	}
	call := map[string]func(accessKey string) error{
		"dynamodb": func(accessKey string) error {
			_, err := dynamodb.NewFromConfig(config(accessKey, tables, t)).DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
				TableName: aws.String("links"), Key: map[string]dbtypes.AttributeValue{"code": &dbtypes.AttributeValueMemberS{Value: "x"}},
			})
			return err
		},
		"s3": func(accessKey string) error {
			_, err := s3.NewFromConfig(config(accessKey, objects, t), func(o *s3.Options) { o.UsePathStyle = true }).
				PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("b"), Key: aws.String("a b/c"), Body: strings.NewReader("text")})
			return err
		},
		"sqs": func(accessKey string) error {
			_, err := sqs.NewFromConfig(config(accessKey, g.SQS(upstream.Config.Handler), t)).SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{
				QueueUrl: aws.String("http://localhost:1/000000000000/clicks"),
				Entries:  []sqstypes.SendMessageBatchRequestEntry{{Id: aws.String("0"), MessageBody: aws.String("text")}},
			})
			return err
		},
		"lambda": func(accessKey string) error {
			_, err := lambda.NewFromConfig(config(accessKey, g.Lambda(upstream.Config.Handler), t)).Invoke(t.Context(), &lambda.InvokeInput{
				FunctionName: aws.String("run"),
			})
			return err
		},
	}
	const user = "User: arn:aws:sts::000000000000:assumed-role/GetRole/get is not authorized to perform: "
	for _, c := range []struct {
		service, key string
		status       int
		code, want   string
	}{
		{"dynamodb", key, 400, "AccessDeniedException", user + "dynamodb:DeleteItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/links because no identity-based policy allows the dynamodb:DeleteItem action"},
		{"s3", key, 403, "AccessDenied", user + `s3:PutObject on resource: "arn:aws:s3:::b/a b/c" because no identity-based policy allows the s3:PutObject action`},
		{"sqs", key, 403, "AccessDenied", user + "sqs:sendmessage on resource: arn:aws:sqs:us-east-1:000000000000:clicks because no identity-based policy allows the sqs:sendmessage action"},
		{"lambda", key, 403, "AccessDeniedException", user + "lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:000000000000:function:run with an explicit deny in an identity-based policy"},
		{"dynamodb", "AKIAOTHER", 400, "UnrecognizedClientException", "The security token included in the request is invalid."},
		{"s3", "AKIAOTHER", 403, "InvalidAccessKeyId", "does not exist in our records"},
		{"sqs", "AKIAOTHER", 403, "UnrecognizedClientException", "The security token included in the request is invalid."},
		{"lambda", "AKIAOTHER", 403, "UnrecognizedClientException", "The security token included in the request is invalid."},
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
	for service := range call {
		if err := call[service](root); err != nil {
			t.Errorf("%s with the root's key: %v", service, err)
		}
	}
}

// TestReport checks the report of used permissions and of denials, each of which is reported once.
func TestReport(t *testing.T) {
	var reported []string
	const table = "arn:aws:dynamodb:us-east-1:000000000000:table/links"
	g := guarded(t, `{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem"],"Resource":"`+table+`"},
		{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:000000000000:failures"},
		{"Effect":"Deny","Action":"dynamodb:DeleteTable","Resource":"*"}`, func(message string) { reported = append(reported, message) })
	handler, err := g.DynamoDB(empty(t).URL, "secret")
	if err != nil {
		t.Fatal(err)
	}
	db := dynamodb.NewFromConfig(config(key, handler, t))
	item := map[string]dbtypes.AttributeValue{"code": &dbtypes.AttributeValueMemberS{Value: "x"}}
	for range 3 {
		if _, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("links"), Key: item}); err != nil {
			t.Fatal(err)
		}
		if _, err := db.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String("links"), Key: item}); err == nil {
			t.Error("allowed to delete")
		}
	}
	if !g.Use("GetRole", "sqs:SendMessage", "arn:aws:sqs:us-east-1:000000000000:failures") {
		t.Error("the platform may not send for the function")
	}
	for _, role := range []string{"GetRole", "NoRole"} {
		if g.Use(role, "sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:000000000000:failures") {
			t.Errorf("the platform may receive for %s", role)
		}
	}
	want := Report{
		Permissions: []Permission{
			{Role: "GetRole", Policy: "get", Action: "dynamodb:GetItem", Resource: table, Used: 3},
			{Role: "GetRole", Policy: "get", Action: "dynamodb:PutItem", Resource: table},
			{Role: "GetRole", Policy: "get", Statement: 1, Action: "sqs:SendMessage", Resource: "arn:aws:sqs:us-east-1:000000000000:failures", Used: 1},
		},
		Denied: []Denial{{Function: "get", Role: "GetRole", Action: "dynamodb:DeleteItem", Resource: table, Times: 3}},
	}
	if d := cmp.Diff(want, g.Report()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if len(reported) != 1 || !strings.Contains(reported[0], "dynamodb:DeleteItem") {
		t.Errorf("reported %q", reported)
	}
}

// BenchmarkGetItem measures the overhead of the guard compared with a direct call to the
// emulator, which here answers at once.
func BenchmarkGetItem(b *testing.B) {
	upstream := empty(b)
	handler, err := guarded(b, `{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*"}`, nil).DynamoDB(upstream.URL, "secret")
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(handler)
	b.Cleanup(server.Close)
	for _, c := range []struct{ name, url string }{{"direct", upstream.URL}, {"guarded", server.URL}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				ask(b.Context(), b, c.url)
			}
		})
	}
}

func ask(ctx context.Context, b *testing.B, url string) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(`{"TableName":"links","Key":{"code":{"S":"abcdefgh"}}}`))
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("X-Amz-Target", "DynamoDB_20120810.GetItem")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+key+"/20300101/us-east-1/dynamodb/aws4_request")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		b.Fatal(response.Status)
	}
}
