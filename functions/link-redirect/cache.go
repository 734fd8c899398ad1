package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

const (
	// keepCached is how long an entry is used without a read, and so how long one
	// environment may miss an edit.
	keepCached = 5 * time.Second
	// maxCached bounds the links, and separately the unknown codes, so that requests
	// for made-up codes cannot evict links.
	maxCached = 1000
	// maxStale is how old an entry may be at the start of an outage to be used during it.
	maxStale = time.Hour

	// readTimeout limits a read of the table, with all its tries. A table answers
	// within milliseconds. While an environment waits, visitors reach another one,
	// which may have no copies, so probeTimeout limits reads during an outage.
	readTimeout  = time.Second
	probeTimeout = 300 * time.Millisecond
	// refreshTimeout limits a read for which there is a copy younger than
	// keepRefreshing. A slow table exceeds it too, so that failure is no outage.
	refreshTimeout = 100 * time.Millisecond
	keepRefreshing = 30 * time.Second
	// readInterval is how long the table is left alone after a read that failed.
	readInterval = 5 * time.Second
)

// errOutage is the answer for links without a copy while the table is left alone.
var errOutage = errors.New("the latest read of the links table failed")

// cache takes hot links, and codes that do not exist, off the table, and keeps
// links available while the table is not. It ignores expiry: callers compare with
// the clock.
type cache struct {
	links linkStore
	now   func() time.Time

	mu      sync.Mutex
	found   map[string]entry
	unknown map[string]entry
	failing time.Time // when the outage began, zero if there is none
	pause   time.Time // until then the table is not read
	slow    time.Time // until then young copies are not refreshed
}

type entry struct {
	link link.Link
	err  error // a NotFound fault for unknown codes
	read time.Time
}

func newCache(links linkStore, now func() time.Time) *cache {
	return &cache{links: links, now: now, found: map[string]entry{}, unknown: map[string]entry{}}
}

// Get returns what the table contained at most keepCached ago. If the table fails
// or does not answer, it returns an older copy of the link, or an error if there is
// none; neither makes later requests wait while the outage lasts.
func (c *cache) Get(ctx context.Context, code string) (link.Link, error) {
	now := c.now().Round(0) // the wall clock: the monotonic one may stand still in a frozen environment
	e, cached, fresh := c.load(code, now)
	if fresh {
		return e.link, e.err
	}
	copied := cached && e.err == nil
	young := copied && now.Before(e.read.Add(keepRefreshing))
	timeout := c.timeout(young, now)
	if timeout == 0 {
		return c.stale(e, copied, errOutage)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	l, err := c.links.Get(ctx, code)
	if err != nil && !fault.Is(err, fault.NotFound) {
		c.failed(young, now)
		return c.stale(e, copied, err)
	}
	c.store(code, entry{l, err, now})
	return l, err
}

// Forget drops that a code is unknown.
func (c *cache) Forget(code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.unknown, code)
}

// IfEmpty returns work that calls end if there is no copy of any link.
func (c *cache) IfEmpty(end func()) func(context.Context) error {
	return func(context.Context) error {
		c.mu.Lock()
		empty := len(c.found) == 0
		c.mu.Unlock()
		if empty {
			end()
		}
		return nil
	}
}

// load returns the entry of a code and whether it needs no read.
func (c *cache) load(code string, now time.Time) (e entry, cached, fresh bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, cached = c.found[code]
	if !cached {
		e, cached = c.unknown[code]
	}
	return e, cached, cached && now.Before(e.read.Add(keepCached))
}

// timeout returns how long a read may take, or zero if the table is to be left alone.
func (c *cache) timeout(young bool, now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case now.Before(c.pause), young && now.Before(c.slow):
		return 0
	case young:
		return refreshTimeout
	case !c.failing.IsZero():
		return probeTimeout
	default:
		return readTimeout
	}
}

// failed notes a read that failed. That of a young copy may only have been slow: it
// prolongs an outage, but does not start one. The pause begins when the read ended.
func (c *cache) failed(young bool, began time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	until := c.now().Round(0).Add(readInterval)
	c.slow = until
	if young && c.failing.IsZero() {
		return
	}
	c.pause = until
	if c.failing.IsZero() {
		c.failing = began
	}
}

// stale returns the copy of a link if it was recent when the outage began, and
// otherwise err. That a code is unknown may have changed, so it is not repeated.
func (c *cache) stale(e entry, copied bool, err error) (link.Link, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !copied || e.read.Add(maxStale).Before(c.failing) {
		return link.Link{}, err
	}
	return e.link, nil
}

// store keeps what was read, in place of the entry that was read longest ago if
// there are too many.
func (c *cache) store(code string, e entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failing = time.Time{}
	entries, others := c.found, c.unknown
	if e.err != nil {
		entries, others = others, entries
	}
	delete(others, code)
	delete(entries, code)
	if len(entries) >= maxCached {
		oldest := ""
		for known, old := range entries {
			if oldest == "" || old.read.Before(entries[oldest].read) {
				oldest = known
			}
		}
		delete(entries, oldest)
	}
	entries[code] = e
}
