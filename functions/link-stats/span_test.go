package main

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/fault"
)

func TestParseSpan(t *testing.T) {
	tests := []struct{ name, from, to, unit, wantFrom, wantTo string }{
		{"default", "", "", "", "2026-10-23T00", "2026-11-22T00"},
		{"dates", "2026-01-01", "2026-01-31", "day", "2026-01-01T00", "2026-02-01T00"},
		{"one day", "2026-01-01", "2026-01-01", "", "2026-01-01T00", "2026-01-02T00"},
		{"times are rounded outwards", "2026-01-01T12:00:00Z", "2026-01-02T00:00:01Z", "", "2026-01-01T00", "2026-01-03T00"},
		{"times that are whole", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "", "2026-01-01T00", "2026-01-02T00"},
		{"a time zone", "2026-01-01T00:30:00+01:00", "2026-01-01T02:00:00 01:00", "hour", "2025-12-31T23", "2026-01-01T01"},
		{"only to", "", "2026-01-31", "", "2026-01-02T00", "2026-02-01T00"},
		{"only from", "2026-11-20", "", "", "2026-11-20T00", "2026-11-22T00"},
		{"hours by default", "", "", "hour", "2026-10-22T04", "2026-11-21T04"},
		{"a leap year", "2028-01-01", "2028-12-31", "", "2028-01-01T00", "2029-01-01T00"},
		{"31 days of hours", "2026-01-01", "2026-01-31", "hour", "2026-01-01T00", "2026-02-01T00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := parseSpan(test.from, test.to, test.unit, now)
			if err != nil {
				t.Fatal(err)
			}
			if from, to := s.from.Format("2006-01-02T15"), s.to.Format("2006-01-02T15"); from != test.wantFrom || to != test.wantTo {
				t.Errorf("%s to %s, want %s to %s", from, to, test.wantFrom, test.wantTo)
			}
		})
	}
}

func TestParseSpanRefuses(t *testing.T) {
	tests := []struct{ name, from, to, unit, fields string }{
		{"unit", "", "", "week", "unit"},
		{"no dates", "yesterday", "2026-13-01", "", "to from"},
		{"no such day", "2026-02-30", "", "", "from"},
		{"wrong order", "2026-01-02", "2026-01-01T00:00:00Z", "", "from"},
		{"nothing", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "hour", "from"},
		{"from the future", "2027-01-01", "", "", "from"},
		{"367 days", "2026-01-01", "2027-01-02", "", "from"},
		{"32 days of hours", "2026-01-01", "2026-02-01", "hour", "from"},
		{"a thousand years", "1026-01-01", "", "", "from"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := parseSpan(test.from, test.to, test.unit, now)
			var fields []string
			for _, field := range fault.Of(err).Fields {
				fields = append(fields, field.Name)
			}
			if got := strings.Join(fields, " "); got != test.fields {
				t.Errorf("got %q: %v", got, err)
			}
		})
	}
}

func TestListsAreBounded(t *testing.T) {
	names := click.Names{}
	for n := range int64(maxNames + 50) {
		names.Add(click.City, "city "+strconv.FormatInt(n, 10), n+1)
	}
	names.Add(click.City, click.Other, 1000)
	s := newStats(span{today, today.Add(time.Hour), time.Hour}, nil, names)
	last := s.Cities[len(s.Cities)-1]
	if len(s.Cities) != maxNames+1 || s.Cities[0].Clicks != maxNames+50 || last != (named{click.Other, 1000 + 50*51/2}) {
		t.Errorf("%d cities, first %v, last %v", len(s.Cities), s.Cities[0], last)
	}
}
