package schedule

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// ErrUnknown is wrapped when a schedule does not exist.
var ErrUnknown = errors.New("schedule: no such schedule")

// Schedule invokes a target by an expression.
type Schedule struct {
	Name       string
	ARN        string // for <aws.scheduler.schedule-arn>
	Expression string // cron(…), rate(…) or at(…)
	TimeZone   string // IANA name; empty is UTC
	Target     string // what Options.Invoke gets
	// Input is the payload, in which <aws.scheduler.scheduled-time>,
	// <aws.scheduler.execution-id>, <aws.scheduler.attempt-number> and
	// <aws.scheduler.schedule-arn> are replaced.
	Input      string
	Disabled   bool      // never due; Run still works
	Start, End time.Time // when set, due times outside do not happen
}

// Options are what a Runner needs from outside.
type Options struct {
	// Invoke queues an asynchronous invocation of the target. Required.
	Invoke func(ctx context.Context, target string, payload []byte) error
	Now    func() time.Time                       // default time.Now
	After  func(d time.Duration) <-chan time.Time // default time.After
	NewID  func() string                          // execution ids; default random
	Logger *slog.Logger                           // default: discards
}

// Runner fires schedules.
type Runner struct{}

// State is a schedule as a person wants to see it.
type State struct {
	Name       string    `json:"name"`
	Expression string    `json:"expression"`
	TimeZone   string    `json:"timeZone"`
	Target     string    `json:"target"`
	Disabled   bool      `json:"disabled"`
	Next       time.Time `json:"next,omitzero"`
	Last       time.Time `json:"last,omitzero"` // the last time it fired, by clock or by hand
	LastID     string    `json:"lastId,omitempty"`
	LastError  string    `json:"lastError,omitempty"`
}

// New checks the schedules. The error names every one that is wrong.
func New(schedules []Schedule, o Options) (*Runner, error) { return &Runner{}, nil }

// Serve fires schedules when they are due, until the context ends.
func (r *Runner) Serve(ctx context.Context) {}

// Run fires a schedule now, with this moment (in whole seconds) as its scheduled
// time, and returns the execution id. The error wraps ErrUnknown when there is
// no such schedule.
func (r *Runner) Run(ctx context.Context, name string) (id string, err error) { return "", nil }

// States lists the schedules in the order they were given.
func (r *Runner) States() []State { return nil }
