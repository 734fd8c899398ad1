// Package lambda is AWS Lambda on one machine. Each environment of a function is a separate process that uses the
// Runtime API and the Extensions API. As in AWS, an environment serves one request at a time, is frozen between
// invocations, and restarts after a crash or time-out; more environments start under load.
//
// Memory is limited on Linux only, and only that of the function's own process, not of its child processes. Three
// things differ from AWS by design: CPU time does not depend on the memory size, /tmp has no size limit, and
// requests per second are limited only for functions with reserved concurrency, not for the account.
package lambda

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Options are the settings of a Platform. Zero fields have defaults.
type Options struct {
	Mappings []Mapping // event source mappings for the API to list
	Region   string    // default us-east-1
	Account  string    // default 000000000000

	// Credentials of functions without their own; default "local", "local" and no session token.
	AccessKeyID, SecretAccessKey, SessionToken string

	// Env is added to the environment variables of every function, for example AWS_ENDPOINT_URL_SQS. Functions do
	// not inherit any variables of this process.
	Env map[string]string

	Dir   string // for working directories; default a temporary one that Close deletes
	Spool string // for asynchronous events, so they survive a restart; default below Dir

	Concurrency int           // environments in use at once, including reserved ones; default 10
	IdleTimeout time.Duration // after which idle environments are shut down; default 5 minutes
	InitTimeout time.Duration // default 10 seconds

	TimeScale float64 // divides all delays of asynchronous events; default 1
	Duplicate float64 // share of asynchronous events, 0 to 1, that are delivered twice
	Chaos     float64 // share of invocations, 0 to 1, during which the environment is killed

	// Send delivers the record of an asynchronous event to the destination with an ARN.
	Send func(ctx context.Context, arn string, body []byte) error

	// SendDead delivers a failed event to the dead-letter queue with an ARN.
	SendDead func(ctx context.Context, arn string, event []byte, attributes map[string]string) error

	// Observe is called after each invocation, while its environment still counts as busy.
	Observe func(Invocation)

	Output io.Writer // gets all log lines, prefixed with the function's name; default none

	// Log is called for each log line, in order within a stream. It must not block.
	Log func(LogLine)
}

// Result is the answer of a function.
type Result struct {
	Payload       []byte
	FunctionError string // "Unhandled" if Payload describes an error, otherwise empty
	RequestID     string
	LogTail       []byte // the last 4 KB of the log at the time of the answer
}

// Error is an error of the service itself, as its API reports it. The function has not run.
type Error struct {
	Status  int    // HTTP status, such as 404, 413, 429
	Type    string // such as TooManyRequestsException
	Message string
	Reason  string // of throttling
}

// Error implements error.
func (e *Error) Error() string { return e.Type + ": " + e.Message }

// Platform runs functions.
type Platform struct {
	options   Options
	ctx       context.Context // done when the platform closes
	cancel    context.CancelFunc
	console   *console
	starter   starter
	temporary string         // removed by Close
	work      sync.WaitGroup // Close waits for it

	mu        sync.Mutex
	closed    bool
	functions map[string]*function
}

// function is the run-time state of a Function. All fields are guarded by the platform's mu.
type function struct {
	spec         Function
	generation   int
	environments []*environment
	slots        chan struct{} // limits concurrent asynchronous events, to keep them from throttling each other
	freed        chan struct{} // closed when an environment becomes free; nil if no request waits for one
	rate         rate
	pace         time.Duration // moving average of the duration of invocations
	invocations  int
	errors       int
	throttles    int
	kills        int
	queued       int
}

// New returns a platform without functions. When ctx is cancelled, calls to destinations end; everything else
// ends with Close, which must be called.
func New(ctx context.Context, o Options) (*Platform, error) {
	p := &Platform{starter: make(starter), functions: map[string]*function{}}
	if o.Dir == "" {
		dir, err := os.MkdirTemp("", "lambda-")
		if err != nil {
			return nil, err
		}
		o.Dir, p.temporary = dir, dir
	}
	o.Spool = cmp.Or(o.Spool, filepath.Join(o.Dir, "events"))
	p.options = o.withDefaults()
	p.console = &console{out: p.options.Output}
	// Delete the leftovers of a platform that was killed.
	if err := os.RemoveAll(p.options.environments()); err != nil {
		return nil, err
	}
	for _, dir := range []string{p.options.environments(), p.options.Spool} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	p.ctx, p.cancel = context.WithCancel(ctx)
	go p.starter.run()
	return p, nil
}

