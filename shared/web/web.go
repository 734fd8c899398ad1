// Package web is the border between API Gateway (HTTP API, payload 2.0) and
// the handlers: it parses requests, encodes responses, and turns faults into
// problem documents. Nothing else builds an API Gateway response.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/metric"
)

// Handler answers one kind of request with a response or an error. A fault
// becomes its status and sentence. Any other error becomes a 503 with Retry-After
// if a service did not answer, and otherwise a 500; its text is logged and never
// sent.
type Handler interface {
	Handle(ctx context.Context, r Request) (Response, error)
}

// margin is the part of the function's time that is left to answer when a handler
// has used up the rest: otherwise the platform would end the environment, and the
// gateway would answer 500 without a body of ours.
const margin = 300 * time.Millisecond

// Adapt makes a Lambda function of a handler. The function never returns an
// error together with a response: the platform would drop the response, and so
// what was answered 500 is no error to it. Hence the metric RequestsFailed, by
// the version that answered: it takes a canary back (infra/canary.js).
func Adapt(h Handler, log *slog.Logger) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		ctx, cancel := Early(ctx)
		defer cancel()
		r := Request{event}
		response, err := h.Handle(ctx, r)
		if err != nil {
			response = answer(Judge(ctx, log, r, err))
		}
		encoded, err := response.encode()
		if err != nil {
			failed(ctx, log, "response cannot be encoded", event.RouteKey, err)
			encoded, _ = answer(problem(r, err)).encode()
		}
		return encoded, nil
	}
}

// Early returns a context that ends early enough to answer within the function's time.
func Early(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, limited := ctx.Deadline()
	if !limited {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-margin))
}

func failed(ctx context.Context, log *slog.Logger, what, route string, err error) {
	log.ErrorContext(ctx, what, "route", route, "error", err)
	metric.CountBy(ctx, log, "RequestsFailed", 1, "version", lambdacontext.FunctionVersion)
}

// Problem is an RFC 9457 problem document.
type Problem struct {
	Type     string        `json:"type"`
	Title    string        `json:"title"`
	Status   int           `json:"status"`
	Detail   string        `json:"detail"`
	Instance string        `json:"instance,omitempty"` // the request's id
	Errors   []fault.Field `json:"errors,omitempty"`
}

// Judge logs the error of a request, or of a part of one, and returns what the caller gets
// to see of it.
func Judge(ctx context.Context, log *slog.Logger, r Request, err error) Problem {
	p := problem(r, err)
	if p.Status >= http.StatusInternalServerError {
		failed(ctx, log, "request failed", r.RouteKey, err)
	} else {
		log.InfoContext(ctx, "request refused", "route", r.RouteKey, "status", p.Status, "code", string(fault.CodeOf(err)))
	}
	return p
}

func problem(r Request, err error) Problem {
	if unavailable(err) {
		return NewProblem(r, http.StatusServiceUnavailable, "The service is busy. Please try again in a few seconds.")
	}
	f := fault.Of(err)
	return NewProblem(r, status(f.Code), f.Message, f.Fields...)
}

// NewProblem returns a problem document with the given status.
func NewProblem(r Request, status int, detail string, fields ...fault.Field) Problem {
	return Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail,
		Instance: r.RequestContext.RequestID, Errors: fields,
	}
}

// ProblemResponse answers with a problem document, for the few answers that are not
// faults, such as a link that has gone.
func ProblemResponse(r Request, status int, detail string, fields ...fault.Field) Response {
	return answer(NewProblem(r, status, detail, fields...))
}

func answer(p Problem) Response {
	response := JSON(p.Status, p).With("Content-Type", "application/problem+json").With("Cache-Control", "no-store")
	if p.Status == http.StatusServiceUnavailable {
		response = response.With("Retry-After", "5")
	}
	return response
}
