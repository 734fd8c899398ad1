package main

import (
	"fmt"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

// The longest spans, and the one that is shown unless another is asked for.
const (
	maxDays     = 366
	maxHours    = 31 * 24
	defaultDays = 30
)

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
		if s.to, ok = link.ParseBound(to, 1); !ok {
			wrong("to", link.NotABound)
		}
	}
	s.to = ceil(s.to, s.unit)
	s.from = s.to.AddDate(0, 0, -defaultDays)
	if from != "" {
		if s.from, ok = link.ParseBound(from, 0); !ok {
			wrong("from", link.NotABound)
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

func floor(t time.Time, unit time.Duration) time.Time { return t.UTC().Truncate(unit) }

func ceil(t time.Time, unit time.Duration) time.Time {
	if whole := floor(t, unit); !whole.Equal(t) {
		return whole.Add(unit)
	}
	return t.UTC()
}
