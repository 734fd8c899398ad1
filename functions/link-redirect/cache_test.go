package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

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
		{"again", 4999 * time.Millisecond, "a", errDown, false, 1},
		{"unknown", 0, "b", fault.New(fault.NotFound, "No."), true, 2},
		{"unknown is kept", 0, "b", nil, true, 2},
		{"too old, but the table fails", time.Millisecond, "a", errDown, false, 3},
		{"the copy is left alone", readInterval - time.Millisecond, "a", nil, false, 3},
		{"a link that was never read is asked for, and fails", 0, "c", errDown, true, 4},
		{"the table is left alone", readInterval - time.Millisecond, "a", nil, false, 4},
		{"for a link that was never read, too", 0, "c", nil, true, 4},
		{"then it is asked again, and still fails", time.Millisecond, "a", errDown, false, 5},
		{"unknown may have changed", 2 * readInterval, "b", errDown, true, 6},
		{"an hour later it still fails", time.Hour, "a", errDown, false, 7},
		{"it works again", readInterval, "a", nil, false, 8},
		{"for all links", 0, "c", nil, false, 9},
		{"the copy is from before the outage, but too old", maxStale + time.Millisecond, "a", errDown, true, 10},
		{"the failure is not kept", readInterval, "a", nil, false, 11},
	}
	for _, step := range steps {
		clock, answer = clock.Add(step.wait), step.answer
		l, err := c.Get(t.Context(), step.code)
		if (err != nil) != step.fails || asked != step.asked || err == nil && l.Code != step.code {
			t.Errorf("%s: %+v, %v, the table was asked %d times, want %d", step.name, l, err, asked, step.asked)
		}
	}
}

// TestForget: a code that the site has found free leads somewhere as soon as it is taken.
func TestForget(t *testing.T) {
	free := true
	c := newCache(linksFunc(func(code string) (link.Link, error) {
		if free {
			return link.Link{}, fault.New(fault.NotFound, "No.")
		}
		return known("hello")
	}), func() time.Time { return now })
	h := newHandler(&sent{})
	h.links, h.forget = c, c.Forget
	for _, step := range []struct {
		path   string
		free   bool
		status int
	}{{"go+", true, 404}, {"go", false, 302}, {"on", true, 404}, {"on", false, 404}} {
		free = step.free
		if got := send(t, h, visit("HEAD", step.path)); got.StatusCode != step.status {
			t.Errorf("%s answers %d, want %d", step.path, got.StatusCode, step.status)
		}
	}
}

var errDown = errors.New("down")

// A table that hangs delays a link without a copy for a second, a link with one for
// less, and then nobody until it is asked again.
func TestTableHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hangs := false
		c := newCache(hanging(func(ctx context.Context, code string) (link.Link, error) {
			if hangs {
				<-ctx.Done()
				return link.Link{}, ctx.Err()
			}
			return link.Link{Code: code}, nil
		}), time.Now)
		get := func(code string) (bool, time.Duration) {
			began := time.Now()
			_, err := c.Get(t.Context(), code)
			return err == nil, time.Since(began)
		}
		get("known")
		time.Sleep(keepCached)
		hangs = true
		for n, want := range []struct {
			code  string
			found bool
			takes time.Duration
		}{
			{"known", true, refreshTimeout}, {"known", true, 0}, {"new", false, readTimeout}, {"new", false, 0},
			{"known", true, 0}, {"new", false, probeTimeout}, {"known", true, 0}, {"new", false, 0},
		} {
			if n == 5 {
				time.Sleep(readInterval)
			}
			if found, took := get(want.code); found != want.found || took != want.takes {
				t.Errorf("%d, %s: found %t after %s", n, want.code, found, took)
			}
		}
	})
}

// A table that is slow, but answers, is no outage: links without a copy are followed,
// and an edit of one with a copy is seen soon. The same holds soon after an outage.
func TestTableIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		delay := time.Duration(0)
		c := newCache(hanging(func(ctx context.Context, code string) (link.Link, error) {
			select {
			case <-time.After(delay):
				return link.Link{Code: code}, nil
			case <-ctx.Done():
				return link.Link{}, ctx.Err()
			}
		}), time.Now)
		const outage = 100 // begins after this round
		refused := 0
		for n := range 1000 {
			codes := []string{"known", fmt.Sprint("new", n)}
			if n == 0 {
				codes = codes[:1]
			}
			for _, code := range codes {
				_, err := c.Get(t.Context(), code)
				if recovering := n >= outage && n <= outage+40 && code != "known"; err != nil && !recovering {
					t.Fatalf("%d, %s: %v", n, code, err)
				}
				if err != nil {
					refused++
				}
			}
			if age := time.Since(c.found["known"].read); age > keepRefreshing+2*readInterval {
				t.Fatalf("%d: the copy is %s old", n, age)
			}
			delay = probeTimeout - time.Millisecond
			if n == outage {
				delay = time.Hour
			}
			time.Sleep(time.Second)
		}
		if refused == 0 {
			t.Error("there was no outage")
		}
	})
}

type hanging func(context.Context, string) (link.Link, error)

func (h hanging) Get(ctx context.Context, code string) (link.Link, error) { return h(ctx, code) }

// TestCacheIsBounded: neither links nor made-up codes fill the memory, and codes do
// not evict links. The entry that was read longest ago goes first.
func TestCacheIsBounded(t *testing.T) {
	clock, asked := now, 0
	c := newCache(linksFunc(func(code string) (link.Link, error) {
		asked++
		if strings.HasPrefix(code, "unknown") {
			return link.Link{}, fault.New(fault.NotFound, "No.")
		}
		return link.Link{Code: code}, nil
	}), func() time.Time { return clock })
	get := func(code string) {
		clock = clock.Add(time.Microsecond)
		_, _ = c.Get(t.Context(), code)
	}
	for n := range maxCached {
		get(fmt.Sprint("link", n))
	}
	for n := range 3 * maxCached {
		get(fmt.Sprint("unknown", n))
	}
	asked = 0
	for n := range maxCached {
		get(fmt.Sprint("link", n))
	}
	if asked != 0 || len(c.found) != maxCached || len(c.unknown) != maxCached {
		t.Errorf("%d links were read again; %d links and %d unknown codes are kept", asked, len(c.found), len(c.unknown))
	}
	get("another")
	asked = 0
	for n := maxCached - 1; n > 0; n-- {
		get(fmt.Sprint("link", n))
	}
	if asked != 0 || len(c.found) != maxCached {
		t.Errorf("one more link: %d were read again, %d are kept", asked, len(c.found))
	}
	if get("link0"); asked != 1 {
		t.Error("the oldest link was kept")
	}
}

// An environment is frozen between requests, and with it the monotonic clock.
func TestCacheUsesTheWallClock(t *testing.T) {
	clock, asked := time.Now(), 0
	c := newCache(linksFunc(func(code string) (link.Link, error) { asked++; return link.Link{Code: code}, nil }), func() time.Time { return clock })
	for range 2 {
		if _, err := c.Get(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		clock = frozen(clock, 10)
	}
	if asked != 2 {
		t.Errorf("the table was asked %d times in 10 seconds of which the monotonic clock knows nothing", asked)
	}
}

// frozen returns a time whose wall clock is so many seconds later and whose monotonic
// clock stands still. Only a suspended machine makes one, so it depends on the layout
// of time.Time: seconds in the upper bits of its first word, from bit 30.
func frozen(t time.Time, seconds uint64) time.Time {
	*(*uint64)(unsafe.Pointer(&t)) += seconds << 30
	return t
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
