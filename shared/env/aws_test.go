package env_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/minim-dev/minim/shared/env"
)

// TestTruncatedResponse has a service whose connection ends in the middle of its first responses.
func TestTruncatedResponse(t *testing.T) {
	for cut, works := range map[int]bool{0: true, env.Tries - 1: true, env.Tries: false} {
		calls := 0
		service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			body := `{"TableNames":["links"]}`
			if calls++; calls <= cut {
				w.Header().Set("Content-Length", fmt.Sprint(len(body)))
				body = body[:9]
			}
			fmt.Fprint(w, body)
		}))
		t.Setenv("AWS_REGION", "eu-central-1")
		t.Setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "example")
		t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", service.URL)
		tables, err := dynamodb.NewFromConfig(env.AWS("DYNAMODB")).ListTables(t.Context(), nil)
		if works && (err != nil || len(tables.TableNames) != 1 || calls != cut+1) {
			t.Errorf("%d responses cut off: %d calls, %v", cut, calls, err)
		}
		if !works && (err == nil || calls != env.Tries) {
			t.Errorf("%d responses cut off: %d calls, %v", cut, calls, err)
		}
		service.Close()
	}
}
