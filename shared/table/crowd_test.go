package table_test

import (
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/table"
)

func TestCounterShardSpreads(t *testing.T) {
	last := func(n int) int { return n - 1 }
	for attempt, want := range []int{0, 1, 3, 7, 15, 15, 15, 15, 15, 15} {
		if got := table.CounterShard(attempt, last); got != want {
			t.Errorf("attempt %d: up to shard %d, want %d", attempt, got, want)
		}
	}
	if got := table.CounterShard(1_000_000, last); got != 15 {
		t.Errorf("up to shard %d", got)
	}
}

func TestCounterPauseGrows(t *testing.T) {
	last := func(n int) int { return n - 1 }
	for attempt, want := range []time.Duration{10, 20, 40, 80, 160, 320, 640, 640} {
		if got := table.CounterPause(attempt, last) + 1; got != want*time.Millisecond {
			t.Errorf("attempt %d: up to %v, want %v", attempt, got, want*time.Millisecond)
		}
	}
}
