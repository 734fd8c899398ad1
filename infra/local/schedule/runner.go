package schedule

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // for machines without a time zone database
)

// ErrUnknown is wrapped by errors for schedules that do not exist.
var ErrUnknown = errors.New("schedule: no such schedule")

// Schedule invokes a target at the times of an expression.
type Schedule struct {
	Name       string
	ARN        string // for <aws.scheduler.schedule-arn>
	Expression string // cron(…), rate(…) or at(…)
	TimeZone   string // IANA name; empty means UTC
	Target     string // passed to Options.Invoke
	// Input is the payload. <aws.scheduler.scheduled-time>, <aws.scheduler.execution-id>,
	// <aws.scheduler.attempt-number> and <aws.scheduler.schedule-arn> in it are replaced.
	// If it is empty, the target gets the Scheduler's default event, whose detail is the
	// string "{}".
	Input string
	// Retries is the maximum number of retries of a failed invocation: at most
	// MaxRetries, which is also the default (nil). MaxAge limits the time for retries:
	// at most one day, which is also the default.
	Retries    *int
	MaxAge     time.Duration
	DeadLetter string    // ARN of the dead-letter queue
	Disabled   bool      // never due; Run still works
	Start, End time.Time // if set, the schedule is not due before Start or after End
}

// Options are the dependencies of a Runner.
type Options struct {
	// Invoke queues an asynchronous invocation of the target. Required.
	Invoke func(ctx context.Context, target string, payload []byte) error
	// SendDead sends a payload that could not be delivered to a dead-letter queue.
	SendDead  func(ctx context.Context, arn string, payload []byte, attributes map[string]string) error
	TimeScale float64                                // divides the delays between attempts; default 1
	Now       func() time.Time                       // default time.Now
	After     func(d time.Duration) <-chan time.Time // default time.After
	NewID     func() string                          // returns execution IDs; default random
	Logger    *slog.Logger                           // default: discards
}

// Runner invokes the targets of schedules.
type Runner struct {
	Options
	entries []*entry

	ended   chan struct{} // closed when Serve returns
	retries sync.WaitGroup

	mu sync.Mutex // guards the entries' state
}

type entry struct {
	Schedule
	expression Expression
	next       time.Time // zero: never
	last       time.Time
	lastID     string
	lastError  string
}

// State is a snapshot of a schedule for the console.
type State struct {
	Name       string    `json:"name"`
	Expression string    `json:"expression"`
	TimeZone   string    `json:"timeZone"`
	Target     string    `json:"target"`
	Disabled   bool      `json:"disabled"`
	Next       time.Time `json:"next,omitzero"`
	Last       time.Time `json:"last,omitzero"` // the last time it fired, when due or on demand
	LastID     string    `json:"lastId,omitempty"`
	LastError  string    `json:"lastError,omitempty"`
}

