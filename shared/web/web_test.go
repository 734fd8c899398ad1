package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/web"
)

type handler func(context.Context, web.Request) (web.Response, error)

func (h handler) Handle(ctx context.Context, r web.Request) (web.Response, error) { return h(ctx, r) }

func call(t *testing.T, h handler, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, string) {
	t.Helper()
	var logged strings.Builder
	answer, err := web.Adapt(h, slog.New(slog.NewTextHandler(&logged, nil)))(t.Context(), event)
	if err != nil {
		t.Fatalf("the function returned an error: %v", err)
	}
	return answer, logged.String()
}

func TestErrorsBecomeProblems(t *testing.T) {
	tests := []struct {
		name   string
		err    error
		status int
	}{
		{"invalid", fault.Fields(fault.Field{Name: "url", Message: "Missing."}), 400},
		{"denied", fault.New(fault.Denied, "No."), 403},
		{"not found", fault.New(fault.NotFound, "No such link."), 404},
		{"conflict", fault.New(fault.Conflict, "Taken."), 409},
		{"too large", fault.New(fault.TooLarge, "Too large."), 413},
		{"mismatch", fault.New(fault.Mismatch, "Another body."), 422},
		{"any other error", errors.New("password=hunter2"), 500},
		{"out of time", fmt.Errorf("get: %w", context.DeadlineExceeded), 503},
		{"no answer", fmt.Errorf("get: %w", &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}), 503},
		{"all tries failed", fmt.Errorf("get: %w", &retry.MaxAttemptsError{Attempt: 3, Err: errors.New("password=hunter2")}), 503},
		{"a fault because of that", fault.Wrap(fault.Conflict, "Taken.", context.DeadlineExceeded), 409},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			event := events.APIGatewayV2HTTPRequest{}
			event.RequestContext.RequestID = "req-1"
			answer, logged := call(t, func(context.Context, web.Request) (web.Response, error) {
				return web.JSON(200, "never sent"), test.err
			}, event)
			var p web.Problem
			if err := json.Unmarshal([]byte(answer.Body), &p); err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != test.status || p.Status != test.status || p.Instance != "req-1" || p.Detail == "" {
				t.Errorf("answer %d, problem %+v", answer.StatusCode, p)
			}
			if wait := answer.Headers["Retry-After"]; (wait != "") != (test.status == 503) {
				t.Errorf("Retry-After %q", wait)
			}
			if answer.Headers["Content-Type"] != "application/problem+json" || answer.Headers["Cache-Control"] != "no-store" {
				t.Errorf("headers %v", answer.Headers)
			}
			if strings.Contains(answer.Body, "hunter2") {
				t.Errorf("the cause is shown to the caller: %s", answer.Body)
			}
			if test.status == 500 && !strings.Contains(logged, "hunter2") {
				t.Errorf("the cause is not logged: %s", logged)
			}
			if counted := strings.Contains(logged, "RequestsFailed=1"); counted != (test.status >= 500) {
				t.Errorf("counted as a failure: %t\n%s", counted, logged)
			}
		})
	}
}

func TestResponses(t *testing.T) {
	tests := []struct {
		name     string
		response web.Response
		want     events.APIGatewayV2HTTPResponse
	}{
		{"JSON", web.JSON(201, map[string]int{"a": 1}), events.APIGatewayV2HTTPResponse{
			StatusCode: 201, Headers: map[string]string{"Content-Type": "application/json"}, Body: `{"a":1}`}},
		{"bytes", web.Bytes(200, "image/png", []byte{0xFF}), events.APIGatewayV2HTTPResponse{
			StatusCode: 200, Headers: map[string]string{"Content-Type": "image/png"}, Body: "/w==", IsBase64Encoded: true}},
		{"page", web.HTML(404, "<p>").With("X", "y"), events.APIGatewayV2HTTPResponse{
			StatusCode: 404, Headers: map[string]string{"Content-Type": "text/html; charset=utf-8", "X": "y"}, Body: "<p>"}},
		{"empty", web.Empty(304), events.APIGatewayV2HTTPResponse{StatusCode: 304}},
		{"cookies", web.Empty(204).WithCookie(&http.Cookie{Name: "a", Value: "1", Path: "/"}).WithCookie(&http.Cookie{Name: "b", MaxAge: -1}),
			events.APIGatewayV2HTTPResponse{StatusCode: 204, Cookies: []string{"a=1; Path=/", "b=; Max-Age=0"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, _ := call(t, func(context.Context, web.Request) (web.Response, error) { return test.response, nil }, events.APIGatewayV2HTTPRequest{})
			gotJSON, _ := json.Marshal(got)
			wantJSON, _ := json.Marshal(test.want)
			if string(gotJSON) != string(wantJSON) {
				t.Errorf("got  %s\nwant %s", gotJSON, wantJSON)
			}
		})
	}
}

func TestWithSharesNothing(t *testing.T) {
	base := web.JSON(302, nil)
	first, second := base.With("Location", "https://a.example"), base.With("Location", "https://b.example")
	if first.Headers["Location"] != "https://a.example" || second.Headers["Location"] != "https://b.example" || base.Headers["Location"] != "" {
		t.Error("responses share their headers")
	}
}

func TestUnencodableResponseIsAnInternalError(t *testing.T) {
	answer, logged := call(t, func(context.Context, web.Request) (web.Response, error) {
		return web.JSON(200, func() {}), nil
	}, events.APIGatewayV2HTTPRequest{})
	if answer.StatusCode != 500 || !strings.Contains(logged, "cannot be encoded") {
		t.Errorf("answer %d, log %q", answer.StatusCode, logged)
	}
}

// TestOutOfTime: a handler whose service hangs answers before the platform ends it.
func TestOutOfTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		h := handler(func(ctx context.Context, _ web.Request) (web.Response, error) {
			<-ctx.Done()
			return web.Response{}, ctx.Err()
		})
		answer, err := web.Adapt(h, slog.New(slog.DiscardHandler))(ctx, events.APIGatewayV2HTTPRequest{})
		if took := time.Since(begun); err != nil || answer.StatusCode != 503 || took > 4800*time.Millisecond {
			t.Errorf("answer %d after %v, %v", answer.StatusCode, took, err)
		}
	})
}

// TestCallerUnchecked: nobody is anybody while keys cannot be checked.
func TestCallerUnchecked(t *testing.T) {
	var event events.APIGatewayV2HTTPRequest
	event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		Lambda: map[string]any{web.Unavailable: "keys", "owner": "me", "scopes": "admin"},
	}
	answer, _ := call(t, func(_ context.Context, r web.Request) (web.Response, error) {
		_, err := r.Caller("links:read")
		return web.Empty(200), err
	}, event)
	if answer.StatusCode != 503 || answer.Headers["Retry-After"] == "" {
		t.Errorf("answer %d %v", answer.StatusCode, answer.Headers)
	}
}
