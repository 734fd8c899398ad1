package main

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

func TestCache(t *testing.T) {
	clock, asked, answer := now, 0, error(nil)
	c := newCache(linksFunc(func(code string) (link.Link, error) {
		asked++
		return link.Link{Code: code}, answer
	}), func() time.Time { return clock })
	steps := []struct {
		name   string
		wait   time.Duration
		code   string
		answer error
		fails  bool
		asked  int // in total
	}{
		{"first", 0, "a", nil, false, 1},
		{"again", 4999 * time.Millisecond, "a", errors.New("down"), false, 1},
		{"too old, and the table fails", time.Millisecond, "a", errors.New("down"), true, 2},
		{"a failure is not kept", 0, "a", nil, false, 3},
		{"unknown", 0, "b", fault.New(fault.NotFound, "No."), true, 4},
		{"unknown is kept", time.Second, "b", nil, true, 4},
		{"and forgotten", 4 * time.Second, "b", nil, false, 5},
	}
	for _, step := range steps {
		clock, answer = clock.Add(step.wait), step.answer
		if _, err := c.Get(t.Context(), step.code); (err != nil) != step.fails || asked != step.asked {
			t.Errorf("%s: %v, the table was asked %d times, want %d", step.name, err, asked, step.asked)
		}
	}
}

func TestCacheIsBounded(t *testing.T) {
	clock := now
	c := newCache(linksFunc(known), func() time.Time { return clock })
	for n := range 3 * maxCached {
		if n == maxCached/2 {
			clock = clock.Add(keepCached)
		}
		if _, err := c.Get(t.Context(), fmt.Sprint("unknown", n)); !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		if len(c.entries) > maxCached {
			t.Fatalf("%d entries", len(c.entries))
		}
	}
	if len(c.entries) < maxCached/2 {
		t.Errorf("only %d entries are left", len(c.entries))
	}
}

func TestExpiryInsideTheCachedTime(t *testing.T) {
	clock := now
	h := newHandler(&sent{})
	h.now = func() time.Time { return clock }
	h.links = newCache(linksFunc(func(string) (link.Link, error) {
		return link.Link{Code: "soon", URL: target, Redirect: 302, ExpiresAt: now.Add(time.Second)}, nil
	}), h.now)
	if got := send(t, h, visit("GET", "soon")); got.StatusCode != 302 {
		t.Errorf("before: %d", got.StatusCode)
	}
	clock = clock.Add(time.Second)
	if got := send(t, h, visit("GET", "soon")); got.StatusCode != 410 {
		t.Errorf("after: %d", got.StatusCode)
	}
}
