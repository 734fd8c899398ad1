package main

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/sheet"
)

// timeFormat is RFC 3339 with fixed milliseconds, as everywhere in the API.
const timeFormat = "2006-01-02T15:04:05.000Z"

// maxNames is how many names a list has; the rest is summed up as other.
const maxNames = 200

// stats is the answer. Each list of names adds up to the clicks of its days, but for
// Bots: only people are in the others.
type stats struct {
	Total     int64   `json:"total"` // of the series
	Series    []point `json:"series"`
	Countries []named `json:"countries"`
	Cities    []named `json:"cities"`
	Referrers []named `json:"referrers"`
	Browsers  []named `json:"browsers"`
	Systems   []named `json:"systems"`
	Devices   []named `json:"devices"`
	Bots      []named `json:"bots"`
}

type point struct {
	At     string `json:"at"` // when the hour or day begins
	Clicks int64  `json:"clicks"`
}

type named struct {
	Name   string `json:"name"`
	Clicks int64  `json:"clicks"`
}

// newStats lists every unit of the span, those without clicks too.
func newStats(wanted span, clicks map[time.Time]int64, names click.Names) stats {
	s := stats{
		Countries: list(names[click.Country]),
		Cities:    list(names[click.City]),
		Referrers: list(names[click.Referrer]),
		Browsers:  list(names[click.Browser]),
		Systems:   list(names[click.System]),
		Devices:   list(names[click.Device]),
		Bots:      list(names[click.Bot]),
	}
	for at := wanted.from; at.Before(wanted.to); at = at.Add(wanted.unit) {
		s.Total += clicks[at]
		s.Series = append(s.Series, point{at.Format(timeFormat), clicks[at]})
	}
	return s
}

// list returns the names, most clicks first, other last.
func list(clicks map[string]int64) []named {
	names := make([]named, 0, len(clicks))
	other := clicks[click.Other]
	for name, n := range clicks {
		if name != click.Other {
			names = append(names, named{name, n})
		}
	}
	slices.SortFunc(names, func(a, b named) int {
		return cmp.Or(cmp.Compare(b.Clicks, a.Clicks), cmp.Compare(a.Name, b.Name))
	})
	for _, rest := range names[min(len(names), maxNames):] {
		other += rest.Clicks
	}
	names = names[:min(len(names), maxNames)]
	if other > 0 {
		names = append(names, named{click.Other, other})
	}
	return names
}

// csv returns the answer as one table with the columns section, name and clicks,
// so that a spreadsheet can filter by section.
func (s stats) csv() ([]byte, error) {
	rows := [][]string{{"section", "name", "clicks"}, {"total", "", strconv.FormatInt(s.Total, 10)}}
	for _, p := range s.Series {
		rows = append(rows, []string{"series", p.At, strconv.FormatInt(p.Clicks, 10)})
	}
	for _, section := range []struct {
		name  string
		names []named
	}{
		{click.Country, s.Countries}, {click.City, s.Cities}, {click.Referrer, s.Referrers},
		{click.Browser, s.Browsers}, {click.System, s.Systems}, {click.Device, s.Devices},
		{click.Bot, s.Bots},
	} {
		for _, n := range section.names {
			rows = append(rows, []string{section.name, n.Name, strconv.FormatInt(n.Clicks, 10)})
		}
	}
	return sheet.CSV(rows)
}