// New checks the schedules and returns a runner for them. The error lists all invalid schedules.
func New(schedules []Schedule, o Options) (*Runner, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.After == nil {
		o.After = time.After
	}
	if o.NewID == nil {
		o.NewID = func() string { return strings.ToLower(rand.Text()[:16]) }
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.SendDead == nil {
		o.SendDead = func(context.Context, string, []byte, map[string]string) error { return nil }
	}
	o.TimeScale = max(1, o.TimeScale)
	entries, err := newEntries(schedules, o.Now())
	if o.Invoke == nil {
		err = errors.Join(errors.New("schedule: the setting Invoke is required"), err)
	}
	if err != nil {
		return nil, err
	}
	return &Runner{Options: o, entries: entries, ended: make(chan struct{})}, nil
}

// Check returns an error that lists all invalid schedules.
func Check(schedules []Schedule) error {
	_, err := newEntries(schedules, time.Now())
	return err
}

func newEntries(schedules []Schedule, now time.Time) (entries []*entry, err error) {
	var problems []error
	seen := map[string]bool{}
	for _, s := range schedules {
		e, err := newEntry(s, now)
		if err == nil && seen[s.Name] {
			err = errors.New("the name is used twice")
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", s.Name, err))
		}
		seen[s.Name] = true
		entries = append(entries, e)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("schedule: %w", err)
	}
	return entries, nil
}

func newEntry(s Schedule, now time.Time) (*entry, error) {
	loc, err := time.LoadLocation(s.TimeZone) // "" means UTC
	if err != nil {
		return nil, err
	}
	expression, err := Parse(s.Expression, loc)
	if err != nil {
		return nil, err
	}
	if s.Name == "" || s.Target == "" {
		return nil, errors.New("name and target are required")
	}
	if s.MaxAge == 0 {
		s.MaxAge = maxAge
	}
	if s.Retries != nil && (*s.Retries < 0 || *s.Retries > MaxRetries) {
		return nil, fmt.Errorf("%d retries, must be 0 to %d", *s.Retries, MaxRetries)
	}
	if s.MaxAge < time.Minute || s.MaxAge > maxAge {
		return nil, fmt.Errorf("maximum event age of %s, must be a minute to a day", s.MaxAge)
	}
	e := &entry{Schedule: s, expression: expression}
	e.advance(now)
	return e, nil
}

// advance sets the next due time after a time.
func (e *entry) advance(after time.Time) {
	if !e.Start.IsZero() && after.Before(e.Start) {
		after = e.Start.Add(-time.Nanosecond)
		if e.expression.every > 0 { // a rate is first due at its start
			after = e.Start.Add(-e.expression.every)
		}
	}
	e.next = e.expression.Next(after)
	if e.Disabled || !e.End.IsZero() && e.next.After(e.End) {
		e.next = time.Time{}
	}
}

// maxNap limits how long Serve sleeps. It then notices when the clock was changed or the
// machine was suspended.
const maxNap = time.Minute

// Serve fires schedules when they are due, until the context is done. A schedule that was
// due while the machine was suspended fires once afterwards. Serve must be called only once.
func (r *Runner) Serve(ctx context.Context) {
	defer r.retries.Wait()
	defer close(r.ended)
	for {
		now := r.Now()
		nap := maxNap
		for _, e := range r.entries {
			if at, due := r.take(e, now); due {
				if _, err := r.fire(ctx, e, at); err != nil {
					r.Logger.Error("the schedule could not invoke its target", "schedule", e.Name, "error", err)
				}
			}
			if next := r.state(e).Next; !next.IsZero() {
				nap = min(nap, max(0, next.Sub(now)))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-r.After(nap):
		}
	}
}

// take returns the last due time of the entry, and advances the entry.
func (r *Runner) take(e *entry, now time.Time) (at time.Time, due bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for !e.next.IsZero() && !e.next.After(now) {
		at, due = e.next, true
		e.advance(e.next)
	}
	return at, due
}

// Run fires a schedule now, with the current time in whole seconds as its scheduled time,
// and returns the execution ID. The error wraps ErrUnknown if there is no such schedule.
func (r *Runner) Run(ctx context.Context, name string) (id string, err error) {
	for _, e := range r.entries {
		if e.Name == name {
			return r.fire(ctx, e, r.Now())
		}
	}
	return "", fmt.Errorf("%w: %q", ErrUnknown, name)
}

func (r *Runner) fire(ctx context.Context, e *entry, at time.Time) (string, error) {
	id := r.NewID()
	err := r.Invoke(ctx, e.Target, e.payload(at, id, 1))
	r.record(e, at, id, err)
	if err != nil {
		ctx = context.WithoutCancel(ctx) // retries continue after the caller's request
		r.retries.Go(func() { r.retry(ctx, e, at, id, err) })
	}
	return id, err
}

// record stores the result of firing.
func (r *Runner) record(e *entry, at time.Time, id string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e.last, e.lastID, e.lastError = at, id, ""
	if err != nil {
		e.lastError = err.Error()
	}
}

func (e *entry) payload(at time.Time, id string, attempt int) []byte {
	when := at.UTC().Format("2006-01-02T15:04:05Z")
	if e.Input == "" {
		return e.event(when, id)
	}
	return []byte(strings.NewReplacer(
		"<aws.scheduler.scheduled-time>", when,
		"<aws.scheduler.execution-id>", id,
		"<aws.scheduler.attempt-number>", strconv.Itoa(attempt),
		"<aws.scheduler.schedule-arn>", e.ARN,
	).Replace(e.Input))
}

// event returns the default event of a schedule without input. Its detail is a string for
// EventBridge Scheduler, and an object for a rule.
func (e *entry) event(when, id string) []byte {
	region, account := "us-east-1", "000000000000"
	if arn := strings.Split(e.ARN, ":"); len(arn) > 5 { // arn:aws:scheduler:region:account:…
		region, account = arn[3], arn[4]
	}
	source, detail := "aws.scheduler", any("{}")
	if strings.HasPrefix(e.ARN, "arn:aws:events:") { // a rule with a schedule
		source, detail = "aws.events", struct{}{}
	}
	payload, err := json.Marshal(map[string]any{
		"version": "0", "id": id, "detail-type": "Scheduled Event", "source": source,
		"account": account, "time": when, "region": region, "resources": []string{e.ARN}, "detail": detail,
	})
	if err != nil {
		panic(err) // cannot fail: only strings
	}
	return payload
}

// States returns the schedules in their original order.
func (r *Runner) States() []State {
	states := make([]State, len(r.entries))
	for i, e := range r.entries {
		states[i] = r.state(e)
	}
	return states
}

func (r *Runner) state(e *entry) State {
	r.mu.Lock()
	defer r.mu.Unlock()
	zone := e.TimeZone
	if zone == "" {
		zone = "UTC"
	}
	return State{e.Name, e.Expression, zone, e.Target, e.Disabled, e.next, e.last, e.lastID, e.lastError}
}
