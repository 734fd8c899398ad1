package main

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/fault"
)

// asked returns the values of a query by name.
func asked(values map[string]string) func(name string) string {
	return func(name string) string { return values[name] }
}

func TestParseSpan(t *testing.T) {
	tests := []struct{ name, from, to, unit, zone, wantFrom, wantTo string }{
		{"default", "", "", "", "", "2026-10-23T00:00", "2026-11-22T00:00"},
		{"dates", "2026-01-01", "2026-01-31", "day", "", "2026-01-01T00:00", "2026-02-01T00:00"},
		{"one day", "2026-01-01", "2026-01-01", "", "", "2026-01-01T00:00", "2026-01-02T00:00"},
		{"times are rounded outwards", "2026-01-01T12:00:00Z", "2026-01-02T00:00:01Z", "", "", "2026-01-01T00:00", "2026-01-03T00:00"},
		{"times that are whole", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "", "", "2026-01-01T00:00", "2026-01-02T00:00"},
		{"an offset", "2026-01-01T00:30:00+01:00", "2026-01-01T02:00:00 01:00", "hour", "", "2025-12-31T23:00", "2026-01-01T01:00"},
		{"only to", "", "2026-01-31", "", "", "2026-01-02T00:00", "2026-02-01T00:00"},
		{"only from", "2026-11-20", "", "", "", "2026-11-20T00:00", "2026-11-22T00:00"},
		{"hours by default", "", "", "hour", "", "2026-10-22T04:00", "2026-11-21T04:00"},
		{"minutes by default", "", "", "minute", "", "2026-11-21T02:30", "2026-11-21T03:30"},
		{"minutes are of quarter hours", "2026-11-21T02:47:30Z", "2026-11-21T03:01:00Z", "minute", "", "2026-11-21T02:45", "2026-11-21T03:15"},
		{"weeks by default", "", "", "week", "", "2026-08-31T00:00", "2026-11-23T00:00"},
		{"a week begins on Monday", "2026-11-22", "2026-11-23", "week", "", "2026-11-16T00:00", "2026-11-30T00:00"},
		{"months by default", "", "", "month", "", "2025-12-01T00:00", "2026-12-01T00:00"},
		{"months of a year", "2026-01-31", "2026-12-01", "month", "", "2026-01-01T00:00", "2027-01-01T00:00"},
		{"a leap year", "2028-01-01", "2028-12-31", "", "", "2028-01-01T00:00", "2029-01-01T00:00"},
		{"31 days of hours", "2026-01-01", "2026-01-31", "hour", "", "2026-01-01T00:00", "2026-02-01T00:00"},
		{"five years", "2021-11-30", "2026-11-30", "month", "", "2021-11-01T00:00", "2026-12-01T00:00"},
		{"a day of 23 hours in Berlin", "2026-03-29", "2026-03-29", "", "Europe/Berlin", "2026-03-28T23:00", "2026-03-29T22:00"},
		{"a day of 25 hours in Berlin", "2026-10-25", "2026-10-25", "", "Europe/Berlin", "2026-10-24T22:00", "2026-10-25T23:00"},
		{"October of hours in Berlin", "2026-10-01", "2026-10-31", "hour", "Europe/Berlin", "2026-09-30T22:00", "2026-10-31T23:00"},
		{"a day that began at 1:00 in São Paulo", "2018-11-04", "2018-11-04", "", "America/Sao_Paulo", "2018-11-04T03:00", "2018-11-05T02:00"},
		{"a day of 25 hours in São Paulo", "2018-02-17", "2018-02-17", "", "America/Sao_Paulo", "2018-02-17T02:00", "2018-02-18T03:00"},
		{"a day in Kolkata", "2026-11-20", "2026-11-20", "", "Asia/Kolkata", "2026-11-19T18:30", "2026-11-20T18:30"},
		{"an hour in Kathmandu", "2026-11-20T10:20:00Z", "2026-11-20T10:30:00Z", "hour", "Asia/Kathmandu", "2026-11-20T10:15", "2026-11-20T11:15"},
		{"a day of 23.5 hours on Lord Howe", "2026-10-04", "2026-10-04", "", "Australia/Lord_Howe", "2026-10-03T13:30", "2026-10-04T13:00"},
		{"a day of 24.5 hours on Lord Howe", "2026-04-05", "2026-04-05", "", "Australia/Lord_Howe", "2026-04-04T13:00", "2026-04-05T13:30"},
		{"a day that Samoa left out", "2011-12-29", "2011-12-30", "", "Pacific/Apia", "2011-12-29T10:00", "2011-12-30T10:00"},
		{"a day of 25 hours in Havana, with two midnights", "2026-11-01", "2026-11-01", "", "America/Havana", "2026-11-01T04:00", "2026-11-02T05:00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := parseSpan(asked(map[string]string{"from": test.from, "to": test.to, "unit": test.unit, "tz": test.zone}), now)
			if err != nil {
				t.Fatal(err)
			}
			const format = "2006-01-02T15:04"
			if from, to := s.from.UTC().Format(format), s.to.UTC().Format(format); from != test.wantFrom || to != test.wantTo {
				t.Errorf("%s to %s, want %s to %s", from, to, test.wantFrom, test.wantTo)
			}
		})
	}
}

