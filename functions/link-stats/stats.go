package main

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/sheet"
)

// timeFormat is RFC 3339 with fixed milliseconds, as everywhere in the API.
const timeFormat = "2006-01-02T15:04:05.000Z"

// stats is the answer. Everything in it is of the same time. Each list of names adds up to the total, but for
// Destinations, of clicks while the link had rules, and Bots, whose clicks are in no other list.
type stats struct {
	Unit unit   `json:"unit"`
	Zone string `json:"tz"`
	totals
	Series       []point `json:"series"`
	Countries    []named `json:"countries"`
	Cities       []named `json:"cities"`
	Referrers    []named `json:"referrers"`
	Browsers     []named `json:"browsers"`
	Systems      []named `json:"systems"`
	Devices      []named `json:"devices"`
	Languages    []named `json:"languages"`
	Destinations []named `json:"destinations"`
	Bots         []named `json:"bots"`
	Previous     *totals `json:"previous,omitempty"`
}

// totals are the sums of a time.
type totals struct {
	From      string `json:"from"`
	To        string `json:"to"` // not in it
	Total     int64  `json:"total"`
	Visitors  int64  `json:"visitors"` // estimated; see click.Period.Visitors
	Scans     int64  `json:"scans"`
	BotClicks int64  `json:"botClicks"`
}

type point struct {
	At     string `json:"at"` // when the unit begins
	Clicks int64  `json:"clicks"`
}

type named struct {
	Name   string `json:"name"`
	Clicks int64  `json:"clicks"`
}

func newTotals(from, to time.Time, p *click.Period) (totals, error) {
	visitors, err := p.Visitors()
	return totals{
		From: from.UTC().Format(timeFormat), To: to.UTC().Format(timeFormat),
		Total: p.Clicks, Visitors: visitors, Scans: p.Scans, BotClicks: p.Names.Bots(),
	}, err
}

// newStats lists every unit of the span that has begun, those without clicks too.
func newStats(wanted span, l link.Link, p *click.Period, now time.Time) (stats, error) {
	top := func(dimension string) []named { return list(p.Names[dimension], wanted.top) }
	sums, err := newTotals(wanted.from, wanted.to, p)
	s := stats{
		Unit: wanted.unit, Zone: wanted.zone.String(), totals: sums, Series: []point{},
		Countries: top(click.Country), Cities: top(click.City), Referrers: top(click.Referrer),
		Browsers: top(click.Browser), Systems: top(click.System), Devices: top(click.Device),
		Languages: top(click.Language), Destinations: top(click.Destination), Bots: top(click.Bot),
	}
	for at := wanted.from; at.Before(wanted.to); {
		next := wanted.next(at)
		clicks := p.Between(at, next)
		if !at.After(now) || clicks > 0 {
			s.Series = append(s.Series, point{at.UTC().Format(timeFormat), clicks})
		}
		at = next
	}
	urls := map[string]string{}
	for _, url := range l.Destinations() {
		urls[click.DestinationName(url)] = url
	}
	for i, destination := range s.Destinations {
		s.Destinations[i].Name = cmp.Or(urls[destination.Name], destination.Name)
	}
	return s, err
}

// list returns the names with most clicks, those first, and other last.
func list(clicks map[string]int64, top int) []named {
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
	for _, rest := range names[min(len(names), top):] {
		other += rest.Clicks
	}
	names = names[:min(len(names), top)]
	if other > 0 {
		names = append(names, named{click.Other, other})
	}
	return names
}

// csv returns the answer as one table with the columns section, name and clicks,
// so that a spreadsheet can filter by section.
func (s stats) csv() ([]byte, error) {
	rows := [][]string{{"section", "name", "clicks"}}
	add := func(section, name string, clicks int64) {
		rows = append(rows, []string{section, name, strconv.FormatInt(clicks, 10)})
	}
	sums := func(section string, t totals) {
		for _, sum := range []named{{"total", t.Total}, {"visitors", t.Visitors}, {"scans", t.Scans}, {"botClicks", t.BotClicks}} {
			add(section, sum.Name, sum.Clicks)
		}
	}
	sums("sum", s.totals)
	if s.Previous != nil {
		sums("previous", *s.Previous)
	}
	for _, p := range s.Series {
		add("series", p.At, p.Clicks)
	}
	for _, section := range []struct {
		name  string
		names []named
	}{
		{click.Country, s.Countries}, {click.City, s.Cities}, {click.Referrer, s.Referrers},
		{click.Browser, s.Browsers}, {click.System, s.Systems}, {click.Device, s.Devices},
		{click.Language, s.Languages}, {click.Destination, s.Destinations}, {click.Bot, s.Bots},
	} {
		for _, n := range section.names {
			add(section.name, n.Name, n.Clicks)
		}
	}
	return sheet.CSV(rows)
}