func (o Options) withDefaults() Options {
	o.Region = cmp.Or(o.Region, "us-east-1")
	o.Account = cmp.Or(o.Account, "000000000000")
	o.AccessKeyID = cmp.Or(o.AccessKeyID, "local")
	o.SecretAccessKey = cmp.Or(o.SecretAccessKey, "local")
	o.Concurrency = cmp.Or(o.Concurrency, 10)
	o.IdleTimeout = cmp.Or(o.IdleTimeout, 5*time.Minute)
	o.InitTimeout = cmp.Or(o.InitTimeout, 10*time.Second)
	o.TimeScale = cmp.Or(o.TimeScale, 1)
	if o.Output == nil {
		o.Output = io.Discard
	}
	if o.Send == nil {
		o.Send = func(context.Context, string, []byte) error { return nil }
	}
	if o.SendDead == nil {
		o.SendDead = func(context.Context, string, []byte, map[string]string) error { return nil }
	}
	return o
}

func (o Options) environments() string { return filepath.Join(o.Dir, "environments") }

func (o Options) arn(name string) string {
	return "arn:aws:lambda:" + o.Region + ":" + o.Account + ":function:" + name
}

func (o Options) slots(f Function) chan struct{} {
	n := o.Concurrency
	if f.Reserved != nil {
		n = *f.Reserved
	}
	return make(chan struct{}, max(1, n))
}

// Add adds a function, and resumes its unfinished asynchronous events from an earlier run.
func (p *Platform) Add(f Function) error {
	f, err := f.prepared()
	if err != nil {
		return err
	}
	left, err := p.left(f.Name)
	if err != nil {
		return err
	}
	if err := p.add(f, left); err != nil {
		return fmt.Errorf("function %s: %w", f.Name, err)
	}
	return nil
}

func (p *Platform) add(f Function, left []*event) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return closing()
	}
	if p.functions[f.Name] != nil {
		return errors.New("already exists")
	}
	if err := p.reservable(f); err != nil {
		return err
	}
	p.functions[f.Name] = &function{spec: f, slots: p.options.slots(f)}
	for _, e := range left {
		p.queue(e)
	}
	return nil
}

// Replace replaces the function of the same name. Running invocations finish in the old environments; later ones
// use new environments.
func (p *Platform) Replace(f Function) error {
	f, err := f.prepared()
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	current := p.functions[f.Name]
	if current == nil {
		return notFound(p.options.arn(f.Name))
	}
	if err := p.reservable(f); err != nil {
		return fmt.Errorf("function %s: %w", f.Name, err)
	}
	current.spec, current.slots = f, p.options.slots(f)
	current.generation++
	var idle []*environment
	for _, e := range current.environments {
		if !e.busy {
			idle = append(idle, e)
		}
	}
	for _, e := range idle {
		p.retire(e)
	}
	return nil
}

// Invoke runs a function and waits for its answer. If the function fails, the Result has a FunctionError. The error
// is an *Error, or that of ctx: if ctx is done, a request that still waits for an environment ends, but an invocation
// that has begun continues without its caller.
func (p *Platform) Invoke(ctx context.Context, name string, payload []byte) (Result, error) {
	return p.InvokeTraced(ctx, "", name, payload)
}

// InvokeTraced is like Invoke, with the trace header of the event's cause, if any.
func (p *Platform) InvokeTraced(ctx context.Context, trace, name string, payload []byte) (Result, error) {
	if trace == "" {
		trace = newTrace()
	}
	payload, err := checkPayload(payload, maxPayload, "InvokeFunction")
	if err != nil {
		return Result{}, err
	}
	return p.invoke(ctx, name, request{id: newUUID(), payload: payload, trace: trace, waiting: true})
}

func (p *Platform) invoke(ctx context.Context, name string, r request) (Result, error) {
	if err := p.recursive(r.trace, name); err != nil {
		return Result{}, err
	}
	r.trace = descend(r.trace, name)
	e, err := p.acquire(ctx, name, r.waiting)
	if err != nil {
		return Result{}, err
	}
	o := newOutcome()
	go func() {
		defer p.work.Done()
		e.serve(r, o)
		p.release(e)
	}()
	var a answer
	select {
	case a = <-o.answer:
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	if r.tail {
		a.LogTail = <-o.tail
	}
	return a.Result, a.err
}

// Close stops all work and all processes. Queued events remain in the spool.
func (p *Platform) Close() error {
	p.mu.Lock()
	already := p.closed
	p.closed = true
	if !already {
		for _, f := range p.functions {
			for _, e := range slices.Clone(f.environments) {
				if !e.busy {
					p.retire(e)
				}
			}
		}
	}
	p.mu.Unlock()
	p.cancel()
	p.work.Wait()
	if already {
		return nil
	}
	close(p.starter)
	if p.temporary == "" {
		return nil
	}
	return os.RemoveAll(p.temporary)
}