// TestUnits checks how long the units of a span are, in minutes.
func TestUnits(t *testing.T) {
	repeat := func(n int, minutes string) string { return strings.TrimSpace(strings.Repeat(minutes+" ", n)) }
	tests := []struct{ name, from, to, unit, zone, want string }{
		{"hours of 23 in Berlin", "2026-03-29", "2026-03-29", "hour", "Europe/Berlin", repeat(23, "60")},
		{"hours of 25 in Berlin", "2026-10-25", "2026-10-25", "hour", "Europe/Berlin", repeat(25, "60")},
		{"days around in Berlin", "2026-03-28", "2026-03-30", "day", "Europe/Berlin", "1440 1380 1440"},
		{"a week in Berlin", "2026-10-19", "2026-10-31", "week", "Europe/Berlin", "10140 10080"},
		{"months in Berlin", "2026-02-01", "2026-03-31", "month", "Europe/Berlin", "40320 44580"},
		{"days in São Paulo", "2018-11-03", "2018-11-05", "day", "America/Sao_Paulo", "1440 1380 1440"},
		{"hours of 23 in São Paulo", "2018-11-04", "2018-11-04", "hour", "America/Sao_Paulo", repeat(23, "60")},
		{"hours of 25 in São Paulo", "2018-02-17", "2018-02-17", "hour", "America/Sao_Paulo", repeat(25, "60")},
		{"days in Kolkata", "2026-03-28", "2026-03-29", "day", "Asia/Kolkata", "1440 1440"},
		{"hours on Lord Howe in October", "2026-10-04", "2026-10-04", "hour", "Australia/Lord_Howe", "60 60 30 " + repeat(21, "60")},
		{"hours on Lord Howe in April", "2026-04-05", "2026-04-05", "hour", "Australia/Lord_Howe", "60 60 30 " + repeat(22, "60")},
		{"the days around one that Samoa left out", "2011-12-29", "2011-12-31", "day", "Pacific/Apia", "1440 1440"},
		{"minutes of a quarter hour", "2026-11-20T10:01:00Z", "2026-11-20T10:02:00Z", "minute", "Asia/Kolkata", repeat(15, "1")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := parseSpan(asked(map[string]string{"from": test.from, "to": test.to, "unit": test.unit, "tz": test.zone}), now)
			if err != nil {
				t.Fatal(err)
			}
			var lengths []string
			at := s.from
			for at.Before(s.to) && len(lengths) < 50 {
				next := s.next(at)
				lengths = append(lengths, strconv.Itoa(int(next.Sub(at).Minutes())))
				at = next
			}
			if got := strings.Join(lengths, " "); got != test.want || !at.Equal(s.to) {
				t.Errorf("%s until %v, want %s until %v", got, at, test.want, s.to)
			}
		})
	}
}

// TestPrevious checks the time before, with which a span is compared.
func TestPrevious(t *testing.T) {
	tests := []struct{ name, from, to, unit, zone, want string }{
		{"days", "2026-03-30", "2026-03-31", "day", "Europe/Berlin", "2026-03-27T23:00"},
		{"hours", "2026-03-29", "2026-03-29", "hour", "Europe/Berlin", "2026-03-28T00:00"},
		{"minutes", "2026-11-21T10:00:00Z", "2026-11-21T10:30:00Z", "minute", "", "2026-11-21T09:30"},
		{"weeks", "2026-11-16", "2026-11-29", "week", "", "2026-11-02T00:00"},
		{"months", "2026-03-01", "2026-04-30", "month", "", "2026-01-01T00:00"},
		{"a year", "2026-01-01", "2026-12-31", "month", "", "2025-01-01T00:00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := parseSpan(asked(map[string]string{"from": test.from, "to": test.to, "unit": test.unit, "tz": test.zone}), now)
			from, to := s.previous()
			if got := from.UTC().Format("2006-01-02T15:04"); err != nil || got != test.want || !to.Equal(s.from) {
				t.Errorf("%s to %v, %v, want %s to %v", got, to, err, test.want, s.from)
			}
		})
	}
}

