//go:build scale

package main

import (
	"math/rand/v2"
	"time"
)

// settings are the command line.
type settings struct {
	rate      int
	lasts     time.Duration
	links     uint64
	linksRate int
	uploads   int
	resizers  int
	picture   time.Duration
	edge      edge
	source    source
	tables    tables
}

// defaults are what an account has that asked for nothing, stage prod, and what
// docs/scale.md says of where the times come from.
func defaults() settings {
	return settings{
		rate: 50_000, lasts: time.Minute,
		links: 1_000_000_000, linksRate: 5000,
		uploads: 1_000_000, resizers: 50, picture: time.Second,
		edge: edge{
			stageRate: 5000, stageBurst: 5000, apiRate: 10_000, apiBurst: 5000, concurrency: 1000,
			cold: 80 * time.Millisecond, read: 4 * time.Millisecond, send: 6 * time.Millisecond, own: time.Millisecond,
		},
		source: source{batch: 222, counters: 10, parallel: 8, receives: 5, window: time.Second, timeout: 5 * time.Second},
		tables: tables{partition: 1000, whole: 4000, split: 1, read: 4 * time.Millisecond, transaction: 25 * time.Millisecond},
	}
}

// small is a tenth of it all, in a second or two.
func (s settings) small() settings {
	s.rate, s.linksRate, s.links, s.uploads, s.resizers = s.rate/10, s.linksRate/10, s.links/10, s.uploads/10, s.resizers/10
	s.edge.stageRate, s.edge.stageBurst = s.edge.stageRate/10, s.edge.stageBurst/10
	s.edge.apiRate, s.edge.apiBurst, s.edge.concurrency = s.edge.apiRate/10, s.edge.apiBurst/10, s.edge.concurrency/10
	s.tables.partition, s.tables.whole = s.tables.partition/10, s.tables.whole/10
	s.lasts /= 6
	return s
}

// outcome is a case, simulated.
type outcome struct {
	name   string
	visits *visits
	counts *counting
	tables *tables
	took   time.Duration // until the last click was counted
}

// began is an evening on which all clicks are of one day.
func began() time.Time { return time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC) }

// visit lets requests come.
func visit(s settings, rate int, code func() string) *visits {
	c := &clock{now: began()}
	v := newVisits(c, s.edge, code)
	v.come(rate, s.lasts)
	for c.next() {
	}
	return v
}

// count lets the clicks of visits be counted until none is left, for a day at most.
func count(name string, s settings, v *visits, star string) outcome {
	c := &clock{now: began()}
	t := s.tables
	t.clicks, t.stats = newBucket(t.whole, t.whole, c.now), newBucket(t.whole, t.whole, c.now)
	t.partitions, t.busy, t.names, t.perShard = map[string]*bucket{}, map[string]time.Time{}, map[string]int{}, map[int]int{}
	t.star = star
	s.source.visibility = 6*s.source.timeout + s.source.window
	q := &counting{clock: c, source: s.source, tables: &t, random: rand.New(rand.NewPCG(2, 3)), arrivals: v.clicks}
	q.watch()
	for c.next() && c.now.Sub(began()) < 24*time.Hour {
	}
	return outcome{name, v, q, &t, t.last.Sub(began())}
}

// with returns settings that differ.
func (s settings) with(change func(*settings)) settings {
	change(&s)
	return s
}

// raised is an account that has asked for what a rate needs.
func (s *settings) raised() {
	rate := float64(max(s.rate, s.linksRate))
	s.edge.stageRate, s.edge.stageBurst, s.edge.apiRate, s.edge.apiBurst = 1.2*rate, 1.2*rate, 1.2*rate, 1.2*rate
	s.edge.concurrency = int(1.2 * rate / 10)
}

// star is one link that everybody follows, by what has been raised.
func star(s settings) []outcome {
	cases := []struct {
		name   string
		change func(*settings)
	}{
		{"nothing raised", func(*settings) {}},
		{"way in raised", func(s *settings) { s.raised() }},
		{"… and tables, 10 ×", func(s *settings) { s.raised(); s.tables.whole *= 10 }},
		{"… batches of 100", func(s *settings) { s.raised(); s.tables.whole *= 10; s.source.batch = 100 }},
		{"… batches of 1,000", func(s *settings) { s.raised(); s.tables.whole *= 10; s.source.batch = 1000 }},
		{"… 50 counters", func(s *settings) { s.raised(); s.tables.whole *= 10; s.source.counters = 50 }},
		{"… counters' partition split in 4", func(s *settings) { s.raised(); s.tables.whole *= 10; s.tables.split = 4 }},
	}
	var list []outcome
	var v *visits
	for i, one := range cases {
		s := s.with(one.change)
		if i < 2 { // the others differ only in what comes after the visits
			v = visit(s, s.rate, oneCode)
		}
		list = append(list, count(one.name, s, v, oneCode()))
	}
	return list
}

// many are a billion links that are followed as links are.
func many(s settings) []outcome {
	cases := []struct {
		name   string
		change func(*settings)
	}{
		{"nothing raised", func(*settings) {}},
		{"tables, 10 ×", func(s *settings) { s.tables.whole *= 10 }},
		{"… batches of 1,000", func(s *settings) { s.tables.whole *= 10; s.source.batch = 1000 }},
		{"… 20 counters", func(s *settings) { s.tables.whole *= 10; s.source.counters = 20 }},
	}
	var list []outcome
	v := visit(s, s.linksRate, manyCodes(rand.New(rand.NewPCG(1, 2)), s.links))
	for _, one := range cases {
		list = append(list, count(one.name, s.with(one.change), v, "0"))
	}
	return list
}
