package schedule

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A failed invocation is retried according to its schedule, and each attempt gets its number.
func TestRetry(t *testing.T) {
	none, three := 0, 3
	for name, test := range map[string]struct {
		schedule Schedule
		fails    int      // attempts that fail
		at       []string // times of the attempts since the first one
		dead     string   // why the retries stopped
	}{
		"second attempt":  {Schedule{}, 1, []string{"0s", "1s"}, ""},
		"fourth attempt":  {Schedule{}, 3, []string{"0s", "1s", "3s", "7s"}, ""},
		"no retries":      {Schedule{Retries: &none}, 9, []string{"0s"}, "MaximumRetryAttempts"},
		"three retries":   {Schedule{Retries: &three}, 9, []string{"0s", "1s", "3s", "7s"}, "MaximumRetryAttempts"},
		"a minute of age": {Schedule{MaxAge: time.Minute}, 9, []string{"0s", "1s", "3s", "7s", "15s", "31s"}, "MaximumEventAgeInSeconds"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var at, attempts []string
				began := time.Now()
				var dead map[string]string
				test.schedule.Name, test.schedule.Expression, test.schedule.Target = "s", "rate(1 day)", "fn"
				test.schedule.Input, test.schedule.DeadLetter = "<aws.scheduler.attempt-number>", "arn:dead"
				r, err := New([]Schedule{test.schedule}, Options{
					Invoke: func(_ context.Context, _ string, payload []byte) error {
						at, attempts = append(at, time.Since(began).String()), append(attempts, string(payload))
						if len(at) <= test.fails {
							return errors.New("down")
						}
						return nil
					},
					SendDead: func(_ context.Context, arn string, payload []byte, attributes map[string]string) error {
						if dead = attributes; arn != "arn:dead" || string(payload) != attempts[len(attempts)-1] {
							t.Errorf("%s got %s", arn, payload)
						}
						return nil
					},
				})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := r.Run(t.Context(), "s"); err == nil {
					t.Error("the first attempt did not fail")
				}
				r.retries.Wait()
				if diff := cmp.Diff(test.at, at); diff != "" {
					t.Errorf("attempts (-want +got):\n%s", diff)
				}
				if got := strings.Join(attempts, ""); got != "123456789"[:len(at)] {
					t.Errorf("attempt numbers %s", got)
				}
				if dead["EXHAUSTED_RETRY_CONDITION"] != test.dead || test.dead != "" && dead["ERROR_MESSAGE"] != "down" {
					t.Errorf("dead letter %v", dead)
				}
				if state := r.States()[0]; (state.LastError == "") != (test.dead == "") {
					t.Errorf("state %+v", state)
				}
			})
		})
	}
}

// Retries end when the runner ends.
func TestRetryEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	r, err := New([]Schedule{{Name: "s", Expression: "rate(1 day)", Target: "fn"}}, Options{
		Invoke: func(context.Context, string, []byte) error { return errors.New("down") }})
	if err != nil {
		t.Fatal(err)
	}
	all.Go(func() { r.Serve(ctx) })
	if _, err := r.Run(ctx, "s"); err == nil {
		t.Error("the first attempt did not fail")
	}
	cancel()
	all.Wait()
}
