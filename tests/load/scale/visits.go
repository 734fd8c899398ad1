//go:build scale

package main

import (
	"context"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/minim-dev/minim/shared/link"
)

// edge is what requests have to get past, and how long they take.
type edge struct {
	stageRate, stageBurst float64 // throttle of infra/stages
	apiRate, apiBurst     float64 // of the account and region
	concurrency           int     // of the account
	cold, read, send, own time.Duration
}

// visits are requests to link-redirect: its environments, each with the cache that it really has.
type visits struct {
	clock  *clock
	edge   edge
	code   func() string
	clicks []message

	began                    time.Time
	stage, api, rps, starts  *bucket
	free                     []*environment
	busy                     []*environment // a heap by until
	table                    *links
	environments             int
	requests, hits, served   int
	stageNo, apiNo, lambdaNo int // refused, by whom
	took                     time.Duration
}

type environment struct {
	cache *cache
	until time.Time
}

// links counts what the caches ask of the table.
type links struct {
	clock   *clock
	all     int
	second  int64
	inCode  map[string]int
	inAll   int
	hottest int // reads of one item in one second, at most
	most    int // reads in one second, at most
}

// Get implements linkStore.
func (l *links) Get(_ context.Context, code string) (link.Link, error) {
	if second := l.clock.now.Unix(); second != l.second {
		l.second, l.inCode, l.inAll = second, map[string]int{}, 0
	}
	l.all++
	l.inAll++
	l.inCode[code]++
	l.hottest, l.most = max(l.hottest, l.inCode[code]), max(l.most, l.inAll)
	return link.Link{Code: code, Owner: "star", URL: "https://example.com/", Redirect: 302}, nil
}

func newVisits(c *clock, e edge, code func() string) *visits {
	return &visits{
		clock: c, edge: e, code: code, began: c.now,
		stage:  newBucket(e.stageRate, e.stageBurst, c.now),
		api:    newBucket(e.apiRate, e.apiBurst, c.now),
		rps:    newBucket(10*float64(e.concurrency), float64(e.concurrency), c.now), // 10 a second for each, taken in tenths
		starts: newBucket(100, 1000, c.now),                                         // 1,000 environments in 10 s
		table:  &links{clock: c},
	}
}

// come lets requests come, evenly, for a while.
func (v *visits) come(rate int, d time.Duration) {
	const tick = time.Millisecond
	end, owed := v.clock.now.Add(d), 0.0
	var again func()
	again = func() {
		if !v.clock.now.Before(end) {
			return
		}
		owed += float64(rate) * tick.Seconds()
		for ; owed >= 1; owed-- {
			v.visit()
		}
		v.clock.after(tick, again)
	}
	v.clock.after(0, again)
}

func (v *visits) visit() {
	now := v.clock.now
	v.requests++
	// Lambda lets a function have 10,000 requests a second more every ten seconds.
	v.rps.rate = min(10*float64(v.edge.concurrency), 10_000*(1+float64(int(now.Sub(v.began)/(10*time.Second)))))
	v.rps.burst = v.rps.rate / 10
	switch {
	case !v.stage.take(now, 1):
		v.stageNo++
		return
	case !v.api.take(now, 1):
		v.apiNo++
		return
	case !v.rps.take(now, 1):
		v.lambdaNo++
		return
	}
	e, took := v.environment()
	if e == nil {
		v.lambdaNo++
		return
	}
	code, before := v.code(), v.table.all
	if _, err := e.cache.Get(context.Background(), code); err != nil {
		panic(err) // links never fails
	}
	if v.table.all == before {
		v.hits++
	} else {
		took += v.edge.read
	}
	took += v.edge.own + v.edge.send
	v.served++
	v.took += took
	e.until = now.Add(took)
	v.push(e)
	v.clicks = append(v.clicks, message{number: len(v.clicks), code: code, at: now})
}

// environment returns one that is free, or a new one with the time that its start takes, or nil.
func (v *visits) environment() (*environment, time.Duration) {
	for len(v.busy) > 0 && !v.busy[0].until.After(v.clock.now) {
		v.free = append(v.free, v.pop())
	}
	if last := len(v.free) - 1; last >= 0 {
		e := v.free[last]
		v.free = v.free[:last]
		return e, 0
	}
	if v.environments >= v.edge.concurrency || !v.starts.take(v.clock.now, 1) {
		return nil, 0
	}
	v.environments++
	return &environment{cache: newCache(v.table, func() time.Time { return v.clock.now })}, v.edge.cold
}

func (v *visits) push(e *environment) {
	v.busy = append(v.busy, e)
	for i := len(v.busy) - 1; i > 0; {
		parent := (i - 1) / 2
		if !v.busy[i].until.Before(v.busy[parent].until) {
			return
		}
		v.busy[i], v.busy[parent] = v.busy[parent], v.busy[i]
		i = parent
	}
}

func (v *visits) pop() *environment {
	first, last := v.busy[0], len(v.busy)-1
	v.busy[0] = v.busy[last]
	v.busy = v.busy[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child+1 < last && v.busy[child+1].until.Before(v.busy[child].until) {
			child++
		}
		if child >= last || !v.busy[child].until.Before(v.busy[i].until) {
			return first
		}
		v.busy[i], v.busy[child] = v.busy[child], v.busy[i]
		i = child
	}
}

// oneCode is the code that all ask for.
func oneCode() string { return "star" }

// manyCodes are requested as links are: few often, most hardly ever.
func manyCodes(r *rand.Rand, links uint64) func() string {
	zipf := rand.NewZipf(r, 1.1, 1, links-1)
	return func() string { return strconv.FormatUint(zipf.Uint64(), 36) }
}
