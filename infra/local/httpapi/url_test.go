package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestFunctionURL checks that a function URL behaves as in AWS.
func TestFunctionURL(t *testing.T) {
	for _, c := range []struct {
		name, out, problem string
		err                error
		signed, allowed    bool
		status             int
		body               string
	}{
		{name: "answer", out: `{"statusCode":201,"body":"hi"}`, status: 201, body: "hi"},
		{name: "error of the function", problem: "Unhandled", status: 502, body: "Internal Server Error"},
		{name: "malformed answer", out: `x`, status: 502, body: "Internal Server Error"},
		{name: "throttled", err: ErrThrottled, status: 429, body: `{"Message":"Rate Exceeded."}`},
		{name: "unsigned", signed: true, status: 403, body: `{"Message":"Forbidden"}`},
		{name: "signed", signed: true, allowed: true, out: `"x"`, status: 200, body: "x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var e struct{ RouteKey, RawPath string }
			h, err := New(Config{
				FunctionURL: true, Signed: c.signed, Allowed: func(_ *http.Request, function string) bool { return c.allowed && function == "f" },
				Routes: []Route{{Key: "$default", Function: "f", Timeout: time.Minute}},
				Invoke: func(_ context.Context, _ string, payload []byte) ([]byte, string, error) {
					return []byte(c.out), c.problem, errors.Join(c.err, json.Unmarshal(payload, &e))
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			got := httptest.NewRecorder()
			h.ServeHTTP(got, httptest.NewRequest("GET", "/ping", nil))
			if got.Code != c.status || got.Body.String() != c.body {
				t.Errorf("%d %s", got.Code, got.Body)
			}
			if c.status != 403 && (e.RouteKey != "$default" || e.RawPath != "/ping") {
				t.Errorf("event %+v", e)
			}
		})
	}
}

func TestStages(t *testing.T) {
	named := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(name)) })
	}
	all := Stages(map[string]http.Handler{"$default": named("default"), "beta": named("beta")})
	for path, want := range map[string]string{"/beta/x": "beta", "/beta": "beta", "/betas": "default", "/": "default"} {
		got := httptest.NewRecorder()
		all.ServeHTTP(got, httptest.NewRequest("GET", path, nil))
		if got.Body.String() != want {
			t.Errorf("%s: %s, want %s", path, got.Body, want)
		}
	}
	got := httptest.NewRecorder()
	Stages(map[string]http.Handler{"a": named("a"), "b": named("b")}).ServeHTTP(got, httptest.NewRequest("GET", "/c", nil))
	if got.Code != 404 {
		t.Error(got.Code)
	}
}

// TestMethods: ANY routes get all methods that a route can name, and no others.
func TestMethods(t *testing.T) {
	l := &lambdas{answers: map[string]string{"f": `"x"`}}
	for method, want := range map[string]int{"GET": 200, "PATCH": 200, "TRACE": 404, "PURGE": 404, "ANY": 404} {
		if got := serve(t, testAPI(l, Route{Key: "ANY /{p+}", Function: "f"}), httptest.NewRequest(method, "/a", nil)); got.StatusCode != want {
			t.Errorf("%s: %d, want %d", method, got.StatusCode, want)
		}
	}
}
