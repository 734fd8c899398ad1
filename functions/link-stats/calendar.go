package main

import (
	"sort"
	"time"
	"unicode"

	"github.com/minim-dev/minim/shared/click"
)

// A unit is what a calendar divides time into.
type unit string

const (
	minute unit = "minute"
	hour   unit = "hour"
	day    unit = "day"
	week   unit = "week" // begins on Monday
	month  unit = "month"
)

// calendar divides time into units as people in a time zone do. All zones of our time differ from UTC
// by quarter hours.
type calendar struct {
	unit unit
	zone *time.Location
}

// zoneOf returns the time zone of that name in the IANA database, "" being UTC. It takes no other
// files than those of zones.
func zoneOf(name string) (zone *time.Location, ok bool) {
	if name == "" {
		return time.UTC, true
	}
	if name == "Local" || !unicode.IsUpper(rune(name[0])) {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

// floor returns when the unit that contains t has begun.
func (c calendar) floor(t time.Time) time.Time {
	t = t.In(c.zone)
	year, m, d := t.Date()
	switch c.unit {
	case minute:
		return t.Truncate(time.Minute)
	case hour:
		began := c.midnight(year, m, d)
		for next := c.next(began); !next.After(t); next = c.next(next) {
			began = next
		}
		return began
	case week:
		return c.midnight(year, m, d-(int(t.Weekday())+6)%7)
	case month:
		return c.midnight(year, m, 1)
	}
	return c.midnight(year, m, d)
}

// next returns when the unit ends that begins at t. Where clocks are turned by half an hour,
// that hour is two units.
func (c calendar) next(t time.Time) time.Time {
	t = t.In(c.zone)
	switch c.unit {
	case minute:
		return t.Add(time.Minute)
	case hour:
		return t.Add(time.Duration(60-t.Minute()) * time.Minute)
	case week:
		return c.days(t, 7)
	case month:
		return c.months(t, 1)
	}
	return c.days(t, 1)
}

// ceil returns when the unit that contains t ends, or t if one begins then.
func (c calendar) ceil(t time.Time) time.Time {
	began := c.floor(t)
	if began.Equal(t) {
		return began
	}
	return c.next(began)
}

// before returns when the period begins that ends at from and is as long as that from there to
// to: it has as many hours, days or months, however long they are.
func (c calendar) before(from, to time.Time) time.Time {
	from, to = from.In(c.zone), to.In(c.zone)
	switch c.unit {
	case minute, hour:
		return from.Add(-to.Sub(from))
	case month:
		return c.months(from, -(12*(to.Year()-from.Year()) + int(to.Month()-from.Month())))
	}
	return c.days(from, -int(date(to).Sub(date(from))/(24*time.Hour)))
}

// days returns when the day begins that is n days after that of t.
func (c calendar) days(t time.Time, n int) time.Time {
	year, m, d := t.In(c.zone).Date()
	return c.midnight(year, m, d+n)
}

// months returns when the month begins that is n months after that of t.
func (c calendar) months(t time.Time, n int) time.Time {
	year, m, _ := t.In(c.zone).Date()
	return c.midnight(year, m+time.Month(n), 1)
}

// midnight returns when a day begins: in some zones not at 0:00, if clocks are turned then. A day that a
// zone has left out begins when the next one does.
func (c calendar) midnight(year int, month time.Month, day int) time.Time {
	const most = 15 * time.Hour // between a zone and UTC
	wanted := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	first := wanted.Add(-most)
	quarters := sort.Search(int(2*most/click.Quarter), func(n int) bool {
		return !date(first.Add(time.Duration(n) * click.Quarter).In(c.zone)).Before(wanted)
	})
	return first.Add(time.Duration(quarters) * click.Quarter).In(c.zone)
}

// date is the day of t in its zone, as a day of UTC.
func date(t time.Time) time.Time {
	year, m, d := t.Date()
	return time.Date(year, m, d, 0, 0, 0, 0, time.UTC)
}
