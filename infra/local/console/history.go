package console

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/minim-dev/minim/infra/local/lambda"
)

// History stores the last invocations, up to a number and a total size.
type History struct {
	most, limit int

	mu      sync.Mutex
	entries []entry // oldest first
	size    int
	count   int
	changed chan struct{} // closed when an entry is added
}

// entry is an invocation with a unique number.
type entry struct {
	Number int
	lambda.Invocation
}

func (e entry) size() int { return len(e.Event) + len(e.Answer) + len(e.Log) + 1<<10 }

// NewHistory returns a History that is limited to a number of invocations, and to a number
// of bytes in their events, answers and logs. The last invocation is always stored.
func NewHistory(most, limit int) *History {
	return &History{most: most, limit: limit, changed: make(chan struct{})}
}

// Add stores an invocation, and discards the oldest ones.
func (h *History) Add(i lambda.Invocation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count++
	e := entry{h.count, i}
	h.entries = append(h.entries, e)
	h.size += e.size()
	gone := 0
	for len(h.entries)-gone > h.most || h.size > h.limit && len(h.entries)-gone > 1 {
		h.size -= h.entries[gone].size()
		gone++
	}
	h.entries = slices.Delete(h.entries, 0, gone)
	close(h.changed)
	h.changed = make(chan struct{})
}

// find returns the newest n matching entries before a number (0: from the end), newest
// first, and whether there are more.
func (h *History) find(before, n int, match func(entry) bool) (found []entry, more bool) {
	h.mu.Lock()
	all := slices.Clone(h.entries)
	h.mu.Unlock()
	for _, e := range slices.Backward(all) {
		if before > 0 && e.Number >= before || !match(e) {
			continue
		}
		if len(found) == n {
			return found, true
		}
		found = append(found, e)
	}
	return found, false
}

// of returns the attempts of one request, newest first.
func (h *History) of(requestID string) []entry {
	found, _ := h.find(0, h.most, func(e entry) bool { return e.RequestID == requestID })
	return found
}

// wait waits until a request has completed or the context is done.
func (h *History) wait(ctx context.Context, requestID string) bool {
	for {
		h.mu.Lock()
		changed := h.changed
		h.mu.Unlock()
		if len(h.of(requestID)) > 0 {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// total returns the number of invocations so far.
func (h *History) total() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}

// speaks reports whether an invocation contains a text anywhere.
func (e entry) speaks(of string) bool {
	return strings.Contains(e.RequestID, of) || strings.Contains(e.Function, of) ||
		bytes.Contains(e.Event, []byte(of)) || bytes.Contains(e.Answer, []byte(of)) || bytes.Contains(e.Log, []byte(of))
}
