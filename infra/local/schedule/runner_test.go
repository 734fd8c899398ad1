package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
)

// clock is a fake clock that moves only if the test moves it.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	sleep chan time.Duration // the durations that Serve sleeps
	wake  chan time.Time
}

func newClock(start string) *clock {
	now, err := time.Parse(time.RFC3339, start)
	if err != nil {
		panic(err)
	}
	return &clock{now: now, sleep: make(chan time.Duration), wake: make(chan time.Time)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) After(d time.Duration) <-chan time.Time {
	c.sleep <- d
	return c.wake
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	c.mu.Unlock()
}

// recorder records the invocations.
type recorder struct {
	mu   sync.Mutex
	list []string
	err  error
}

func (r *recorder) invoke(_ context.Context, target string, payload []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, target+" "+string(payload))
	return r.err
}

func options(c *clock, r *recorder) Options {
	n := 0
	return Options{Invoke: r.invoke, Now: c.Now, After: c.After, NewID: func() string { n++; return fmt.Sprintf("id%d", n) }}
}

const input = `{"at":"<aws.scheduler.scheduled-time>","id":"<aws.scheduler.execution-id>",` +
	`"n":<aws.scheduler.attempt-number>,"arn":"<aws.scheduler.schedule-arn>"}`

func TestServe(t *testing.T) {
	c, rec := newClock("2026-11-21T01:58:30Z"), &recorder{}
	r, err := New([]Schedule{
		{Name: "night", ARN: "arn:x", Expression: "cron(0 2 * * ? *)", Target: "report", Input: input},
		{Name: "often", Expression: "rate(1 minute)", Target: "check", Input: "{}", End: c.now.Add(150 * time.Second)},
		{Name: "off", Expression: "rate(1 minute)", Target: "never", Disabled: true},
		{Name: "later", Expression: "rate(1 hour)", Target: "later", Input: "{}", Start: c.now.Add(3 * time.Hour)},
	}, options(c, rec))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { r.Serve(ctx); close(done) }()

	step := func(slept, move time.Duration, want ...string) {
		t.Helper()
		if got := <-c.sleep; got != slept {
			t.Errorf("slept %v, want %v", got, slept)
		}
		if diff := cmp.Diff(want, rec.list); diff != "" {
			t.Errorf("invocations (-want +got):\n%s", diff)
		}
		c.move(move)
		if move > 0 {
			c.wake <- c.Now()
		}
	}
	night := `report {"at":"2026-11-21T02:00:00Z","id":"id2","n":1,"arn":"arn:x"}`
	step(time.Minute, time.Minute)                                // 01:59:30
	step(30*time.Second, 30*time.Second, "check {}")              // 02:00:00
	step(30*time.Second, 30*time.Second, "check {}", night)       // 02:00:30
	step(time.Minute, 3*time.Hour, "check {}", night, "check {}") // the machine was suspended: one "later", not two
	step(time.Minute, 0, "check {}", night, "check {}", "later {}")
	cancel()
	<-done
	if got, want := r.States()[3].Last.Format(time.RFC3339), "2026-11-21T04:58:30Z"; got != want {
		t.Errorf("last fired at %s, want its start, %s", got, want)
	}
}

func TestRun(t *testing.T) {
	c, rec := newClock("2026-11-21T02:03:04Z"), &recorder{}
	r, err := New([]Schedule{{Name: "off", ARN: "arn:x", Expression: "at(2020-01-01T00:00:00)", Target: "report", Input: input,
		Disabled: true, TimeZone: "Europe/Berlin"}}, options(c, rec))
	if err != nil {
		t.Fatal(err)
	}
	id, err := r.Run(t.Context(), "off")
	if err != nil || id != "id1" {
		t.Fatalf("Run = %q, %v", id, err)
	}
	want := []string{`report {"at":"2026-11-21T02:03:04Z","id":"id1","n":1,"arn":"arn:x"}`}
	if diff := cmp.Diff(want, rec.list); diff != "" {
		t.Errorf("invocations (-want +got):\n%s", diff)
	}
	rec.err = errors.New("full")
	if _, err := r.Run(t.Context(), "off"); !errors.Is(err, rec.err) {
		t.Errorf("Run = %v, want the target's error", err)
	}
	states := []State{{Name: "off", Expression: "at(2020-01-01T00:00:00)", TimeZone: "Europe/Berlin", Target: "report",
		Disabled: true, Last: c.now, LastID: "id2", LastError: "full"}}
	if diff := cmp.Diff(states, r.States()); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if _, err := r.Run(t.Context(), "on"); !errors.Is(err, ErrUnknown) {
		t.Errorf("Run of nothing = %v", err)
	}
}

func TestEventWithoutInput(t *testing.T) {
	c, rec := newClock("2026-11-21T02:03:04Z"), &recorder{}
	r, err := New([]Schedule{{Name: "plain", ARN: "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/plain",
		Expression: "rate(1 day)", Target: "report"}}, options(c, rec))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Run(t.Context(), "plain"); err != nil {
		t.Fatal(err)
	}
	_, payload, _ := strings.Cut(rec.list[0], " ")
	var e events.EventBridgeEvent
	if err := json.Unmarshal([]byte(payload), &e); err != nil {
		t.Fatal(err)
	}
	want := events.EventBridgeEvent{Version: "0", ID: "id1", DetailType: "Scheduled Event", Source: "aws.scheduler",
		AccountID: "123456789012", Time: c.now, Region: "eu-west-1",
		Resources: []string{"arn:aws:scheduler:eu-west-1:123456789012:schedule/default/plain"}, Detail: json.RawMessage(`"{}"`)}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

func TestNewRefuses(t *testing.T) {
	_, err := New([]Schedule{
		{Name: "a", Expression: "rate(1 minute)", Target: "t"},
		{Name: "a", Expression: "rate(1 minute)", Target: "t"},
		{Name: "b", Expression: "rate(1 minutes)", Target: "t"},
		{Name: "c", Expression: "rate(1 minute)", Target: "t", TimeZone: "Mars/Olympus"},
		{Name: "d", Expression: "rate(1 minute)"},
	}, Options{})
	for _, want := range []string{"Invoke is required", "a: the name is used twice", "b: schedule", "c: unknown time zone", "d: name and target"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("New = %v, want it to say %q", err, want)
		}
	}
}