func TestParseSpanRefuses(t *testing.T) {
	tests := []struct{ name, query, fields string }{
		{"unit", "unit=year", "unit"},
		{"no dates", "from=yesterday to=2026-13-01", "from to"},
		{"no such day", "from=2026-02-30", "from"},
		{"wrong order", "from=2026-01-02 to=2026-01-01T00:00:00Z", "from"},
		{"nothing", "unit=hour from=2026-01-01T00:00:00Z to=2026-01-01T00:00:00Z", "from"},
		{"from the future", "from=2027-01-01", "from"},
		{"367 days", "from=2026-01-01 to=2027-01-02", "from"},
		{"32 days of hours", "unit=hour from=2026-01-01 to=2026-02-01", "from"},
		{"more than a day of minutes", "unit=minute from=2026-01-01T00:00:00Z to=2026-01-02T00:01:00Z", "from"},
		{"five years and two months", "unit=month from=2021-01-01 to=2026-02-28", "from"},
		{"the last year", "to=9999-12-31", "to"},
		{"the first years", "from=0000-01-01 to=0001-01-01", "from to"},
		{"a thousand years", "from=1026-01-01", "from"},
		{"a thousand years of weeks", "unit=week from=1026-01-01", "from"},
		{"no such zone", "tz=Mars/Olympus", "tz"},
		{"the machine's zone", "tz=Local", "tz"},
		{"a file that is no zone", "tz=../../etc/passwd", "tz"},
		{"another one", "tz=posix/Europe/Berlin", "tz"},
		{"top", "top=ten", "top"},
		{"a large top", "top=201", "top"},
		{"compare", "compare=next", "compare"},
		{"everything", "unit=1 tz=1 top=x compare=1 from=1 to=1", "unit tz top compare from to"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			values := map[string]string{}
			for pair := range strings.FieldsSeq(test.query) {
				name, value, _ := strings.Cut(pair, "=")
				values[name] = value
			}
			_, err := parseSpan(asked(values), now)
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
	clicks := map[string]int64{click.Other: 1000}
	for n := range int64(maxTop + 50) {
		clicks["city "+strconv.FormatInt(n, 10)] = n + 1
	}
	cities := list(clicks, maxTop)
	last := cities[len(cities)-1]
	if len(cities) != maxTop+1 || cities[0].Clicks != maxTop+50 || last != (named{click.Other, 1000 + 50*51/2}) {
		t.Errorf("%d cities, first %v, last %v", len(cities), cities[0], last)
	}
}

// TestEveryHourHasItsUnits checks every hour of some years in zones of all kinds: units follow each other without a gap, and
// contain the time that they were asked for.
func TestEveryHourHasItsUnits(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia", "Antarctica/Troll"} {
		zone, ok := zoneOf(name)
		if !ok {
			t.Fatal(name)
		}
		for _, u := range []unit{hour, day, week, month} {
			c := calendar{u, zone}
			for at := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2020; at = at.Add(7*time.Hour + 15*time.Minute) {
				began := c.floor(at)
				ends := c.next(began)
				if began.After(at) || !ends.After(at) || !c.ceil(ends).Equal(ends) || !c.floor(ends).Equal(ends) || ends.UTC().Minute()%15 != 0 {
					t.Fatalf("%s: the %s of %v is from %v to %v", name, u, at, began, ends)
				}
			}
		}
	}
}

// FuzzParseSpan: a span that is accepted is bounded and can be shown.
func FuzzParseSpan(f *testing.F) {
	f.Add("2026-10-25", "", "hour", "Europe/Berlin")
	f.Add("", "9998-12-31", "month", "Pacific/Apia")
	f.Add("1970-01-01T00:00:00Z", "1970-01-01T00:01:00+01:00", "minute", "")
	f.Fuzz(func(t *testing.T, from, to, unit, zone string) {
		s, err := parseSpan(asked(map[string]string{"from": from, "to": to, "unit": unit, "tz": zone, "compare": "previous"}), now)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		began, ended := s.previous()
		if !s.from.Before(s.to) || !began.Before(ended) || began.UTC().Year() < 1900 || s.to.UTC().Year() > 9999 {
			t.Fatalf("%v to %v, before it %v to %v", s.from, s.to, began, ended)
		}
		units := 0
		for at := s.from; at.Before(s.to); at = s.next(at) {
			if units++; units > 24*60+30 {
				t.Fatalf("more than %d units from %v to %v", units, s.from, s.to)
			}
		}
	})
}
