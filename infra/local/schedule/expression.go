// Package schedule is Amazon EventBridge Scheduler on this machine: its cron,
// rate and at expressions with time zones, and a runner that invokes targets
// when they are due or on demand.
package schedule

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Expression is a parsed schedule expression. The zero value is never due.
type Expression struct {
	cron  *cron
	every time.Duration // for rate(…)
	at    time.Time
	loc   *time.Location
}

// Parse reads cron(minutes hours day-of-month month day-of-week year),
// rate(value unit) or at(yyyy-mm-ddThh:mm:ss). Times are in loc; nil means UTC. An error
// names the invalid part and the values it allows.
func Parse(expression string, loc *time.Location) (Expression, error) {
	if loc == nil {
		loc = time.UTC
	}
	e := Expression{loc: loc}
	parts := form.FindStringSubmatch(expression)
	if parts == nil {
		return e, fmt.Errorf("schedule %q is not cron(…), rate(…) or at(…)", expression)
	}
	var err error
	switch kind, inner := parts[1], parts[2]; kind {
	case "cron":
		e.cron, err = parseCron(inner)
	case "rate":
		e.every, err = parseRate(inner)
	case "at":
		e.at, err = parseAt(inner, loc)
	}
	if err != nil {
		return Expression{}, fmt.Errorf("schedule %q: %w", expression, err)
	}
	return e, nil
}

var form = regexp.MustCompile(`^(cron|rate|at)\((.*)\)$`)

func parseRate(s string) (time.Duration, error) {
	value, unit, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || value[0] == '+' {
		return 0, fmt.Errorf("value %q is not a whole number above 0", value)
	}
	single, plural := strings.CutSuffix(unit, "s")
	var d time.Duration
	switch single {
	case "minute":
		d = time.Minute
	case "hour":
		d = time.Hour
	case "day":
		d = 24 * time.Hour
	default:
		return 0, fmt.Errorf("unit %q is not minute, hour or day, or their plural", unit)
	}
	if plural == (n == 1) {
		return 0, fmt.Errorf("unit %q does not agree with %d: the unit is singular for 1 and plural for more", unit, n)
	}
	if n > int(100*365*24*time.Hour/d) {
		return 0, fmt.Errorf("value %d is more than a hundred years", n)
	}
	return time.Duration(n) * d, nil
}

func parseAt(s string, loc *time.Location) (time.Time, error) {
	wall, err := time.Parse("2006-01-02T15:04:05", s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a time of the form yyyy-mm-ddThh:mm:ss", s)
	}
	t := instant(wall, loc)
	if t.IsZero() {
		return time.Time{}, errors.New("the clocks skip that time")
	}
	return t, nil
}

// Next returns the first time after another one at which the schedule is due, or the zero
// time.
//
// A rate counts from after. Cron times that the start of daylight saving time skips do
// not fire; times that its end repeats fire only the first time.
func (e Expression) Next(after time.Time) time.Time {
	switch {
	case e.every > 0:
		return after.Add(e.every)
	case e.cron != nil:
		return e.nextCron(after)
	case e.at.After(after):
		return e.at
	}
	return time.Time{}
}

func (e Expression) nextCron(after time.Time) time.Time {
	wall := after.In(e.loc)
	wall = time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), time.UTC)
	for {
		wall = e.cron.next(wall)
		if wall.IsZero() {
			return wall
		}
		if t := instant(wall, e.loc); t.After(after) {
			return t
		}
	}
}

// instant returns the first time at which clocks in loc show a wall-clock time, or the
// zero time if they skip it.
func instant(wall time.Time, loc *time.Location) time.Time {
	var first time.Time
	for _, near := range [...]time.Duration{-36 * time.Hour, 36 * time.Hour} {
		_, offset := wall.Add(near).In(loc).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second).In(loc)
		shown := t.Format(time.DateTime) == wall.Format(time.DateTime)
		if shown && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}
