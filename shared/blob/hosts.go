package blob

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/metric"
)

const (
	// hostsKey is the file of rules about hosts.
	hostsKey = "settings/hosts.txt"
	// maxHosts is its largest size in bytes.
	maxHosts = 1 << 20
	// hostsAge is how old the rules in use may be.
	hostsAge = time.Minute
	// hostsTimeout is how long a request may wait for them.
	hostsTimeout = time.Second
)

// HostRules are the rules about the hosts that links may lead to (link.ParseHosts), in a file
// that can be changed at any time. Without the file there are none. It is safe for
// concurrent use.
type HostRules struct {
	bucket *Bucket
	now    func() time.Time
	log    *slog.Logger

	mu    sync.Mutex
	rules link.Hosts
	etag  string
	next  time.Time // when to check for changes
}

// NewHostRules returns the rules in a bucket.
func NewHostRules(bucket *Bucket, now func() time.Time, log *slog.Logger) *HostRules {
	return &HostRules{bucket: bucket, now: now, log: log}
}

// Current returns the rules, at most a minute old. A file that cannot be read or has
// mistakes does not prevent owners from creating links: the previous rules stay in
// force, and invalid lines are skipped. Both are logged and counted.
func (h *HostRules) Current(ctx context.Context) link.Hosts {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	if now.Before(h.next) {
		return h.rules
	}
	h.next = now.Add(hostsAge)
	ctx, cancel := context.WithTimeout(ctx, hostsTimeout)
	defer cancel()
	mistakes, err := h.refresh(ctx)
	if err != nil || len(mistakes) > 0 {
		h.log.ErrorContext(ctx, "rules about hosts are not all in use", "error", err, "mistakes", mistakes)
		metric.Count(ctx, h.log, "HostRulesFailed", 1)
	}
	return h.rules
}

// refresh reads the file if it has changed, and returns the mistakes in it.
func (h *HostRules) refresh(ctx context.Context) (mistakes []string, err error) {
	etag, err := h.bucket.ETag(ctx, hostsKey)
	if err != nil || etag == h.etag {
		return nil, err
	}
	var text []byte
	if etag != "" {
		if text, err = h.bucket.Get(ctx, hostsKey, maxHosts); err != nil {
			return nil, fmt.Errorf("rules about hosts: %w", err)
		}
	}
	rules, mistakes := link.ParseHosts(string(text))
	h.rules, h.etag = rules, etag
	return mistakes, nil
}
