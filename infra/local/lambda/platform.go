// Package lambda is AWS Lambda on one machine. Each function is a process of its own that talks to the
// real Runtime API and Extensions API; its environments serve one request at a time, scale out under load,
// are frozen between invocations, time out, crash, and start anew as they do in the cloud.
//
// Three things differ from the cloud by intent: memory is reported but not limited, the processor is not
// shared out by memory size, and reserved concurrency comes on top of the account's limit, not out of it.
package lambda

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Options are the settings of a Platform. What is zero has a default.
type Options struct {
	Region  string // default us-east-1
	Account string // default 000000000000

	// What functions sign their calls with; default "local", "local" and no session token.
	AccessKeyID, SecretAccessKey, SessionToken string

	// Env is added to the environment of every function, such as AWS_ENDPOINT_URL_SQS. Nothing else of
	// this process's environment reaches a function.
	Env map[string]string

	Dir   string // for working directories; default a temporary one that Close removes
	Spool string // for asynchronous events, which survive a restart there; default below Dir

	Concurrency int           // environments in use of all functions with no reservation; default 10
	IdleTimeout time.Duration // after which an unused environment is ended; default 5 minutes
	InitTimeout time.Duration // default 10 seconds

	TimeScale float64 // divides all waiting times of asynchronous events; default 1
	Duplicate float64 // share of asynchronous events, 0 to 1, that are delivered twice

	// Send delivers the record of an asynchronous event to a destination, named by its ARN.
	Send func(ctx context.Context, arn string, body []byte) error

	Output io.Writer // all log lines, prefixed by the function's name; default none
}

// Result is the answer of a function.
type Result struct {
	Payload       []byte
	FunctionError string // "Unhandled" when Payload describes an error, else empty
	RequestID     string
	LogTail       []byte // the last 4 KB that the invocation had logged when it answered
}

// Error is a refusal by the service itself, in the words of its API. The function has not run.
type Error struct {
	Status  int    // HTTP status, such as 404, 413, 429
	Type    string // such as TooManyRequestsException
	Message string
	Reason  string // of a throttle
}

// Error implements error.
func (e *Error) Error() string { return e.Type + ": " + e.Message }

// Platform runs functions.
type Platform struct{}

// New returns a platform without functions. The calls that it makes on its own account, to destinations,
// end with ctx; everything else ends with Close, which must be called.
func New(ctx context.Context, o Options) (*Platform, error) { return nil, nil }

// Add makes a function known and takes up its asynchronous events left from before.
func (p *Platform) Add(f Function) error { return nil }

// Replace swaps a function for another of the same name: running invocations finish on the old
// environments, later ones start new ones.
func (p *Platform) Replace(f Function) error { return nil }

// Invoke runs a function and waits for its answer. A failing function is a Result with FunctionError; the
// error is an *Error, or ctx's own while the invocation goes on without its caller.
func (p *Platform) Invoke(ctx context.Context, name string, payload []byte) (Result, error) {
	return Result{}, nil
}

// InvokeAsync puts an event into the function's queue and returns its request id. Once it has returned
// without error the event survives a restart of the platform, until it succeeded or its retries are
// exhausted and the destination has its record. The error is an *Error, or one of the file system.
func (p *Platform) InvokeAsync(name string, payload []byte) (requestID string, err error) {
	return "", nil
}

// Handler serves the Invoke API, as the AWS SDKs and the AWS CLI call it.
func (p *Platform) Handler() http.Handler { return nil }

// Functions shows all functions and their environments at this moment, by name.
func (p *Platform) Functions() []State { return nil }

// Close ends all work and all processes. Events in the queues stay in the spool.
func (p *Platform) Close() error { return nil }
