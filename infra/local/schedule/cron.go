package schedule

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// This package has its own parser because Go's libraries use another dialect: gronx and
// robfig/cron count weekdays from 0, interpret a sixth field as seconds unless it looks
// like a year, have no rule for "?", and fire at other times than the Scheduler when
// clocks change.

// cron is a parsed cron(…): the values of each field, and a function that matches days,
// because they depend on the month.
type cron struct {
	minutes, hours, months, years []int
	day                           func(day time.Time) bool // day is a midnight in UTC
}

type field struct {
	name     string
	min, max int
	names    []string // of the values, starting at min
}

func fields() [6]field {
	return [6]field{
		{"minutes", 0, 59, nil},
		{"hours", 0, 23, nil},
		{"day-of-month", 1, 31, nil},
		{"month", 1, 12, strings.Fields("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")},
		{"day-of-week", 1, 7, strings.Fields("SUN MON TUE WED THU FRI SAT")},
		{"year", 1970, 2199, nil},
	}
}

func parseCron(s string) (*cron, error) {
	given, f := strings.Fields(s), fields()
	if len(given) != len(f) {
		return nil, fmt.Errorf("has %d fields, not 6: minutes hours day-of-month month day-of-week year", len(given))
	}
	if (given[2] == "?") == (given[4] == "?") {
		return nil, errors.New("exactly one of day-of-month and day-of-week must be ?")
	}
	c := &cron{}
	var problems []error
	for i, into := range [...]*[]int{0: &c.minutes, 1: &c.hours, 3: &c.months, 5: &c.years} {
		if into == nil {
			continue // days
		}
		values, err := f[i].list(given[i], true)
		*into = values
		problems = append(problems, err)
	}
	var err error
	if given[4] == "?" {
		c.day, err = dayOfMonth(given[2], f[2])
	} else {
		c.day, err = dayOfWeek(given[4], f[4])
	}
	if err := errors.Join(append(problems, err)...); err != nil {
		return nil, err
	}
	return c, nil
}

// list parses "*", values, names, ranges and steps, separated by commas, and returns
// sorted values.
func (f field) list(s string, steps bool) ([]int, error) {
	var values []int
	for part := range strings.SplitSeq(s, ",") {
		first, last, step, err := f.span(part, steps)
		if err != nil {
			return nil, fmt.Errorf("%s %q: %w", f.name, s, err)
		}
		for v := first; v <= last; v += step {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	return slices.Compact(values), nil
}

func (f field) span(part string, steps bool) (first, last, step int, err error) {
	span, every, stepped := strings.Cut(part, "/")
	step = 1
	if stepped {
		if step, err = strconv.Atoi(every); err != nil || step < 1 || step > f.max || !steps {
			return 0, 0, 0, fmt.Errorf("step %q is not valid", "/"+every)
		}
	}
	if span == "*" {
		return f.min, f.max, step, nil
	}
	from, to, ranged := strings.Cut(span, "-")
	if first, err = f.value(from); err != nil {
		return 0, 0, 0, err
	}
	switch {
	case ranged:
		if last, err = f.value(to); err == nil && last < first {
			err = fmt.Errorf("range %q runs backwards", span)
		}
	case stepped:
		last = f.max
	default:
		last = first
	}
	return first, last, step, err
}

func (f field) value(s string) (int, error) {
	if i := slices.Index(f.names, strings.ToUpper(s)); i >= 0 {
		return f.min + i, nil
	}
	v, err := strconv.Atoi(s)
	if err != nil || v < f.min || v > f.max || s[0] == '+' {
		also := ""
		if f.names != nil {
			also = fmt.Sprintf(" or %s to %s", f.names[0], f.names[len(f.names)-1])
		}
		return 0, fmt.Errorf("%q is not %d to %d%s", s, f.min, f.max, also)
	}
	return v, nil
}

// dayOfMonth parses a list, L (the last day) or nW (the weekday of the month nearest to
// day n).
func dayOfMonth(s string, f field) (func(time.Time) bool, error) {
	if s == "L" {
		return func(d time.Time) bool { return d.AddDate(0, 0, 1).Day() == 1 }, nil
	}
	if n, ok := strings.CutSuffix(s, "W"); ok {
		nth, err := f.value(n)
		if err != nil {
			return nil, fmt.Errorf("%s %q: %w", f.name, s, err)
		}
		return func(d time.Time) bool { return d.Day() == nearestWeekday(d, nth) }, nil
	}
	days, err := f.list(s, true)
	return func(d time.Time) bool { return slices.Contains(days, d.Day()) }, err
}

// nearestWeekday returns the day of the month, or 0 if the month has no day n.
func nearestWeekday(month time.Time, nth int) int {
	d := time.Date(month.Year(), month.Month(), nth, 0, 0, 0, 0, time.UTC)
	if d.Month() != month.Month() {
		return 0
	}
	switch d.Weekday() {
	case time.Saturday:
		if nth == 1 {
			return 3
		}
		return nth - 1
	case time.Sunday:
		if d.AddDate(0, 0, 1).Month() != d.Month() {
			return nth - 2
		}
		return nth + 1
	}
	return nth
}

// dayOfWeek parses a list, L (Saturday, the last day of the week), nL (the last such day
// of the month) or n#k (the kth such day of the month).
func dayOfWeek(s string, f field) (func(time.Time) bool, error) {
	weekday := func(d time.Time) int { return int(d.Weekday()) + 1 }
	fail := func(err error) (func(time.Time) bool, error) { return nil, fmt.Errorf("%s %q: %w", f.name, s, err) }
	if s == "L" {
		s = "SAT"
	}
	if n, ok := strings.CutSuffix(s, "L"); ok {
		v, err := f.value(n)
		if err != nil {
			return fail(err)
		}
		return func(d time.Time) bool { return weekday(d) == v && d.AddDate(0, 0, 7).Month() != d.Month() }, nil
	}
	if n, nth, ok := strings.Cut(s, "#"); ok {
		v, err := f.value(n)
		if err != nil {
			return fail(err)
		}
		k, err := strconv.Atoi(nth)
		if err != nil || k < 1 || k > 5 {
			return fail(fmt.Errorf("%q after # is not 1 to 5", nth))
		}
		return func(d time.Time) bool { return weekday(d) == v && (d.Day()-1)/7+1 == k }, nil
	}
	days, err := f.list(s, false)
	return func(d time.Time) bool { return slices.Contains(days, weekday(d)) }, err
}

// next returns the first matching wall-clock time after another one, or the zero time.
// Both are represented as UTC.
func (c *cron) next(after time.Time) time.Time {
	start := after.Truncate(time.Minute).Add(time.Minute)
	for _, year := range c.years {
		if year < start.Year() {
			continue
		}
		for _, month := range c.months {
			if t := c.inMonth(year, time.Month(month), start); !t.IsZero() {
				return t
			}
		}
	}
	return time.Time{}
}

func (c *cron) inMonth(year int, month time.Month, start time.Time) time.Time {
	first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	if !first.AddDate(0, 1, 0).After(start) {
		return time.Time{}
	}
	for day := first; day.Month() == month; day = day.AddDate(0, 0, 1) {
		if !day.AddDate(0, 0, 1).After(start) || !c.day(day) {
			continue
		}
		for _, h := range c.hours {
			for _, m := range c.minutes {
				t := day.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute)
				if !t.Before(start) {
					return t
				}
			}
		}
	}
	return time.Time{}
}
