package httpapi

import (
	"fmt"
	"sync"
	"time"
)

// bucket is a token bucket. A nil bucket has no limit.
type bucket struct {
	Throttle
	now func() time.Time

	mu     sync.Mutex
	tokens float64
	last   time.Time
}

func newBucket(t Throttle, now func() time.Time) (*bucket, error) {
	if t == (Throttle{}) {
		return nil, nil
	}
	if t.Rate <= 0 || t.Burst < 1 {
		return nil, fmt.Errorf("throttle needs a rate above 0 and a burst of at least 1, not %v and %d", t.Rate, t.Burst)
	}
	return &bucket{Throttle: t, now: now, tokens: float64(t.Burst), last: now()}, nil
}

func (b *bucket) take() bool {
	if b == nil {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	b.tokens = min(float64(b.Burst), b.tokens+b.Rate*now.Sub(b.last).Seconds())
	b.last = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
