// Package afterward runs work after the response was sent, so that callers do not
// wait for it, and before the environment is frozen, so that it is not lost.
//
// Work that a handler leaves to a goroutine would be frozen with it, for
// minutes or forever. Lambda waits for extensions, though: it freezes an
// environment only when the runtime and every extension have asked for the
// next event. A Queue is an extension inside the function's own process, which
// asks for the next event when the work is done.
//
//	after, err := afterward.Register(ctx, api, logger) // before lambda.Start
//	go func() { log.Fatal(after.Serve(ctx)) }()
//	lambda.Start(afterward.Wrap(after, function))
//
// and in the function, any number of times:
//
//	after.Do(ctx, func(ctx context.Context) error { … })
//
// The contract: work runs in the order of Do, one piece after the other, once the
// platform has received the response of Do's invocation, or at once if the function
// returns an error. Its context has the values of Do's and ends shortly before the
// function's deadline. An error or a panic is logged and does not stop other work.
// Work is lost only if the process dies or the function times out. While work runs the environment is busy, and billed.
package afterward

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// margin is the time before the function's deadline in which the extension requests
// the next event, before the platform ends the environment.
const margin = 200 * time.Millisecond

// Queue is work to run after the response. The zero value runs it at once, inside
// Do, for tests and for processes outside Lambda.
type Queue struct {
	log       *slog.Logger
	extension *extension

	mu          sync.Mutex
	invocations map[string]*invocation // by request ID, until they are answered and their work is complete
}

// invocation is the work of one invocation.
type invocation struct {
	answered chan struct{} // closed when the response is sent
	over     bool          // the deadline for work has passed before the handler has answered
	work     []func()
}

// Register announces the queue to the Extensions API at the host and port that
// AWS_LAMBDA_RUNTIME_API holds. It must happen before lambda.Start, which ends
// the phase of registrations. With an empty address it returns a queue that
// works at once.
func Register(ctx context.Context, api string, log *slog.Logger) (*Queue, error) {
	q := &Queue{log: log, invocations: map[string]*invocation{}}
	if api == "" {
		return q, nil
	}
	extension, err := register(ctx, api)
	if err != nil {
		return nil, fmt.Errorf("register extension: %w", err)
	}
	q.extension = extension
	return q, nil
}

// Do queues work to run after the response. It returns at once.
func (q *Queue) Do(ctx context.Context, work func(context.Context) error) {
	ctx, cancel := outlive(ctx)
	run := func() {
		defer cancel()
		q.run(ctx, work)
	}
	if q.extension == nil {
		run()
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	i := q.invocation(requestID(ctx))
	i.work = append(i.work, run)
}

// outlive returns a context that is not cancelled when the handler returns, but
// shortly before the function's deadline.
func outlive(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, limited := ctx.Deadline()
	ctx = context.WithoutCancel(ctx)
	if !limited {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-margin))
}

func (q *Queue) run(ctx context.Context, work func(context.Context) error) {
	log := q.log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	defer func() {
		if reason := recover(); reason != nil {
			log.ErrorContext(ctx, "work after the response panicked", "panic", fmt.Sprint(reason))
		}
	}()
	if err := work(ctx); err != nil {
		log.ErrorContext(ctx, "work after the response failed", "error", err)
	}
}

// invocation returns the work of an invocation; q.mu is held.
func (q *Queue) invocation(id string) *invocation {
	if q.invocations[id] == nil {
		q.invocations[id] = &invocation{answered: make(chan struct{})}
	}
	return q.invocations[id]
}

// started is invocation at the start of one: a retry has the request ID of the
// invocation that timed out, and starts over. q.mu is held.
func (q *Queue) started(id string) *invocation {
	if known := q.invocations[id]; known != nil && known.over {
		delete(q.invocations, id)
	}
	return q.invocation(id)
}

func requestID(ctx context.Context) string {
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		return lc.AwsRequestID
	}
	return ""
}

// Serve runs the work until ctx ends or the platform does not answer. The process
// should then exit, and the platform starts another.
func (q *Queue) Serve(ctx context.Context) error {
	if q.extension == nil {
		<-ctx.Done()
		return context.Cause(ctx)
	}
	for {
		event, err := q.extension.next(ctx) // the only call: it ends the previous invocation
		if err != nil {
			return fmt.Errorf("next event of extension: %w", err)
		}
		if event.Type == invoke {
			q.finish(ctx, event)
		}
	}
}

// finish waits until an invocation is answered, and runs its work.
func (q *Queue) finish(ctx context.Context, event event) {
	q.mu.Lock()
	i := q.started(event.RequestID)
	q.mu.Unlock()
	ctx, cancel := context.WithDeadline(ctx, time.UnixMilli(event.DeadlineMS).Add(-margin))
	defer cancel()
	select {
	case <-i.answered:
	case <-ctx.Done(): // the handler takes too long; the platform will end it
	}
	q.mu.Lock()
	select {
	case <-i.answered:
		delete(q.invocations, event.RequestID)
	default:
		i.over = true // until the late answer
	}
	work := i.work
	i.work = nil
	q.mu.Unlock()
	for _, run := range work {
		run()
	}
}

// begin records an invocation and returns a function to call once it is answered.
func (q *Queue) begin(id string) (answered func()) {
	if q.extension == nil {
		return func() {}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	i := q.started(id)
	return sync.OnceFunc(func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		close(i.answered)
		if i.over && q.invocations[id] == i {
			delete(q.invocations, id)
		}
	})
}

// Wrap makes a function for lambda.Start that notifies the queue when a response
// was sent. The function's input and output are JSON, as always.
func Wrap[In, Out any](q *Queue, function func(context.Context, In) (Out, error)) func(context.Context, json.RawMessage) (io.ReadCloser, error) {
	return func(ctx context.Context, payload json.RawMessage) (io.ReadCloser, error) {
		answered := q.begin(requestID(ctx))
		body, err := call(ctx, payload, function)
		if err != nil {
			answered()
			return nil, err
		}
		return &response{body: body, sent: answered}, nil
	}
}

func call[In, Out any](ctx context.Context, payload []byte, function func(context.Context, In) (Out, error)) (*bytes.Buffer, error) {
	var in In
	if err := json.Unmarshal(payload, &in); err != nil {
		return nil, fmt.Errorf("decode event: %w", err)
	}
	out, err := function(ctx, in)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(out); err != nil {
		return nil, fmt.Errorf("encode response: %w", err)
	}
	body.Truncate(body.Len() - 1) // the line feed
	return &body, nil
}

// response is sent by lambda.Start unchanged, because it is a reader with a content
// type. Start closes it when the platform has received it.
type response struct {
	body *bytes.Buffer
	sent func()
}

func (r *response) Read(p []byte) (int, error) { return r.body.Read(p) }
func (r *response) ContentType() string        { return "application/json" }

// Close records that the response was sent.
func (r *response) Close() error {
	r.sent()
	return nil
}

// MarshalJSON fails, so that lambda.Start reads instead.
func (r *response) MarshalJSON() ([]byte, error) { return nil, errors.New("read it") }
