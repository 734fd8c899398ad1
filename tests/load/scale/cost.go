//go:build scale

package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// prices are infra/cost/prices.yml: dollars a unit, mostly a million of something.
type prices struct {
	Date   string `yaml:"date"`
	Prices map[string]struct {
		Price float64 `yaml:"price"`
	} `yaml:"prices"`
}

func readPrices(file string) (p prices, err error) {
	text, err := os.ReadFile(file)
	if err == nil {
		err = yaml.Unmarshal(text, &p)
	}
	return p, err
}

// What is not simulated, in bytes: an answer on its way to the visitor, an access line, and
// what is kept of a click, a link (with its index), an original and its variants.
const (
	bytesAnswer   = 1200
	bytesLine     = 300
	bytesClick    = 400
	bytesLink     = 1000
	bytesOriginal = 4e6
	bytesVariants = 1.2e6
	keptDays      = 90 // clicks
	variants      = 6
	writesImage   = 15 // of the record and the content, with their transactions and indexes
	gigabytes     = .25
	gigabytesBig  = 1769. / 1024
)

// aMillion is what a million visits take, by what was simulated.
func aMillion(o outcome) map[string]float64 {
	v, q := o.visits, o.counts
	visits, clicks := float64(v.served), float64(q.counted)
	return map[string]float64{
		"edge-requests": 1, "edge-transfer": bytesAnswer / 1e3, "api": 1, "logs": bytesLine / 1e3,
		"lambda-requests": 1 + float64(q.batches)/clicks,
		"lambda-time":     1e6 * gigabytes * (v.took.Seconds()/visits + q.busy.Seconds()/clicks),
		"table-reads":     float64(v.table.all)/visits/2 + float64(o.tables.done+o.tables.conflicts+o.tables.refused)/clicks,
		"table-writes":    o.tables.units / clicks,
		"traces":          (1 + float64(q.batches)/clicks) / 20, // at such rates the first of each second is nothing
		"queue":           1.2,                                  // sent one by one, received and deleted ten at a time
	}
}

// cost is a table of the three cases.
func cost(p prices, s settings, one, all outcome) string {
	perStar, perMany := aMillion(one), aMillion(all)
	uploads := float64(s.uploads) * 30 / 1e6
	rows := [][]string{
		p.row("a million visits, one link", times(perStar, 1)),
		p.row(fmt.Sprintf("an hour of one link, %s a second", thousands(s.rate)), times(perStar, float64(s.rate)*3600/1e6)),
		p.row("… a month, should it never end", times(perStar, float64(s.rate)*86400*30/1e6)),
		p.row("a million visits, many links", times(perMany, 1)),
		p.row(fmt.Sprintf("a month of %s a second", thousands(s.linksRate)), times(perMany, float64(s.linksRate)*86400*30/1e6)),
		p.row("… its clicks, kept for 90 days", kept(float64(s.linksRate)*86400*keptDays*bytesClick)),
		p.row(fmt.Sprintf("%s links, kept for a month", thousands(int(s.links))), kept(float64(s.links)*bytesLink)),
		p.row(fmt.Sprintf("a month of %s images a day", thousands(s.uploads)), map[string]float64{
			"edge-requests": uploads, "api": uploads, "lambda-requests": 2 * uploads, "lambda-time": uploads * 1e6 * s.img.Seconds() * gigabytesBig,
			"table-writes": uploads * writesImage, "storage-writes": uploads * (1 + variants), "storage-reads": uploads,
		}),
		p.row("… kept, each month more", map[string]float64{"storage": uploads * 1e6 * (bytesOriginal + bytesVariants) / 1e9}),
	}
	return lines("what|dollars|most of it", rows)
}

// kept is a month in a table that can be restored to any second of it.
func kept(bytes float64) map[string]float64 {
	return map[string]float64{"table-storage": bytes / 1e9, "table-backups": bytes / 1e9}
}

func times(units map[string]float64, n float64) map[string]float64 {
	all := map[string]float64{}
	for what, one := range units {
		all[what] = one * n
	}
	return all
}

// row is what something costs, and its two biggest parts.
func (p prices) row(name string, units map[string]float64) []string {
	sum, parts := 0.0, []string{}
	dollars := map[string]float64{}
	for what, n := range units {
		dollars[what] = n * p.Prices[what].Price
		sum += dollars[what]
		parts = append(parts, what)
	}
	slices.SortFunc(parts, func(a, b string) int {
		if dollars[a] != dollars[b] {
			return int(1e6*dollars[b]) - int(1e6*dollars[a])
		}
		return strings.Compare(a, b)
	})
	var most []string
	for _, what := range parts[:min(3, len(parts))] {
		most = append(most, fmt.Sprintf("%s %.0f %%", what, 100*dollars[what]/sum))
	}
	text := fmt.Sprintf("%.2f", sum)
	if sum >= 100 {
		text = thousands(int(sum))
	}
	return []string{name, text, strings.Join(most, ", ")}
}
