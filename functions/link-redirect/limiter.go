package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
)

const (
	// limitTimeout is how long a visitor may wait for a click of a limited link.
	limitTimeout = 1500 * time.Millisecond
	// confirmTimeout is how long one may wait for the confirmation, and revokeTime is
	// what is then left of the function's time to revoke the click.
	confirmTimeout = 2 * time.Second
	revokeTime     = time.Second
	// keepSpent is how long it is remembered that all clicks are used up: one of them
	// may be revoked. A visitor who was asked to come back comes later.
	keepSpent = 2 * time.Second
	// leaseMargin is how long after the function's own deadline it is certain that it
	// has ended, with clocks that differ by a second.
	leaseMargin = 2 * time.Second
	// leaseTime is for a function without a deadline.
	leaseTime = 10 * time.Second
	// maxSpent bounds how many exhausted links are remembered.
	maxSpent = 1000
)

// leaseStore keeps the clicks that are taken.
type leaseStore interface {
	Take(ctx context.Context, lease table.Lease, most int64, now func() time.Time) (bool, error)
	Confirm(ctx context.Context, lease table.Lease) error
	Revoke(ctx context.Context, lease table.Lease) error
}

type limitStore interface {
	leaseStore
	Exhausted(ctx context.Context, link string, most int64, now time.Time) (bool, error)
}

// limiter uses up the clicks of links with a maximum. It remembers links that are
// exhausted, so that many visitors at once cost few writes.
type limiter struct {
	store limitStore
	after afterwards
	now   func() time.Time

	mu    sync.Mutex
	spent map[string]spent // by link
}

// spent is a maximum that was used up at a time.
type spent struct {
	most int64
	at   time.Time
}

func newLimiter(store limitStore, after afterwards, now func() time.Time) *limiter {
	return &limiter{store: store, after: after, now: now, spent: map[string]spent{}}
}

// Use does what a decision requires and returns whether a click is left. The lease is
// to be confirmed right before the answer; it is empty if there is nothing to confirm.
func (l *limiter) Use(ctx context.Context, followed link.Link, use link.Use) (lease table.Lease, left bool, err error) {
	if use == link.NoUse {
		return table.Lease{}, true, nil
	}
	if l.known(followed) {
		return table.Lease{}, false, nil
	}
	until := l.now().Add(leaseTime)
	if deadline, limited := ctx.Deadline(); limited {
		until = deadline.Add(leaseMargin)
	}
	ctx, cancel := context.WithTimeout(ctx, limitTimeout)
	defer cancel()
	if use == link.Check {
		exhausted, err := l.store.Exhausted(ctx, followed.ID, followed.MaxClicks, l.now())
		return table.Lease{}, !exhausted, err
	}
	lease = table.Lease{Link: followed.ID, ID: rand.Text()[:12], Until: until}
	left, err = l.store.Take(ctx, lease, followed.MaxClicks, l.now)
	if err != nil || left {
		return lease, left, err
	}
	l.remember(followed)
	return table.Lease{}, false, nil
}

// Confirm uses up a leased click for good. If it can't, it leaves it to the time after
// the answer to revoke the click: a confirmation that got no answer may have happened,
// and the visitor is not redirected.
func (l *limiter) Confirm(ctx context.Context, lease table.Lease) error {
	if lease.ID == "" {
		return nil
	}
	timed, cancel := context.WithTimeout(ctx, confirmTimeout)
	defer cancel()
	if deadline, limited := ctx.Deadline(); limited {
		timed, cancel = context.WithDeadline(timed, deadline.Add(-revokeTime))
		defer cancel()
	}
	err := l.store.Confirm(timed, lease)
	if err == nil {
		return nil
	}
	l.after.Do(ctx, func(ctx context.Context) error { return l.store.Revoke(ctx, lease) })
	return fmt.Errorf("link %s: %w", lease.Link, err)
}

// known reports whether the link was exhausted a moment ago, with at least its maximum of now.
func (l *limiter) known(followed link.Link) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.spent[followed.ID]
	return s.most >= followed.MaxClicks && l.now().Sub(s.at) < keepSpent
}

func (l *limiter) remember(followed link.Link) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.spent) >= maxSpent {
		clear(l.spent)
	}
	l.spent[followed.ID] = spent{followed.MaxClicks, l.now()}
}
