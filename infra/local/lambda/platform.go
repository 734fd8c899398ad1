// Package lambda is AWS Lambda on one machine. Each function is a process of its own that talks to the
// real Runtime API and Extensions API; its environments serve one request at a time, scale out under load,
// are frozen between invocations, time out, crash, and start anew as they do in the cloud.
//
// Memory is limited on Linux only, and that of the function's own process, without those that it starts. Three
// things differ from the cloud by intent: the processor is not shared out by memory size, the size of /tmp is
// not limited, and the account's limit of requests a second does not exist: only that of functions with
// reserved concurrency.
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

// Options are the settings of a Platform. What is zero has a default.
type Options struct {
	Mappings []Mapping // event source mappings, as the API lists them
	Region   string    // default us-east-1
	Account  string    // default 000000000000

	// What functions without Credentials sign their calls with; default "local", "local" and no session token.
	AccessKeyID, SecretAccessKey, SessionToken string

	// Env is added to the environment of every function, such as AWS_ENDPOINT_URL_SQS. Nothing else of
	// this process's environment reaches a function.
	Env map[string]string

	Dir   string // for working directories; default a temporary one that Close removes
	Spool string // for asynchronous events, which survive a restart there; default below Dir

	Concurrency int           // environments in use at once, those that functions have reserved included; default 10
	IdleTimeout time.Duration // after which an unused environment is ended; default 5 minutes
	InitTimeout time.Duration // default 10 seconds

	TimeScale float64 // divides all waiting times of asynchronous events; default 1
	Duplicate float64 // share of asynchronous events, 0 to 1, that are delivered twice
	Chaos     float64 // share of invocations, 0 to 1, in the middle of which the environment is killed

	// Send delivers the record of an asynchronous event to a destination, named by its ARN.
	Send func(ctx context.Context, arn string, body []byte) error

	// SendDead delivers an event that could not be processed to a dead-letter queue, named by its ARN.
	SendDead func(ctx context.Context, arn string, event []byte, attributes map[string]string) error

	// Observe is called for each completed invocation, while its environment still counts as busy.
	Observe func(Invocation)

	Output io.Writer // all log lines, prefixed by the function's name; default none

	// Log is called for each line of the functions' logs, in the order of its stream. It must not block.
	Log func(LogLine)
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
type Platform struct {
	options   Options
	ctx       context.Context // done when the platform closes
	cancel    context.CancelFunc
	console   *console
	starter   starter
	temporary string         // removed by Close
	work      sync.WaitGroup // everything that Close waits for

	mu        sync.Mutex
	closed    bool
	functions map[string]*function
}

// function is a Function at work. All is guarded by the platform's mu.
type function struct {
	spec         Function
	generation   int
	environments []*environment
	slots        chan struct{} // taken by asynchronous events under way, so that they do not throttle each other
	freed        chan struct{} // closed when an environment becomes free; nil when no request waits for one
	rate         rate
	pace         time.Duration // what invocations took of late
	invocations  int
	errors       int
	throttles    int
	kills        int
	queued       int
}

// New returns a platform without functions. The calls that it makes on its own account, to destinations,
// end with ctx; everything else ends with Close, which must be called.
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
	// What a killed predecessor left.
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

// Add makes a function known and resumes the asynchronous events that an earlier platform left.
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
		return errors.New("is there already")
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

// Replace swaps a function for another of the same name: running invocations finish on the old
// environments, later ones start new ones.
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

// Invoke runs a function and waits for its answer. A failing function is a Result with FunctionError. The
// error is an *Error, or that of ctx: a request that still waits for an environment then ends, and an
// invocation that has begun continues without its caller.
func (p *Platform) Invoke(ctx context.Context, name string, payload []byte) (Result, error) {
	return p.InvokeTraced(ctx, "", name, payload)
}

// InvokeTraced is Invoke for an event with the trace header of what caused it, if any.
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

// Close ends all work and all processes. Events in the queues stay in the spool.
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
