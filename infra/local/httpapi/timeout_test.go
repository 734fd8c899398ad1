package httpapi

import (
	"context"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// The API waits 30 seconds for a function, or the timeout of the route, and 10 seconds for an authorizer. After a
// timeout the invocation continues.
func TestTimeouts(t *testing.T) {
	for name, test := range map[string]struct {
		path   string
		after  time.Duration
		status int
		body   string
	}{
		"a route":       {"/slow", 30 * time.Second, 503, `{"message":"Service Unavailable"}`},
		"a short route": {"/short", 2 * time.Second, 503, `{"message":"Service Unavailable"}`},
		"an authorizer": {"/guarded", 10 * time.Second, 500, `{"message":"Internal Server Error"}`},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				finished := make(chan error, 1)
				c := testAPI(&lambdas{}, Route{Key: "GET /slow", Function: "f"}, Route{Key: "GET /short", Function: "f", Timeout: 2 * time.Second},
					Route{Key: "GET /guarded", Function: "f", Authorizer: "a"})
				c.Authorizers = []Authorizer{{Name: "a", Function: "f", SimpleResponses: true}}
				c.Invoke = func(ctx context.Context, _ string, _ []byte) ([]byte, string, error) {
					time.Sleep(time.Minute)
					finished <- ctx.Err()
					return []byte(`{"isAuthorized":true}`), "", nil
				}
				began := time.Now()
				resp := serve(t, c, httptest.NewRequest("GET", test.path, nil))
				if got := body(t, resp); resp.StatusCode != test.status || got != test.body || time.Since(began) != test.after {
					t.Errorf("got %d %s after %s", resp.StatusCode, got, time.Since(began))
				}
				if err := <-finished; err != nil {
					t.Errorf("the function was cancelled: %v", err)
				}
			})
		})
	}
}
