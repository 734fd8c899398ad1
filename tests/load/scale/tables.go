//go:build scale

package main

import (
	"fmt"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/table"
)

// tables are the clicks and the stats table: what a partition and a table take
// a second, and how long a transaction takes.
type tables struct {
	partition, whole  float64       // write units a second
	split             int           // partitions that a link's counters are in
	read, transaction time.Duration // of the day's item; of all writes

	clicks, stats *bucket
	partitions    map[string]*bucket
	busy          map[string]time.Time // shards of counters, until
	names         map[string]int       // in the day's item of a shard
	done          int                  // transactions
	conflicts     int
	refused       int
	units         float64 // that were written
	perShard      map[int]int
	star          string // the link whose shards are counted
	last          time.Time
}

// write is a group, as it is written in one transaction.
type write struct {
	code   string
	clicks int
	hours  int
	raw    map[string]float64 // units by partition of the clicks table
}

func (t *tables) write(group []click.Click) write {
	w := write{code: group[0].Code, clicks: len(group), hours: 1, raw: map[string]float64{}}
	if group[0].At.Hour() != group[len(group)-1].At.Hour() {
		w.hours = 2
	}
	for _, c := range group {
		w.raw[table.ClickShard(c.Code, c.At, c.ID)] += 2 // a transaction writes twice
	}
	return w
}

// A day's item has a name of each dimension with the first click, and at most all
// that are counted: 2 x 200 invented ones and some 60 countries and browsers.
const (
	namesFirst = 6
	namesEach  = 3
	namesMost  = 460
	nameBytes  = 20
)

// transact writes a group, unless another one is at the same counters or the
// tables take no more. The time is until the answer.
func (t *tables) transact(now time.Time, w write, shard int) (time.Duration, bool) {
	counters := fmt.Sprint(w.code, "~", shard)
	names := min(max(namesFirst, t.names[counters]+namesEach*w.clicks), namesMost)
	units := 2 * float64(1+w.hours+1+names*nameBytes/1024)
	place := t.place(fmt.Sprint(w.code, " ", shard%t.split), now)
	if !t.fits(now, w, place, units) {
		t.refused++
		return t.read, false
	}
	share, took := 1.0, t.transaction
	conflict := t.busy[counters].After(now)
	if conflict { // it is cancelled after its first half
		share, took = .5, took/2
	}
	for name, raw := range w.raw {
		t.partitions[name].left -= raw * share
	}
	place.left -= units * share
	t.clicks.left -= 2 * float64(w.clicks) * share
	t.stats.left -= units * share
	t.units += (2*float64(w.clicks) + units) * share
	if conflict {
		t.conflicts++
		return took, false
	}
	t.busy[counters], t.names[counters], t.last = now.Add(took), names, now
	t.done++
	if w.code == t.star {
		t.perShard[shard]++
	}
	return took, true
}

func (t *tables) place(name string, now time.Time) *bucket {
	b := t.partitions[name]
	if b == nil {
		b = newBucket(t.partition, t.partition, now)
		t.partitions[name] = b
	}
	b.fill(now)
	return b
}

func (t *tables) fits(now time.Time, w write, place *bucket, units float64) bool {
	t.clicks.fill(now)
	t.stats.fill(now)
	fits := t.clicks.left >= 2*float64(w.clicks) && t.stats.left >= units && place.left >= units
	for name, raw := range w.raw {
		fits = t.place(name, now).left >= raw && fits
	}
	return fits
}
