package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/minim-dev/minim/shared/fault"
)

// The longest spans, and the one that is shown unless another is asked for.
const (
	maxDays     = 366
	maxHours    = 31 * 24
	defaultDays = 30
)

const notABound = "It must be a date such as 2026-11-21 or a time such as 2026-11-21T03:00:00Z."

// span is a time from whole unit to whole unit, in UTC; to is not in it.
type span struct {
	from, to time.Time
	unit     time.Duration // an hour or a day
}

// parseSpan reads the query. The bounds are dates or RFC 3339 times; a date as
// to includes that day. Without to the span ends now, without from it begins
// 30 days before its end. Units that are touched are shown whole.
func parseSpan(from, to, unit string, now time.Time) (span, error) {
	s := span{unit: 24 * time.Hour, to: now}
	var mistakes []fault.Field
	wrong := func(name, message string) { mistakes = append(mistakes, fault.Field{Name: name, Message: message}) }
	switch unit {
	case "", "day":
	case "hour":
		s.unit = time.Hour
	default:
		wrong("unit", "It must be hour or day.")
	}
	ok := true
	if to != "" {
		if s.to, ok = parseBound(to, 1); !ok {
			wrong("to", notABound)
		}
	}
	s.to = ceil(s.to, s.unit)
	s.from = s.to.AddDate(0, 0, -defaultDays)
	if from != "" {
		if s.from, ok = parseBound(from, 0); !ok {
			wrong("from", notABound)
		}
	}
	s.from = floor(s.from, s.unit)
	if len(mistakes) == 0 {
		if message := s.fault(); message != "" {
			wrong("from", message)
		}
	}
	return s, fault.Fields(mistakes...)
}

func (s span) fault() string {
	units, limit := s.to.Sub(s.from)/s.unit, time.Duration(maxDays)
	if s.unit == time.Hour {
		limit = maxHours
	}
	switch {
	case units < 1:
		return "It must be before to."
	case units > limit:
		return fmt.Sprintf("There are more than %d days from it to the end.", limit*s.unit/(24*time.Hour))
	}
	return ""
}

// parseBound reads a time, or a date to which days are added.
func parseBound(text string, days int) (at time.Time, ok bool) {
	if date, err := time.Parse(time.DateOnly, text); err == nil {
		return date.AddDate(0, 0, days), true
	}
	// In a query an unescaped plus, as in +01:00, is a space.
	at, err := time.Parse(time.RFC3339, strings.Replace(text, " ", "+", 1))
	return at.UTC(), err == nil
}

func floor(t time.Time, unit time.Duration) time.Time { return t.UTC().Truncate(unit) }

func ceil(t time.Time, unit time.Duration) time.Time {
	if whole := floor(t, unit); !whole.Equal(t) {
		return whole.Add(unit)
	}
	return t.UTC()
}
