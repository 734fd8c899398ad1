package e2e

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// TestPages: a page of another site in a browser on this machine cannot use the
// services of the local cloud, even if it knows or guesses their ports.
func TestPages(t *testing.T) {
	if testing.Short() || os.Getenv("BASE_URL") != "" {
		t.Skip("needs a local cloud of its own: make test")
	}
	c := start(t, t.TempDir(), nil)
	endpoints, err := c.endpoints()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"LAMBDA", "SQS", "SNS", "SESV2", "SSM", "SECRETS_MANAGER"} {
		// A form can send this without a preflight request.
		const signed = "/?X-Amz-Credential=local/20261121/us-east-1/service/aws4_request"
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoints["AWS_ENDPOINT_URL_"+name]+signed, strings.NewReader("Action=ListQueues"))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", "https://evil.example")
		if got, err := exchange(request); err != nil || got.status != http.StatusForbidden {
			t.Errorf("%s answers %d %s, %v", name, got.status, got.body, err)
		}
	}
	// S3 accepts signed requests, even from pages: they need a key that pages cannot know.
	bucket := s3.New(s3.Options{
		Region: endpoints["AWS_REGION"], BaseEndpoint: aws.String(endpoints["AWS_ENDPOINT_URL_S3"]), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(endpoints["AWS_ACCESS_KEY_ID"], "local", ""),
	})
	if _, err := bucket.ListBuckets(t.Context(), &s3.ListBucketsInput{}); err == nil || !strings.Contains(err.Error(), "SignatureDoesNotMatch") {
		t.Errorf("S3 with a key that everybody knows: %v", err)
	}
}
