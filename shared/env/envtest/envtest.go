// Package envtest configures AWS clients in tests for the emulators that `make
// test-go` starts.
package envtest

import (
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/minim-dev/minim/shared/env"
)

// AWS returns env.AWS(service) for an emulated service, such as "DYNAMODB". Without
// its emulator the test fails, or is skipped with -short: a test that skips on its
// own would pass unnoticed where it should have run.
func AWS(t testing.TB, service string) aws.Config {
	t.Helper()
	if os.Getenv("AWS_ENDPOINT_URL_"+service) == "" {
		if testing.Short() {
			t.Skipf("needs the emulator of %s: make test-go", service)
		}
		t.Fatalf("the emulator of %s is not running; run make test-go, or make unit for the tests without emulators", service)
	}
	return env.AWS(service)
}
