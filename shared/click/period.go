package click

import "time"

// Period adds up a link's clicks between two times, each of which begins a quarter hour of
// UTC. All that it counts is of the same clicks: those of days that are entirely in it by the
// day, and those of other days by the quarter hour.
type Period struct {
	Clicks int64 // of people
	Scans  int64 // of these clicks, from QR codes
	Names  Names // without clicks that older versions have counted; see Complete

	from, to time.Time
	fine     bool
	step     time.Duration // a quarter hour, of a fine period a minute
	times    []int64       // clicks by step
	sets     []Visitors
}

// Part is a part of a period.
type Part struct{ From, To time.Time }

// NewPeriod returns a period without clicks. A fine one is added up by the quarter hour only, and
// then knows the clicks of each minute.
func NewPeriod(from, to time.Time, fine bool) *Period {
	p := &Period{Names: Names{}, from: from.UTC(), to: to.UTC(), fine: fine, step: Quarter}
	if fine {
		p.step = time.Minute
	}
	p.times = make([]int64, max(0, to.Sub(from)/p.step))
	return p
}

// whole reports whether a day is added by the day.
func (p *Period) whole(day time.Time) bool {
	return !p.fine && !day.Before(p.from) && !day.AddDate(0, 0, 1).After(p.to)
}

// Parts returns what is to be added by the quarter hour.
func (p *Period) Parts() (parts []Part) {
	first, last := p.from.Truncate(24*time.Hour), p.to.Add(-1).Truncate(24*time.Hour)
	switch {
	case !p.from.Before(p.to), p.whole(first) && p.whole(last):
	case p.fine, first.Equal(last):
		parts = append(parts, Part{p.from, p.to})
	default:
		if !p.whole(first) {
			parts = append(parts, Part{p.from, first.AddDate(0, 0, 1)})
		}
		if !p.whole(last) {
			parts = append(parts, Part{last, p.to})
		}
	}
	return parts
}

// AddDay adds a day. If it is not entirely in the period, only clicks of it are added that older
// versions have counted: no quarter hour has those. They count in the first quarter of their hour.
func (p *Period) AddDay(d DayCount) {
	day := d.Day.UTC()
	whole := p.whole(day)
	for hour, clicks := range d.Hours {
		at := day.Add(time.Duration(hour) * time.Hour)
		for n, known := range d.Quarters[hour*4 : hour*4+4] {
			clicks -= known
			if whole {
				p.at(at.Add(time.Duration(n)*Quarter), known)
			}
		}
		p.at(at, clicks)
	}
	if whole {
		p.add(d.Scans, d.Names, d.Visitors)
	}
}

// AddQuarter adds a quarter hour of one of the parts.
func (p *Period) AddQuarter(q QuarterCount) {
	if p.fine {
		for minute, clicks := range q.Minutes {
			p.at(q.At.Add(time.Duration(minute)*time.Minute), clicks)
		}
	} else {
		p.at(q.At, q.Clicks)
	}
	p.add(q.Scans, q.Names, q.Visitors)
}

// at adds clicks of a time, if it is in the period.
func (p *Period) at(t time.Time, clicks int64) {
	if t.Before(p.from) || !t.Before(p.to) || clicks <= 0 {
		return
	}
	p.times[t.Sub(p.from)/p.step] += clicks
	p.Clicks += clicks
}

func (p *Period) add(scans int64, names Names, visitors Visitors) {
	p.Scans += scans
	p.Names.Merge(names)
	if len(visitors) > 0 {
		p.sets = append(p.sets, visitors)
	}
}

// Visitors estimates how many people followed the link. Of each UTC day they are counted
// anew. Those who don't want to be recognised are not among them.
func (p *Period) Visitors() (int64, error) { return Distinct(p.sets...) }

// Complete adds the clicks whose names are not known, because older versions have counted them,
// as Unknown, so that each dimension adds up to the clicks.
func (p *Period) Complete() {
	for _, dimension := range Dimensions() {
		if dimension == Bot || dimension == Destination {
			continue
		}
		missing := p.Clicks
		for _, clicks := range p.Names[dimension] {
			missing -= clicks
		}
		if missing > 0 {
			p.Names.Add(dimension, Unknown, missing)
		}
	}
}

// Between returns the clicks of [from, to), a part of the period.
func (p *Period) Between(from, to time.Time) (clicks int64) {
	begin, end := max(0, from.Sub(p.from)/p.step), min(to.Sub(p.from)/p.step, time.Duration(len(p.times)))
	for _, n := range p.times[begin:max(begin, end)] {
		clicks += n
	}
	return clicks
}
