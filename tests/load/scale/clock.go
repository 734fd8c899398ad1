//go:build scale

package main

import (
	"container/heap"
	"time"
)

// clock is virtual: it stands still while something happens, and leaps to what
// happens next. Things of one moment happen in the order in which they were planned.
type clock struct {
	now    time.Time
	plans  plans
	number int
}

type plan struct {
	at     time.Time
	number int
	do     func()
}

func (c *clock) after(d time.Duration, do func()) {
	c.number++
	heap.Push(&c.plans, plan{c.now.Add(d), c.number, do})
}

// next lets the next thing happen, and reports whether there was one.
func (c *clock) next() bool {
	if len(c.plans) == 0 {
		return false
	}
	p := heap.Pop(&c.plans).(plan)
	c.now = p.at
	p.do()
	return true
}

type plans []plan

func (p plans) Len() int { return len(p) }
func (p plans) Less(i, j int) bool {
	if p[i].at.Equal(p[j].at) {
		return p[i].number < p[j].number
	}
	return p[i].at.Before(p[j].at)
}
func (p plans) Swap(i, j int) { p[i], p[j] = p[j], p[i] }

// Push implements heap.Interface.
func (p *plans) Push(one any) { *p = append(*p, one.(plan)) }

// Pop implements heap.Interface.
func (p *plans) Pop() any {
	old := *p
	one := old[len(old)-1]
	*p = old[:len(old)-1]
	return one
}

// bucket is a token bucket: so much a second, and no more than burst at once.
type bucket struct {
	rate, burst float64
	left        float64
	at          time.Time
}

func newBucket(rate, burst float64, at time.Time) *bucket {
	return &bucket{rate: rate, burst: burst, left: burst, at: at}
}

// fill adds what has come since the last time.
func (b *bucket) fill(now time.Time) {
	b.left = min(b.burst, b.left+b.rate*now.Sub(b.at).Seconds())
	b.at = now
}

// take takes n if they are there.
func (b *bucket) take(now time.Time, n float64) bool {
	b.fill(now)
	if b.left < n {
		return false
	}
	b.left -= n
	return true
}
