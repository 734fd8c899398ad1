package sources

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/minim-dev/minim/infra/local/emulators"
	localsqs "github.com/minim-dev/minim/infra/local/sqs"
)

// started starts the emulators. It skips the test with -short.
func started(t *testing.T, state, webhook string) *emulators.Emulators {
	t.Helper()
	return startedWith(t, emulators.Options{State: state, Webhook: webhook, InMemory: true})
}

func startedWith(t *testing.T, o emulators.Options) *emulators.Emulators {
	t.Helper()
	if testing.Short() {
		t.Skip("starts the emulators: make test-go")
	}
	for _, file := range []string{"versitygw", "dynamodb-local/DynamoDBLocal.jar", "node_modules/fauxqs"} {
		if _, err := os.Stat("../../../build/components/" + file); err != nil {
			t.Fatalf("%s is missing; run make setup, or make unit for the tests without emulators", file)
		}
	}
	o.Components, o.Region, o.AccessKeyID, o.SecretAccessKey = "../../../build/components", "us-east-1", "local", "local"
	p, err := emulators.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// clients returns clients of the real S3 and SQS emulators.
func clients(t *testing.T, webhook string) (*s3.Client, *sqs.Client, string) {
	t.Helper()
	state := t.TempDir()
	p := started(t, state, webhook)
	var proxy *localsqs.Proxy
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { proxy.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	var err error
	proxy, err = localsqs.New(localsqs.Options{
		Upstream: p.SQS, Host: p.Host, Endpoint: server.URL, Region: "us-east-1", Account: "000000000000", Journal: state + "/messages",
	})
	if err != nil {
		t.Fatal(err)
	}
	config := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")}
	return s3.NewFromConfig(config, func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle = &p.S3, true }),
		sqs.NewFromConfig(config, func(o *sqs.Options) { o.BaseEndpoint = &server.URL }), server.URL
}

func silent() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }
