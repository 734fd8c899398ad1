package main

import (
	"context"
	"os"
	"testing"
)

// TestEmulators checks the exit status, and that the command gets the addresses of the emulators.
func TestEmulators(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the emulators: make test-go")
	}
	const root = "../../../.."
	for _, file := range []string{"versitygw", "dynamodb-local/DynamoDBLocal.jar", "node_modules/fauxqs"} {
		if _, err := os.Stat(root + "/build/components/" + file); err != nil {
			t.Fatalf("%s is missing; run make setup, or make unit for the tests without emulators", file)
		}
	}
	args := []string{"emulators", "--template", "../../plan/testdata/stack.json", "--components", root + "/build/components", "--", "/bin/sh", "-c"}
	for script, want := range map[string]int{
		`test -n "$AWS_ENDPOINT_URL_DYNAMODB" -a -n "$AWS_ENDPOINT_URL_S3" -a -n "$AWS_ENDPOINT_URL_SQS" -a "$AWS_REGION" = us-east-1 -a -z "$AWS_PROFILE" -a -z "$AWS_ENDPOINT_URL_LAMBDA"`: 0,
		"exit 7": 7,
	} {
		t.Setenv("AWS_PROFILE", "somebody")
		if got := run(context.WithoutCancel(t.Context()), append(args, script)); got != want {
			t.Errorf("%s: %d, want %d", script, got, want)
		}
	}
}
