// Package httpapi is Amazon API Gateway's HTTP API on this machine: routes with
// Lambda proxy integrations of payload format 2.0, Lambda and JWT authorizers, CORS,
// throttling, access logs, and the service's own error bodies.
//
// The package refers to functions only by name; Config.Invoke invokes them. Each handler
// that New returns is one stage of one API.
package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// ErrThrottled is returned by an InvokeFunc, possibly wrapped, if Lambda throttles the
// invocation. The client gets a 503.
var ErrThrottled = errors.New("httpapi: the function is throttled")

// ErrTooLarge is returned by an InvokeFunc, possibly wrapped, if Lambda rejects the event
// because of its size. The client gets a 413.
var ErrTooLarge = errors.New("httpapi: the event is too large for the function")

// InvokeFunc runs a function synchronously. functionError is Lambda's
// X-Amz-Function-Error ("Unhandled", …), or empty if the function succeeded. err is not
// nil if the function did not run. The context is not cancelled when the client leaves or
// the integration times out, because Lambda finishes every invocation.
type InvokeFunc func(ctx context.Context, function string, payload []byte) (out []byte, functionError string, err error)

// Config describes one stage of an API. Routes and Invoke are required.
type Config struct {
	APIID     string // default "local"
	AccountID string // default "000000000000"
	Region    string // default "us-east-1"
	// Domain is requestContext.domainName; its first label is domainPrefix.
	// The default is "<APIID>.execute-api.<Region>.amazonaws.com".
	Domain string
	// Stage is "$default" (the default) or a name, with which all paths then begin.
	Stage          string
	StageVariables map[string]string
	// FunctionURL makes the API a function URL: one route, with the errors and limits of function URLs.
	FunctionURL bool
	// Signed is for function URLs of AuthType AWS_IAM: requests for which Allowed returns false are rejected.
	Signed      bool
	Allowed     func(r *http.Request, function string) bool
	Routes      []Route
	Authorizers []Authorizer
	CORS        *CORS // nil: preflight requests are routed like all others
	// Throttle is the default route setting of the stage: one bucket, shared by all
	// routes without their own setting. The zero value means no limit.
	Throttle Throttle
	Invoke   InvokeFunc

	// AccessLog gets one line per request: AccessLogFormat with its $context
	// variables replaced. The default format is a JSON object of the usual fields.
	AccessLog       io.Writer
	AccessLogFormat string

	Now   func() time.Time // default time.Now
	NewID func() string    // returns request IDs; default random, in API Gateway's format
}

// Route sends requests to a function.
type Route struct {
	// Key is "METHOD /path/{variable}/{greedy+}", "ANY /path" or "$default".
	Key      string
	Function string
	// Authorizer is the name of one of Config.Authorizers; empty means a public route.
	Authorizer string
	// Scopes, for JWT authorizers: a token needs at least one of them.
	Scopes []string
	// Timeout is the timeout of the integration: at most 30 s, which is also the default.
	Timeout  time.Duration
	Throttle Throttle
}

// Throttle is a token bucket: Rate requests per second on average, Burst at once. If
// both are 0 there is no limit.
type Throttle struct {
	Rate  float64
	Burst int
}

// Authorizer is a Lambda (REQUEST) authorizer of payload format 2.0, or a JWT authorizer.
type Authorizer struct {
	Name     string
	Function string
	JWT      *JWT // nil for a Lambda authorizer
	// IdentitySources are "$request.header.NAME", "$request.querystring.NAME",
	// "$stageVariables.NAME" or "$context.VARIABLE". A request without one of them
	// is rejected, and the function is not called.
	IdentitySources []string
	// SimpleResponses means that the function returns {"isAuthorized", "context"}.
	// Otherwise it returns an IAM policy document.
	SimpleResponses bool
	// TTL is how long answers are cached. The cache key is the values of the identity
	// sources, so a TTL needs identity sources. All routes share the cache. 0 disables it.
	TTL time.Duration
}

// CORS is the API's cross-origin configuration. If it is set, the gateway answers
// preflight requests itself and replaces the functions' CORS headers.
type CORS struct {
	AllowOrigins     []string // "*", "https://*", "http://*" or whole origins
	AllowMethods     []string
	AllowHeaders     []string
	ExposeHeaders    []string
	MaxAge           time.Duration
	AllowCredentials bool
}
