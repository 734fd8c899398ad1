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
	img       time.Duration
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
		uploads: 1_000_000, resizers: 50, img: time.Second,
		edge: edge{
			stageRate: 5000, stageBurst: 5000, apiRate: 10_000, apiBurst: 5000, concurrency: 1000,
			cold: 80 * time.Millisecond, read: 4 * time.Millisecond, send: 6 * time.Millisecond, own: time.Millisecond,
		},
		source: source{batch: 256, counters: 10, parallel: 8, receives: 20, window: time.Second, timeout: 15 * time.Second},
		tables: tables{partition: 1000, whole: 4000, owners: 10_000, read: 4 * time.Millisecond, transaction: 25 * time.Millisecond},
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
func count(name string, s settings, v *visits) outcome {
	c := &clock{now: began()}
	t := s.tables
	t.begin(c.now)
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

// change is a case: what differs from the settings, and whether other visits come.
type change struct {
	name   string
	visits bool
	change func(*settings)
}

func (s settings) cases(rate func(settings) int, code func() string, list ...change) (out []outcome) {
	var v *visits
	for _, one := range list {
		s := s.with(one.change)
		if one.visits {
			v = visit(s, rate(s), code)
		}
		out = append(out, count(one.name, s, v))
	}
	return out
}

// star is one link that everybody follows, by what has been raised.
func star(s settings) []outcome {
	warm := func(more func(*settings)) func(*settings) {
		return func(s *settings) { s.raised(); s.tables.whole *= 10; more(s) }
	}
	return s.cases(func(s settings) int { return s.rate }, oneCode,
		change{"nothing raised", true, func(*settings) {}},
		change{"throttles raised", true, (*settings).raised},
		change{"… and tables warm, 10 ×", false, warm(func(*settings) {})},
		change{"… without batches", false, warm(func(s *settings) { s.source.batch = 1 })},
		change{"… without shards", false, warm(func(s *settings) { s.source.alone = true })},
		change{"… batches of 1,000", false, warm(func(s *settings) { s.source.batch = 1000 })},
		change{"… 20 counters", false, warm(func(s *settings) { s.source.counters = 20 })},
		change{thousands(s.rate/5) + " a second, tables warm", true, warm(func(s *settings) { s.rate = s.rate / 5 })},
	)
}

// many are a billion links that are followed as links are.
func many(s settings) []outcome {
	code := manyCodes(rand.New(rand.NewPCG(1, 2)), s.links)
	return s.cases(func(s settings) int { return s.linksRate }, code,
		change{"nothing raised", true, func(*settings) {}},
		change{"tables warm, 10 ×", false, func(s *settings) { s.tables.whole *= 10 }},
		change{"… batches of 1,000", false, func(s *settings) { s.tables.whole *= 10; s.source.batch = 1000 }},
		change{"… 20 counters", false, func(s *settings) { s.tables.whole *= 10; s.source.counters = 20 }},
		change{"… all of one owner", false, func(s *settings) { s.tables.whole *= 10; s.source.counters = 20; s.tables.owners = 1 }},
	)
}
