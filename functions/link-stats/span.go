package main

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/dates"
	"github.com/minim-dev/minim/shared/fault"
)

// The longest spans, and those that are shown unless another is asked for. They bound what is
// read: docs/decisions/counters.md.
const (
	maxMinutes     = 24 * time.Hour
	maxHours       = 31*24*time.Hour + 2*time.Hour // days on which clocks are turned back are longer
	maxDays        = 366
	maxYears       = 5 // by weeks and months
	defaultMinutes = time.Hour
	defaultDays    = 30
	defaultWeeks   = 12
	defaultMonths  = 12
)

// How many names a list has: the rest is summed up as other.
const (
	defaultTop = 20
	maxTop     = click.NamesADay
)

// span is what is asked for: a time from whole unit to whole unit; to is not in it.
type span struct {
	calendar
	from, to time.Time
	top      int
	compare  bool // with the time before
}

// parseSpan reads the query. The bounds are RFC 3339 times, or dates in the time zone; a date
// as to includes that day. Units that are touched are shown whole, of minutes the quarter hours.
// Without to, the span ends now.
func parseSpan(query func(name string) string, now time.Time) (span, error) {
	s := span{calendar: calendar{unit: day, zone: time.UTC}, top: defaultTop}
	var mistakes []fault.Field
	wrong := func(name, message string) { mistakes = append(mistakes, fault.Field{Name: name, Message: message}) }
	if wanted := unit(query("unit")); slices.Contains([]unit{minute, hour, day, week, month}, wanted) {
		s.unit = wanted
	} else if wanted != "" {
		wrong("unit", "It must be minute, hour, day, week or month.")
	}
	if zone, ok := zoneOf(query("tz")); ok {
		s.zone = zone
	} else {
		wrong("tz", "It must be a time zone of the IANA database, such as Europe/Berlin.")
	}
	if wanted := query("top"); wanted != "" {
		var err error
		if s.top, err = strconv.Atoi(wanted); err != nil || s.top < 1 || s.top > maxTop {
			wrong("top", fmt.Sprintf("It must be a whole number from 1 to %d.", maxTop))
		}
	}
	switch query("compare") {
	case "":
	case "previous":
		s.compare = true
	default:
		wrong("compare", `It must be "previous".`)
	}
	mistakes = append(mistakes, s.bounds(query("from"), query("to"), now)...)
	return s, fault.Fields(mistakes...)
}

// bounds sets the bounds, and returns what is wrong about them.
func (s *span) bounds(from, to string, now time.Time) []fault.Field {
	begin, end, mistakes := dates.Span(from, to, s.midnight)
	if len(mistakes) > 0 {
		return mistakes
	}
	if end.IsZero() {
		end = now
	}
	s.to = s.ceil(end)
	if begin.IsZero() {
		begin = s.usual(end)
	}
	s.from = s.floor(begin)
	if s.unit == minute {
		s.from = s.from.Truncate(click.Quarter)
		s.to = s.to.Add(click.Quarter - 1).Truncate(click.Quarter)
	}
	if message := s.fault(); message != "" {
		return []fault.Field{{Name: "from", Message: message}}
	}
	return nil
}

// usual is where a span begins of which only the end is known.
func (s *span) usual(end time.Time) time.Time {
	switch s.unit {
	case minute:
		return end.Add(-defaultMinutes)
	case hour:
		return s.to.Add(-defaultDays * 24 * time.Hour)
	case week:
		return s.days(s.to, -7*defaultWeeks)
	case month:
		return s.months(s.to, -defaultMonths)
	}
	return s.days(s.to, -defaultDays)
}

func (s *span) fault() string {
	longer := func(limit string) string { return "There are more than " + limit + " from it to the end." }
	switch length := s.to.Sub(s.from); {
	case length <= 0:
		return "It must be before to."
	case s.unit == minute && length > maxMinutes:
		return longer("24 hours")
	case s.unit == hour && length > maxHours:
		return longer("31 days")
	case s.unit == day && s.to.After(s.days(s.from, maxDays)):
		return longer(fmt.Sprint(maxDays, " days"))
	case s.to.After(s.months(s.from, 12*maxYears+1)):
		return longer(fmt.Sprint(maxYears, " years"))
	}
	return ""
}

// previous is the time before, as long as this one.
func (s *span) previous() (from, to time.Time) { return s.before(s.from, s.to), s.from }
