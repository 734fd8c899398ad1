// Package httpapi is Amazon API Gateway's HTTP API on this machine: routes with
// Lambda proxy integrations of payload format 2.0, Lambda and JWT authorizers, CORS,
// throttling, access logs, and the service's own error bodies.
//
// The package knows functions by name only; the composer hands it a way to
// invoke them. One handler made by New is one stage of one API.
package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// ErrThrottled is what InvokeFunc returns, wrapped or not, when Lambda refuses
// for want of concurrency. The client gets a 503.
var ErrThrottled = errors.New("httpapi: the function is throttled")

// ErrTooLarge is what InvokeFunc returns, wrapped or not, when Lambda refuses an
// event for its size. The client gets a 413.
var ErrTooLarge = errors.New("httpapi: the event is too large for the function")

// InvokeFunc runs a function synchronously. functionError is Lambda's
// X-Amz-Function-Error ("Unhandled", …) and empty when the function returned.
// err is for invocations that did not run. The context is not cancelled when
// the visitor leaves or the integration times out: Lambda finishes what it began.
type InvokeFunc func(ctx context.Context, function string, payload []byte) (out []byte, functionError string, err error)

// Config describes one stage of an API. Routes and Invoke are required.
type Config struct {
	APIID     string // default "local"
	AccountID string // default "000000000000"
	Region    string // default "us-east-1"
	// Domain is requestContext.domainName; its first label is domainPrefix.
	// Default "<APIID>.execute-api.<Region>.amazonaws.com".
	Domain string
	// Stage is "$default" (the default) or a name, which then leads every path.
	Stage          string
	StageVariables map[string]string
	// FunctionURL makes the API a function URL: one route, and the errors and limits of Lambda's own endpoint.
	FunctionURL bool
	// Signed refuses requests to a function URL that Allowed does not let pass: those of AuthType AWS_IAM.
	Signed      bool
	Allowed     func(r *http.Request, function string) bool
	Routes      []Route
	Authorizers []Authorizer
	CORS        *CORS // nil: preflight requests are routed like any other
	// Throttle is the stage's default route setting: one bucket that all routes
	// without a setting of their own share. The zero value is no limit.
	Throttle Throttle
	Invoke   InvokeFunc

	// AccessLog gets one line a request, made from AccessLogFormat by replacing
	// $context variables; an empty format is a JSON line of the usual fields.
	AccessLog       io.Writer
	AccessLogFormat string

	Now   func() time.Time // default time.Now
	NewID func() string    // request ids; default random, in API Gateway's form
}

// Route sends requests to a function.
type Route struct {
	// Key is "METHOD /path/{variable}/{greedy+}", "ANY /path" or "$default".
	Key      string
	Function string
	// Authorizer names one of Config.Authorizers; empty is a public route.
	Authorizer string
	// Scopes are those of which a token needs one. They are for JWT authorizers.
	Scopes []string
	// Timeout is the integration's, at most 30 s, which is also the default.
	Timeout  time.Duration
	Throttle Throttle
}

// Throttle is a token bucket: Rate requests a second on average, Burst at once.
// It limits nothing when Rate is 0 and Burst is 0.
type Throttle struct {
	Rate  float64
	Burst int
}

// Authorizer is a Lambda (REQUEST) authorizer of payload format 2.0, or one of JSON Web Tokens.
type Authorizer struct {
	Name     string
	Function string
	JWT      *JWT // nil for a Lambda authorizer
	// IdentitySources are "$request.header.NAME", "$request.querystring.NAME",
	// "$stageVariables.NAME" or "$context.VARIABLE". A request that lacks one is
	// refused without asking the function.
	IdentitySources []string
	// SimpleResponses selects {"isAuthorized", "context"}; else the function
	// answers with an IAM policy document.
	SimpleResponses bool
	// TTL keeps answers by the values of the identity sources, for every route
	// that uses the authorizer. 0 keeps none; it needs identity sources.
	TTL time.Duration
}

// CORS is the API's cross-origin configuration. With it the gateway answers
// preflight requests itself and replaces the functions' CORS headers.
type CORS struct {
	AllowOrigins     []string // "*", "https://*", "http://*" or whole origins
	AllowMethods     []string
	AllowHeaders     []string
	ExposeHeaders    []string
	MaxAge           time.Duration
	AllowCredentials bool
}
