package table_test

import (
	"crypto/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/table"
)

func attempts(t *testing.T) *table.Attempts {
	t.Helper()
	return table.NewAttempts(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-idempotency")
}

func TestAttempts(t *testing.T) {
	a, link := attempts(t), rand.Text()
	begin := tomorrow.Truncate(time.Second)
	for _, step := range []struct {
		name    string
		visitor string
		at      time.Duration
		want    time.Duration // to wait
		right   bool
	}{
		{"first", "a", 0, 0, false},
		{"right", "a", time.Second, 0, true},
		{"second", "a", time.Second, 0, false},
		{"third", "a", 2 * time.Second, 0, false},
		{"fourth", "a", 3 * time.Second, 0, false},
		{"fifth", "a", 50 * time.Second, 0, false},
		{"sixth", "a", 50 * time.Second, 10 * time.Second, false},
		{"another visitor", "b", 50 * time.Second, 0, false},
		{"the last moment", "a", time.Minute - time.Millisecond, time.Millisecond, false},
		{"the next minute", "a", time.Minute, 0, false},
		{"second of the next minute", "a", 119 * time.Second, 0, true},
		{"long after", "a", time.Hour, 0, false},
	} {
		got, err := a.Begin(t.Context(), link, step.visitor, begin.Add(step.at))
		if got != step.want || err != nil {
			t.Errorf("%s: %s, %v", step.name, got, err)
		}
		if step.right {
			if err := a.Succeed(t.Context(), link, step.visitor); err != nil {
				t.Errorf("%s: %v", step.name, err)
			}
		}
	}
	if wait, err := a.Begin(t.Context(), rand.Text(), "a", begin); wait != 0 || err != nil {
		t.Errorf("another link: %s, %v", wait, err)
	}
	if err := a.Succeed(t.Context(), rand.Text(), "a"); err != nil {
		t.Errorf("what nobody has counted is given back: %v", err)
	}
}

// TestAttemptsAtOnce: in each minute five of many get through, also when it begins.
func TestAttemptsAtOnce(t *testing.T) {
	a, link := attempts(t), rand.Text()
	for minute := range 3 {
		var through atomic.Int64
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() {
				wait, err := a.Begin(t.Context(), link, "a", tomorrow.Add(time.Duration(minute)*time.Minute))
				if err != nil {
					t.Error(err)
				}
				if wait == 0 {
					through.Add(1)
				}
			})
		}
		all.Wait()
		if through.Load() != 5 {
			t.Errorf("minute %d: %d attempts", minute, through.Load())
		}
	}
}
