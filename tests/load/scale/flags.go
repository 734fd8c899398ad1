//go:build scale

package main

import "flag"

// parse reads the command line: the settings, the page to write and the file of prices.
func parse() (s settings, docs, list string) {
	s = defaults()
	small := false
	flag.IntVar(&s.rate, "rate", s.rate, "`requests` a second on one link")
	flag.DurationVar(&s.lasts, "for", s.lasts, "how long they come")
	flag.Uint64Var(&s.links, "links", s.links, "`how many` links there are in the second case")
	flag.IntVar(&s.linksRate, "links-rate", s.linksRate, "`requests` a second on all of them")
	flag.IntVar(&s.uploads, "uploads", s.uploads, "`images` a day")
	flag.IntVar(&s.resizers, "resizers", s.resizers, "reserved concurrency of image-resize")
	flag.DurationVar(&s.img, "image", s.img, "`duration` of image-resize for one image")
	flag.DurationVar(&s.edge.cold, "cold", s.edge.cold, "start of an environment")
	flag.DurationVar(&s.edge.read, "read", s.edge.read, "read of a link")
	flag.DurationVar(&s.edge.send, "send", s.edge.send, "sending a click")
	flag.DurationVar(&s.tables.read, "day", s.tables.read, "read of a day's counters")
	flag.DurationVar(&s.tables.transaction, "transaction", s.tables.transaction, "a transaction")
	flag.IntVar(&s.edge.concurrency, "concurrency", s.edge.concurrency, "environments of the account; 10 requests a second for each")
	flag.IntVar(&s.source.counters, "counters", s.source.counters, "maximumConcurrency of click-count")
	flag.IntVar(&s.source.batch, "batch", s.source.batch, "batchSize of click-count")
	flag.IntVar(&s.source.receives, "receives", s.source.receives, "maxReceiveCount of the clicks queue")
	flag.BoolVar(&s.source.alone, "no-shards", false, "all count at one place")
	flag.DurationVar(&s.source.timeout, "timeout", s.source.timeout, "timeout of click-count; the queue's visibility is six times that and its window")
	flag.Float64Var(&s.tables.whole, "table", s.tables.whole, "write `units` a second of a table, all its partitions together")
	flag.Float64Var(&s.tables.partition, "partition", s.tables.partition, "write `units` a second of a partition")
	flag.Uint64Var(&s.tables.owners, "owners", s.tables.owners, "`owners` of the links")
	flag.BoolVar(&small, "small", false, "a tenth of everything, for a test")
	flag.StringVar(&docs, "docs", "", "`file` whose tables are to be written anew")
	flag.StringVar(&list, "prices", "infra/cost/prices.yml", "`file` of prices")
	flag.Parse()
	if small {
		s = s.small()
	}
	return s, docs, list
}
