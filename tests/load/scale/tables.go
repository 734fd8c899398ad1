//go:build scale

package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/table"
)

// tables are the clicks table, the stats table and its index: what a partition and
// a table take a second, and how long a transaction takes. Keys fall on
// partitions by their hash, so two that are hot may share one.
type tables struct {
	partition, whole  float64       // write units a second
	owners            uint64        // that all links belong to
	read, transaction time.Duration // of the day's item; of all writes

	clicks, stats, index *spread
	busy                 map[string]time.Time // shards of counters, until
	names                map[string]int       // in the day's item of a shard
	hot                  map[string]bool      // links whose day says so
	today                map[string]int64     // clicks in the day's first item
	done                 int                  // transactions
	conflicts            int
	refused              int
	units                float64        // that were written
	perShard             map[string]int // transactions
	last                 time.Time
}

func (t *tables) begin(now time.Time) {
	t.clicks, t.stats, t.index = t.spread(now), t.spread(now), t.spread(now)
	t.busy, t.names, t.hot, t.perShard = map[string]time.Time{}, map[string]int{}, map[string]bool{}, map[string]int{}
	t.today = map[string]int64{}
}

// spread are the partitions of a table.
type spread []*bucket

func (t *tables) spread(now time.Time) *spread {
	s := make(spread, int(t.whole/t.partition))
	for i := range s {
		s[i] = newBucket(t.partition, t.partition, now)
	}
	return &s
}

func (s spread) of(key string) int {
	hash := sha256.Sum256([]byte(key))
	return int(binary.BigEndian.Uint64(hash[:]) % uint64(len(s)))
}

// fit reports whether partitions have room for what is to be written.
func (s spread) fit(now time.Time, units map[int]float64) bool {
	fits := true
	for i, n := range units {
		s[i].fill(now)
		fits = s[i].left >= n && fits
	}
	return fits
}

func (s spread) take(units map[int]float64, share float64) {
	for i, n := range units {
		s[i].left -= n * share
	}
}

// write is a group, as it is written in one transaction.
type write struct {
	code   string
	clicks int
	raw    map[int]float64 // units by partition of the clicks table
}

func (t *tables) write(group []click.Click) write {
	w := write{code: group[0].Code, clicks: len(group), raw: map[int]float64{}}
	for _, c := range group {
		w.raw[t.clicks.of(table.ClickShard(c.Link, c.At, c.ID))] += 2 // a transaction writes twice
	}
	return w
}

// The items of a day and of a quarter hour have a name of each dimension with the first click, and
// at most all that are counted: 2 x 200 invented ones, some 80 countries, browsers, languages
// and quarter hours; and a sketch of visitors.
const (
	namesFirst               = 7
	namesEach                = 3
	namesMost                = 484
	nameBytes                = 20
	visitorBytes, sketchMost = 4, 4096
)

// transact writes a group, unless another one has been at the same counters since they were read, or
// the tables take no more. The time is until the answer.
func (t *tables) transact(read, now time.Time, w write, shard, attempt int) (time.Duration, bool) {
	partition := w.code // as in shared/table/keys.go
	if shard > 0 {
		partition = fmt.Sprintf("%s~%02d", w.code, shard)
	}
	known, old := t.names[partition]
	names := min(max(namesFirst, known+namesEach*w.clicks), namesMost)
	sketch := min((t.perShard[partition]+1)*w.clicks*visitorBytes, sketchMost)
	units := 2 * float64(1+2*(1+(names*nameBytes+sketch)/1024)) // the total, the day and the quarter hour
	stats, index := map[int]float64{t.stats.of(partition): units}, map[int]float64{}
	if shard == 0 && !old { // the index writes once what a transaction writes twice
		index[t.index.of(t.owner(w.code))] = 1
	}
	if fits := t.clicks.fit(now, w.raw) && t.stats.fit(now, stats) && t.index.fit(now, index); !fits {
		t.refused++
		return t.read, false
	}
	share, took := 1.0, t.transaction
	conflict := t.busy[partition].After(read)
	if conflict { // it is cancelled after its first half
		share, took = .5, took/2
	}
	t.clicks.take(w.raw, share)
	t.stats.take(stats, share)
	t.units += (2*float64(w.clicks) + units) * share
	if conflict {
		t.conflicts++
		return took, false
	}
	t.index.take(index, 1)
	t.units += float64(len(index))
	t.busy[partition], t.names[partition], t.last = now.Add(took), names, now
	t.done++
	t.perShard[partition]++
	if table.Hot(attempt, t.today[w.code]) {
		t.hot[w.code] = true
	}
	if shard == 0 {
		t.today[w.code] += int64(w.clicks)
	}
	return took, true
}

// owner is the key of a link's owner in the index.
func (t *tables) owner(code string) string {
	hash := sha256.Sum256([]byte(strings.ToUpper(code)))
	return fmt.Sprint("owner ", binary.BigEndian.Uint64(hash[:])%t.owners)
}
