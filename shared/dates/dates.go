// Package dates reads the dates and times of a request. Its functions return a sentence for the
// caller about text that they refuse, "" otherwise.
package dates

import (
	"strings"
	"time"

	"github.com/minim-dev/minim/shared/fault"
)

// The years that are accepted. RFC 3339 ends with lastYear. A span ends a year before, so that the
// month or week that contains its end can be written.
const (
	firstYear    = 1970
	lastYear     = 9999
	lastSpanYear = 9998
)

// The sentences about dates and times in other years.
const (
	outOfRange     = "It must be in the years 1970 to 9999."
	outOfSpanRange = "It must be in the years 1970 to 9998."
)

// Time reads a time of RFC 3339, and returns it in UTC.
func Time(text string) (at time.Time, mistake string) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || text[len("2006-01-02T15")] != ':' || strings.Contains(text, ",") { // more than RFC 3339 allows
		return time.Time{}, "It must be a time such as 2030-01-31T12:00:00Z (RFC 3339)."
	}
	if at = at.UTC(); at.Year() < firstYear || at.Year() > lastYear {
		return time.Time{}, outOfRange
	}
	return at, ""
}

// Day reads a date, and returns its midnight in UTC.
func Day(text string) (day time.Time, mistake string) {
	day, err := time.Parse(time.DateOnly, text)
	switch {
	case err != nil:
		return time.Time{}, "It must be a date such as 2026-11-20."
	case day.Year() < firstYear: // a date of four digits is never too late
		return time.Time{}, outOfRange
	}
	return day, ""
}

// Midnight returns when a day begins, which may be given as in time.Date.
type Midnight func(year int, month time.Month, day int) time.Time

// UTC is the Midnight of UTC.
func UTC(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Span reads the parameters from and to of a query, of which either may be "": its time is then
// zero. They are times, or dates of days that begin at midnight: a date as to includes that day.
// It returns what is wrong about either, also if from is not before to.
func Span(from, to string, midnight Midnight) (begin, end time.Time, mistakes []fault.Field) {
	check := func(name, mistake string) {
		if mistake != "" {
			mistakes = append(mistakes, fault.Field{Name: name, Message: mistake})
		}
	}
	begin, mistake := bound(from, midnight, 0)
	check("from", mistake)
	end, mistake = bound(to, midnight, 1)
	check("to", mistake)
	if !begin.IsZero() && !end.IsZero() && !begin.Before(end) {
		check("from", "It must be before to.")
	}
	return begin, end, mistakes
}

// bound reads a time, or a date to which days are added.
func bound(text string, midnight Midnight, days int) (at time.Time, mistake string) {
	if text == "" {
		return time.Time{}, ""
	}
	day, mistake := Day(text)
	if mistake == "" {
		at = midnight(day.Year(), day.Month(), day.Day()+days)
	} else if mistake != outOfRange {
		// In a query an unescaped plus, as in +01:00, is a space.
		at, mistake = Time(strings.Replace(text, " ", "+", 1))
		day = at
	}
	switch {
	case mistake == outOfRange, day.Year() > lastSpanYear:
		return time.Time{}, outOfSpanRange
	case mistake != "":
		return time.Time{}, "It must be a date such as 2026-11-21 or a time such as 2026-11-21T03:00:00Z."
	}
	return at, ""
}
