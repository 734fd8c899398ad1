package secrets_test

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go"

	"github.com/minim-dev/minim/infra/local/secrets"
)

func open(t *testing.T, path string) *secrets.Store {
	t.Helper()
	s, err := secrets.Open(secrets.Options{Region: "us-east-1", Account: "000000000000", Path: path})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// edge is a secret with a random key.
var edge = secrets.Declaration{Name: "edge", Generate: &secrets.Generate{
	Length: 43, ExcludePunctuation: true, Template: `{"previous":""}`, Key: "current",
}}

func TestDeclare(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets.json")
	s := open(t, path)
	if err := s.Declare(edge); err != nil {
		t.Fatal(err)
	}
	made, ok := s.Value("edge", "current")
	if !ok || len(made) != 43 || strings.ContainsAny(made, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ") {
		t.Errorf("made %q, %t", made, ok)
	}
	if previous, ok := s.Value(secrets.ARN("us-east-1", "000000000000", "edge"), "previous"); previous != "" || !ok {
		t.Errorf("previous %q, %t", previous, ok)
	}
	if _, ok := s.Value("edge", "other"); ok {
		t.Error("a key that is not there has a value")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
	again := open(t, path)
	if err := again.Declare(edge); err != nil {
		t.Fatal(err)
	}
	if kept, _ := again.Value("edge", "current"); kept != made {
		t.Error("another secret after a restart")
	}
	if err := again.Declare(secrets.Declaration{Name: "none", Generate: &secrets.Generate{
		ExcludeLowercase: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludePunctuation: true,
	}}); err == nil {
		t.Error("a secret was made of nothing")
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := secrets.Open(secrets.Options{Path: path}); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged file: %v", err)
	}
}

func TestAPI(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "secrets.json"))
	if err := s.Declare(secrets.Declaration{Name: "plain", Value: "one"}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	defer server.Close()
	client := secretsmanager.New(secretsmanager.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), RetryMaxAttempts: 1,
	})
	first, err := client.GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: aws.String("plain")})
	if err != nil || *first.SecretString != "one" || first.CreatedDate == nil {
		t.Fatalf("got %+v, %v", first, err)
	}
	const token = "11111111-2222-3333-4444-555555555555"
	for range 2 { // repeating a request does not add another version
		put, err := client.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{
			SecretId: first.ARN, SecretString: aws.String("two"), ClientRequestToken: aws.String(token),
		})
		if err != nil || *put.VersionId != token {
			t.Fatalf("put %+v, %v", put, err)
		}
	}
	for stage, want := range map[string]string{"": "two", "AWSCURRENT": "two", "AWSPREVIOUS": "one"} {
		in := &secretsmanager.GetSecretValueInput{SecretId: first.ARN}
		if stage != "" {
			in.VersionStage = &stage
		}
		if got, err := client.GetSecretValue(t.Context(), in); err != nil || *got.SecretString != want {
			t.Errorf("%s: %+v, %v", stage, got, err)
		}
	}
	if got, err := client.GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: first.ARN, VersionId: first.VersionId}); err != nil || *got.SecretString != "one" {
		t.Errorf("by version: %+v, %v", got, err)
	}
	described, err := client.DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: first.ARN})
	if text, _ := json.Marshal(described); err != nil || !strings.Contains(string(text), token) {
		t.Errorf("described %s, %v", text, err)
	}
	for code, call := range map[string]func() error{
		"ResourceNotFoundException": func() error {
			_, err := client.GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: aws.String("other")})
			return err
		},
		"ResourceExistsException": func() error {
			_, err := client.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{SecretId: first.ARN, SecretString: aws.String("three"), ClientRequestToken: aws.String(token)})
			return err
		},
		"UnknownOperationException": func() error {
			_, err := client.DeleteSecret(t.Context(), &secretsmanager.DeleteSecretInput{SecretId: first.ARN})
			return err
		},
	} {
		var api smithy.APIError
		if err := call(); !errors.As(err, &api) || api.ErrorCode() != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
}
