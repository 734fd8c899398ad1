package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/minim-dev/minim/shared/edge"
)

// patience is how long an unknown key waits until the secret is read again, so that
// strangers cannot have it read all the time.
const patience = 10 * time.Second

// door knows the keys of the edge. It reads them when it is asked first, and again
// when somebody comes with a key that it does not know: they may have been rotated.
type door struct {
	secrets secretStore
	id      string
	now     func() time.Time

	mu   sync.Mutex
	keys edge.Keys
	read time.Time // when the keys were read last
}

// opens reports whether a request with this key has come through the edge.
func (d *door) opens(ctx context.Context, key string) (bool, error) {
	if key == "" {
		return false, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.keys.Open(key) {
		return true, nil
	}
	if now := d.now(); now.Sub(d.read) >= patience {
		secret, _, err := d.secrets.Read(ctx, d.id)
		if err != nil {
			return false, fmt.Errorf("the edge's keys: %w", err)
		}
		keys, err := edge.Parse(secret)
		if err != nil {
			return false, err
		}
		d.keys, d.read = keys, now
	}
	return d.keys.Open(key), nil
}
