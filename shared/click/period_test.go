package click_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/click"
)

// TestParts checks which parts of a period are added by the quarter hour.
func TestParts(t *testing.T) {
	tests := []struct {
		name, from, to string
		fine           bool
		want           []string
	}{
		{"whole days", "2026-11-20T00:00", "2026-11-22T00:00", false, nil},
		{"nothing", "2026-11-20T00:00", "2026-11-20T00:00", false, nil},
		{"a part of a day", "2026-11-20T03:15", "2026-11-20T04:00", false, []string{"2026-11-20T03:15 2026-11-20T04:00"}},
		{"days of a time zone", "2026-11-20T18:30", "2026-11-22T18:30", false, []string{"2026-11-20T18:30 2026-11-21T00:00", "2026-11-22T00:00 2026-11-22T18:30"}},
		{"an end", "2026-11-20T00:00", "2026-11-21T00:15", false, []string{"2026-11-21T00:00 2026-11-21T00:15"}},
		{"a beginning", "2026-11-20T23:45", "2026-11-22T00:00", false, []string{"2026-11-20T23:45 2026-11-21T00:00"}},
		{"across midnight", "2026-11-20T23:45", "2026-11-21T00:15", false, []string{"2026-11-20T23:45 2026-11-21T00:00", "2026-11-21T00:00 2026-11-21T00:15"}},
		{"minutes of a whole day", "2026-11-20T00:00", "2026-11-21T00:00", true, []string{"2026-11-20T00:00 2026-11-21T00:00"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, part := range click.NewPeriod(at(t, test.from), at(t, test.to), test.fine).Parts() {
				got = append(got, part.From.Format(layout)+" "+part.To.Format(layout))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

const layout = "2006-01-02T15:04"

func at(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(layout, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestPeriod checks that all figures of a period are of the same clicks, wherever it begins and
// ends, also on a day half of which an older version has counted.
func TestPeriod(t *testing.T) {
	var days []click.DayCount
	var quarters []click.QuarterCount
	times := []string{"2026-11-19T23:50", "2026-11-20T00:05", "2026-11-20T10:29", "2026-11-20T10:31", "2026-11-21T12:00"}
	for n, text := range times {
		visitor := string([]byte("123450123456789a")[n:]) + "0123456789abcdef"[:n]
		day, quarter := click.Sum([]click.Click{
			{Link: "l", At: at(t, text), Country: "DE", Visitor: visitor, Scan: true}, {Link: "l", At: at(t, text), Bot: "Googlebot"},
		})
		days, quarters = append(days, day), append(quarters, quarter)
	}
	days = append(days, click.DayCount{Link: "l", Day: at(t, "2026-11-20T00:00"), Clicks: 3, Hours: [24]int64{8: 1, 9: 2}, Names: click.Names{"country": {"FR": 3}}})
	tests := []struct {
		from, to         string
		clicks, new, old int64
		country          map[string]int64
	}{
		{"2026-11-20T00:00", "2026-11-21T00:00", 6, 3, 3, map[string]int64{"DE": 3, "FR": 3}},
		{"2026-11-19T23:45", "2026-11-20T10:30", 6, 3, 3, map[string]int64{"DE": 3, "unknown": 3}},
		{"2026-11-20T08:30", "2026-11-20T10:30", 3, 1, 2, map[string]int64{"DE": 1, "unknown": 2}},
		{"2026-11-20T10:30", "2026-11-20T10:45", 1, 1, 0, map[string]int64{"DE": 1}},
		{"2026-11-18T00:00", "2026-11-22T00:00", 8, 5, 3, map[string]int64{"DE": 5, "FR": 3}},
	}
	for _, test := range tests {
		for _, fine := range []bool{false, true} {
			p := click.NewPeriod(at(t, test.from), at(t, test.to), fine)
			for _, day := range days {
				p.AddDay(day)
			}
			for _, part := range p.Parts() {
				for _, quarter := range quarters {
					if !quarter.At.Before(part.From) && quarter.At.Before(part.To) {
						p.AddQuarter(quarter)
					}
				}
			}
			p.Complete()
			visitors, err := p.Visitors()
			middle := at(t, test.from).Add(15 * time.Minute)
			sum := p.Between(at(t, test.from), middle) + p.Between(middle, at(t, test.to).Add(time.Hour))
			if p.Clicks != test.clicks || p.Scans != test.new || p.Names.Bots() != test.new || visitors != test.new || err != nil || sum != test.clicks {
				t.Errorf("%s to %s, fine %t: %d clicks, %d in all its time, %d scans, %d of bots, %d visitors, %v", test.from, test.to, fine, p.Clicks, sum, p.Scans, p.Names.Bots(), visitors, err)
			}
			want := test.country
			if fine && test.old > 0 { // no minute has the names of old clicks
				want = map[string]int64{"DE": test.new, "unknown": test.old}
			}
			if diff := cmp.Diff(want, p.Names["country"]); diff != "" {
				t.Errorf("%s to %s, fine %t (-want +got)\n%s", test.from, test.to, fine, diff)
			}
		}
	}
}
