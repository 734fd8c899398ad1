//go:build scale

// Command link-redirect, as a simulation: what becomes of a link that everybody
// follows, of a billion links and of a million uploads a day. The clock is
// virtual and chance has a seed; the cache, the groups of clicks and the choice of
// counters are the real ones. It is built in the place of
// functions/link-redirect/main.go (go build -overlay), for the cache's sake.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"time"
)

func main() {
	s := defaults()
	var docs, list string
	small := false
	flag.IntVar(&s.rate, "rate", s.rate, "`requests` a second on one link")
	flag.DurationVar(&s.lasts, "for", s.lasts, "how long they come")
	flag.Uint64Var(&s.links, "links", s.links, "`how many` links there are in the second case")
	flag.IntVar(&s.linksRate, "links-rate", s.linksRate, "`requests` a second on all of them")
	flag.IntVar(&s.uploads, "uploads", s.uploads, "`pictures` a day")
	flag.IntVar(&s.resizers, "resizers", s.resizers, "reserved concurrency of image-resize")
	flag.DurationVar(&s.picture, "picture", s.picture, "what image-resize takes for one")
	flag.DurationVar(&s.edge.cold, "cold", s.edge.cold, "start of an environment")
	flag.DurationVar(&s.edge.read, "read", s.edge.read, "read of a link")
	flag.DurationVar(&s.edge.send, "send", s.edge.send, "sending a click")
	flag.DurationVar(&s.tables.read, "day", s.tables.read, "read of a day's counters")
	flag.DurationVar(&s.tables.transaction, "transaction", s.tables.transaction, "a transaction")
	flag.IntVar(&s.edge.concurrency, "concurrency", s.edge.concurrency, "environments of the account; 10 requests a second for each")
	flag.IntVar(&s.source.counters, "counters", s.source.counters, "maximumConcurrency of click-count")
	flag.IntVar(&s.source.batch, "batch", s.source.batch, "batchSize of click-count")
	flag.DurationVar(&s.source.timeout, "timeout", s.source.timeout, "timeout of click-count; the queue's visibility is six times that and its window")
	flag.Float64Var(&s.tables.whole, "table", s.tables.whole, "write `units` a second of a table")
	flag.Float64Var(&s.tables.partition, "partition", s.tables.partition, "write `units` a second of a partition")
	flag.IntVar(&s.tables.split, "split", s.tables.split, "`partitions` that one link's counters are in")
	flag.BoolVar(&small, "small", false, "a tenth of everything, for a test")
	flag.StringVar(&docs, "docs", "", "`file` whose tables are to be written anew")
	flag.StringVar(&list, "prices", "infra/cost/prices.yml", "`file` of prices")
	flag.Parse()
	if small {
		s = s.small()
	}
	began := time.Now()
	debug.SetGCPercent(800) // millions of clicks, for a moment
	prices, err := readPrices(list)
	if err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
	sections := simulate(s, prices)
	for _, one := range sections {
		fmt.Printf("%s\n\n%s\n", one.title, one.text)
	}
	fmt.Printf("%d virtual seconds in %.1f s\n", virtual(sections), time.Since(began).Seconds())
	if docs == "" {
		return
	}
	if err := publish(docs, sections); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}
