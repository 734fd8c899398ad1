package client

import (
	"context"
	"math/rand/v2"
	"time"
)

// backoff is a random time that doubles with each attempt, from at most half a second.
func backoff(attempt int) time.Duration {
	most := 500 * time.Millisecond << min(attempt, 6)
	return most/2 + rand.N(most/2)
}

// sleep waits, or returns the context's error if that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
