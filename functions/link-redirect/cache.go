package main

import (
	"context"
	"sync"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

// The cache keeps at most maxCached codes, each for keepCached: so long an
// edit can stay unseen by one environment.
const (
	keepCached = 5 * time.Second
	maxCached  = 1000
)

// cache takes hot links off the table, and codes that do not exist as well.
// It knows nothing of expiry: whoever gets a link compares with the clock.
type cache struct {
	links linkStore
	now   func() time.Time

	mu      sync.Mutex
	entries map[string]entry
}

type entry struct {
	link  link.Link
	err   error // nil or NotFound
	until time.Time
}

func newCache(links linkStore, now func() time.Time) *cache {
	return &cache{links: links, now: now, entries: map[string]entry{}}
}

// Get returns what the table said at most keepCached ago. Failures are not kept.
func (c *cache) Get(ctx context.Context, code string) (link.Link, error) {
	now := c.now().Round(0) // the wall clock: the other one may stand still in a frozen environment
	if e, ok := c.load(code, now); ok {
		return e.link, e.err
	}
	l, err := c.links.Get(ctx, code)
	if err == nil || fault.Is(err, fault.NotFound) {
		c.store(code, entry{l, err, now.Add(keepCached)}, now)
	}
	return l, err
}

func (c *cache) load(code string, now time.Time) (entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[code]
	return e, ok && now.Before(e.until)
}

func (c *cache) store(code string, e entry, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.entries) >= maxCached {
		for old, e := range c.entries {
			if !now.Before(e.until) {
				delete(c.entries, old)
			}
		}
	}
	if len(c.entries) >= maxCached {
		clear(c.entries)
	}
	c.entries[code] = e
}
