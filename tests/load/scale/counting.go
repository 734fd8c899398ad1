//go:build scale

package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/table"
)

// source is the clicks queue as click-count has it: functions/click-count and infra/queues.yml.
type source struct {
	batch, counters, parallel, receives int
	alone                               bool // all stay at the first shard
	window, timeout, visibility         time.Duration
}

// margin is what shared/batch leaves of the timeout for the answer.
const margin = 500 * time.Millisecond

// overhead is what a batch takes besides its transactions: polling, the invocation, the deletion.
const overhead = 20 * time.Millisecond

type message struct {
	number   int
	received int
	code     string
	at       time.Time
}

// counting is the queue, the environments of click-count and the tables.
type counting struct {
	clock  *clock
	source source
	tables *tables
	random *rand.Rand

	began         time.Time
	arrivals      []message // all there will ever be, by time
	queue         []message // those that came back
	running       int
	idle          []*counter
	sent, taken   int // of arrivals
	counted       int
	dead, batches int
	most          int           // messages that waited
	waiting       []int         // every ten seconds
	busy          time.Duration // of the environments
}

// poll starts batches while there are environments and messages for them.
func (q *counting) poll() {
	now := q.clock.now
	for q.sent < len(q.arrivals) && !q.arrivals[q.sent].at.After(now) {
		q.sent++
	}
	most := min(q.source.counters, 5+int(5*now.Sub(q.began).Seconds())) // Lambda begins with 5, and adds 300 a minute
	for q.running < most {
		fresh := q.arrivals[q.taken:q.sent]
		waiting := len(fresh) + len(q.queue)
		if waiting == 0 || waiting < q.source.batch && len(q.queue) == 0 && now.Sub(fresh[0].at) < q.source.window {
			break
		}
		back := q.queue[:min(len(q.queue), q.source.batch)]
		fresh = fresh[:min(len(fresh), q.source.batch-len(back))]
		q.queue, q.taken = q.queue[len(back):], q.taken+len(fresh)
		q.start(slices.Concat(back, fresh))
	}
	q.most = max(q.most, q.open())
}

func (q *counting) open() int { return q.sent - q.counted - q.dead }

// watch polls until no more comes and nothing is left.
func (q *counting) watch() {
	q.began = q.clock.now
	left := func() bool { return q.counted+q.dead < len(q.arrivals) }
	var note, again func()
	note = func() {
		q.waiting = append(q.waiting, q.open())
		if left() {
			q.clock.after(10*time.Second, note)
		}
	}
	again = func() {
		q.poll()
		if left() {
			q.clock.after(10*time.Millisecond, again)
		}
	}
	q.clock.after(10*time.Second, note)
	q.clock.after(0, again)
}

// counter is an environment of click-count, with the shard that it uses for hot counters.
type counter struct{ place int }

// environment returns one that is idle, or a new one.
func (q *counting) environment() *counter {
	if last := len(q.idle) - 1; last >= 0 {
		c := q.idle[last]
		q.idle = q.idle[:last]
		return c
	}
	return &counter{table.CounterPlace(q.random.IntN)}
}

// batch is one invocation of click-count: links at the same time, up to as many
// as parallel, and the groups of a link one after the other.
type batch struct {
	q                        *counting
	counter                  *counter
	messages                 map[string]message
	links                    [][][]click.Click
	active                   int
	began, deadline, visible time.Time
}

func (q *counting) start(messages []message) {
	now := q.clock.now
	b := &batch{q: q, counter: q.environment(), messages: map[string]message{}, began: now, deadline: now.Add(q.source.timeout - margin), visible: now.Add(q.source.visibility)}
	q.running++
	q.batches++
	clicks := make([]click.Click, len(messages))
	for i, m := range messages {
		m.received++
		c := click.Click{ID: fmt.Sprintf("%012x%020x", m.at.UnixMilli(), m.number), Link: m.code, Code: m.code, Owner: "star", At: m.at}
		clicks[i], b.messages[c.ID] = c, m
	}
	groups := click.Groups(clicks, table.ClickGroup)
	for _, code := range slices.Sorted(maps.Keys(groups)) {
		b.links = append(b.links, groups[code])
	}
	q.clock.after(overhead, b.next)
}

// next starts links, or ends the batch.
func (b *batch) next() {
	for b.active < b.q.source.parallel && len(b.links) > 0 {
		link := b.links[0]
		b.links = b.links[1:]
		b.active++
		b.count(link, b.q.tables.write(link[0]), 0)
	}
	if b.active == 0 && len(b.links) == 0 {
		b.q.running--
		b.q.idle = append(b.q.idle, b.counter)
		b.q.busy += b.q.clock.now.Sub(b.began)
		b.q.poll()
	}
}

// count is table.Clicks.Count for the first group, then for the others.
func (b *batch) count(groups [][]click.Click, w write, attempt int) {
	q := b.q
	if !q.clock.now.Before(b.deadline) {
		for _, group := range groups {
			b.fail(group)
		}
		b.end()
		return
	}
	shard, reads := 0, q.tables.read
	if q.tables.hot[w.code] && !q.source.alone {
		shard = b.counter.place
	}
	if shard > 0 { // the day item marks the counter as hot, the shard's has the names
		reads *= 2
	}
	read := q.clock.now
	q.clock.after(reads, func() {
		took, ok := q.tables.transact(read, q.clock.now, w, shard, attempt)
		if !ok {
			b.counter.place = table.CounterPlace(q.random.IntN)
			took += table.RetryPause(attempt, q.random.IntN)
			q.clock.after(took, func() { b.count(groups, w, attempt+1) })
			return
		}
		q.clock.after(took, func() {
			q.counted += len(groups[0])
			if len(groups) == 1 {
				b.end()
				return
			}
			b.count(groups[1:], q.tables.write(groups[1]), 0)
		})
	})
}

// end is of a link; others may begin.
func (b *batch) end() {
	b.active--
	b.next()
}

// fail gives messages back to the queue, or up.
func (b *batch) fail(group []click.Click) {
	for _, c := range group {
		m := b.messages[c.ID]
		if m.received >= b.q.source.receives {
			b.q.dead++
			continue
		}
		b.q.clock.after(b.visible.Sub(b.q.clock.now), func() {
			b.q.queue = append(b.q.queue, m)
		})
	}
}
