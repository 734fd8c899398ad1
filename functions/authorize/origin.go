package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/minim-dev/minim/shared/edge"
)

const (
	// readInterval is the shortest time between two reads of the secret, whether or
	// not they succeed, so that requests with wrong keys cannot cause a read each.
	readInterval = 10 * time.Second

	// readTimeout limits one read. It is shorter than the function's timeout, at
	// which Lambda would discard the environment and the keys in it.
	readTimeout = 2 * time.Second
)

// errNoKeys means that the secret has not been read since the environment
// started, so no key can be checked.
var errNoKeys = errors.New("the edge's keys could not be read yet")

// originCheck checks the keys of the edge. It reads them at the first request, and again
// when a request has an unknown key, because the keys may have been rotated. If
// that fails, the keys that it read before remain valid.
type originCheck struct {
	secrets secretStore
	id      string
	now     func() time.Time
	log     *slog.Logger

	reading  sync.Mutex // held during a read
	lastRead time.Time  // when the latest read began

	mu   sync.Mutex // guards keys; never held during a read, so that known keys do not wait for one
	keys edge.Keys
}

// passes reports whether a request with this key came through the edge. It
// returns false without an error if the key is unknown, and errNoKeys if no read
// has succeeded yet.
func (d *originCheck) passes(ctx context.Context, key string) (bool, error) {
	if key == "" {
		return false, nil
	}
	if d.known().Open(key) {
		return true, nil
	}
	d.refresh(ctx)
	keys := d.known()
	if keys == (edge.Keys{}) {
		return false, errNoKeys
	}
	return keys.Open(key), nil
}

func (d *originCheck) known() edge.Keys {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.keys
}

// refresh reads the keys unless a read began less than readInterval ago. A
// failure is logged here, hence at most once per interval.
func (d *originCheck) refresh(ctx context.Context) {
	d.reading.Lock()
	defer d.reading.Unlock()
	now := d.now()
	if !d.lastRead.IsZero() && now.Sub(d.lastRead) < readInterval {
		return
	}
	d.lastRead = now
	keys, err := d.read(ctx)
	if err != nil {
		d.log.WarnContext(ctx, "cannot read the edge's keys; requests with a known key are accepted, others rejected", "retryAfter", readInterval.String(), "error", err)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.keys = keys
}

func (d *originCheck) read(ctx context.Context) (edge.Keys, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	secret, _, err := d.secrets.Read(ctx, d.id)
	if err != nil {
		return edge.Keys{}, err
	}
	return edge.Parse(secret)
}
