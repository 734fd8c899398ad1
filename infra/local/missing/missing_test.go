package missing

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/encoding/cbor"
)

// SDK clients of all protocols show the message after one request.
func TestClients(t *testing.T) {
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		Handler().ServeHTTP(w, r)
	}))
	defer server.Close()
	config := aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")}
	text := aws.String("something")
	tests := map[string]struct {
		call func(context.Context) error
		want string
	}{
		"Query": {func(ctx context.Context) error {
			_, err := sts.NewFromConfig(config).GetCallerIdentity(ctx, nil)
			return err
		}, "STS, except GetCallerIdentity"},
		"Query, another service": {func(ctx context.Context) error {
			_, err := cloudformation.NewFromConfig(config).DescribeStacks(ctx, nil)
			return err
		}, "CloudFormation, except DescribeStacks and lists of resources"},
		"JSON 1.0": {func(ctx context.Context) error {
			_, err := sqs.NewFromConfig(config).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &server.URL, MessageBody: text})
			return err
		}, "SQS"},
		"JSON, a name that is shared": {func(ctx context.Context) error {
			_, err := dynamodbstreams.NewFromConfig(config).ListStreams(ctx, nil)
			return err
		}, "DynamoDB Streams API"},
		"REST-JSON": {func(ctx context.Context) error {
			_, err := lambda.NewFromConfig(config).Invoke(ctx, &lambda.InvokeInput{FunctionName: text, Payload: []byte(strings.Repeat(" ", 2<<20))})
			return err
		}, "Lambda"},
		"REST-XML": {func(ctx context.Context) error {
			_, err := cloudfront.NewFromConfig(config).ListDistributions(ctx, nil)
			return err
		}, "CloudFront"},
		"REST-XML of S3": {func(ctx context.Context) error {
			_, err := s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true }).GetObject(ctx, &s3.GetObjectInput{Bucket: text, Key: text})
			return err
		}, `service "s3"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			requests = 0
			err := tt.call(t.Context())
			failure, ok := errors.AsType[smithy.APIError](err)
			if !ok || failure.ErrorCode() != Code || failure.ErrorMessage() != Sentence(tt.want) {
				t.Errorf("got %v, want %s", err, Sentence(tt.want))
			}
			if requests != 1 {
				t.Errorf("%d requests, want 1", requests)
			}
		})
	}
}

// The answers in protocols for which there is no client here, byte by byte.
func TestOthers(t *testing.T) {
	signed := func(service string) string {
		return "AWS4-HMAC-SHA256 Credential=AKIA/20261130/us-east-1/" + service + "/aws4_request, SignedHeaders=host, Signature=0"
	}
	ask := func(t *testing.T, body string, header map[string]string) (kind, answer string) {
		t.Helper()
		r := httptest.NewRequest("POST", "http://127.0.0.1:1/path", strings.NewReader(body))
		for name, value := range header {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, r)
		text, err := io.ReadAll(w.Result().Body)
		if err != nil || w.Code != http.StatusBadRequest {
			t.Errorf("%d %v", w.Code, err)
		}
		return w.Header().Get("Content-Type"), string(text)
	}
	t.Run("EC2", func(t *testing.T) {
		_, got := ask(t, "Action=DescribeInstances&Version=2016-11-15", map[string]string{
			"Authorization": signed("ec2"), "Content-Type": "application/x-www-form-urlencoded"})
		want := "<Response><Errors><Error><Code>" + Code + "</Code><Message>" + Sentence("EC2") + "</Message></Error></Errors><RequestID>"
		if !strings.Contains(got, want) {
			t.Errorf("got %s", got)
		}
	})
	t.Run("CBOR", func(t *testing.T) {
		kind, got := ask(t, "\xbf\xff", map[string]string{"Authorization": signed("monitoring"), "Smithy-Protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"})
		v, err := cbor.Decode([]byte(got))
		if err != nil {
			t.Fatal(err)
		}
		if m, ok := v.(cbor.Map); !ok || kind != "application/cbor" || m["__type"] != cbor.String(Code) || m["message"] != cbor.String(Sentence("CloudWatch")) {
			t.Errorf("%s %v", kind, v)
		}
	})
	t.Run("unsigned", func(t *testing.T) {
		for want, header := range map[string]map[string]string{
			`service "AWSCognitoIdentityProviderService"`: {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth", "Content-Type": "application/x-amz-json-1.1"},
			"service for POST /path at 127.0.0.1":         {"Content-Type": "application/json"},
			"SES API version 1, only version 2":           {"Authorization": signed("ses")},
			`service "bedrock-agent"`:                     {"Authorization": signed("bedrock-agent")},
		} {
			if _, got := ask(t, "{}", header); !strings.Contains(strings.ReplaceAll(got, `\"`, `"`), Sentence(want)) {
				t.Errorf("%s: %s", want, got)
			}
		}
	})
}
