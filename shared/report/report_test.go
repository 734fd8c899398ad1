package report_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/report"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestRequestCheck(t *testing.T) {
	now := at("2026-11-21T12:00:00Z")
	tests := []struct {
		name    string
		request report.Request
		fields  []string
	}{
		{"yesterday", report.Request{Period: "daily", Date: "2026-11-20"}, nil},
		{"today", report.Request{Period: "daily", Date: "2026-11-21"}, nil},
		{"tomorrow", report.Request{Period: "daily", Date: "2026-11-22"}, []string{"date"}},
		{"weekly", report.Request{Period: "weekly", Date: "2026-11-20"}, []string{"period"}},
		{"no such day", report.Request{Period: "daily", Date: "2026-02-30"}, []string{"date"}},
		{"the year 0", report.Request{Period: "daily", Date: "0000-01-01"}, []string{"date"}},
		{"the year 1", report.Request{Period: "daily", Date: "0001-01-01"}, []string{"date"}},
		{"before 1970", report.Request{Period: "daily", Date: "1969-12-31"}, []string{"date"}},
		{"1970", report.Request{Period: "daily", Date: "1970-01-01"}, nil},
		{"a time", report.Request{Period: "daily", Date: "2026-11-20T00:00:00Z"}, []string{"date"}},
		{"nothing", report.Request{}, []string{"period", "date"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.request.Check(now)
			if test.fields == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var got []string
			for _, field := range fault.Of(err).Fields {
				got = append(got, field.Name)
			}
			if diff := cmp.Diff(test.fields, got); diff != "" || !fault.Is(err, fault.Invalid) {
				t.Errorf("%v: fields (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestDays(t *testing.T) {
	tests := []struct{ scheduled, want string }{
		{"2026-11-21T02:00:00Z", "2026-11-20"},
		{"2026-11-21T00:15:00Z", "2026-11-20"},
		{"2026-11-21T00:14:59Z", "2026-11-19"}, // the last clicks of the 20th may still be on their way
		{"2026-11-21T02:00:00+09:00", "2026-11-19"},
		{"2026-03-01T02:00:00Z", "2026-02-28"},
	}
	for _, test := range tests {
		if got := report.DayBefore(at(test.scheduled)); got != test.want {
			t.Errorf("DayBefore(%s) = %s, want %s", test.scheduled, got, test.want)
		}
	}
	if got := report.Today(at("2026-11-21T01:00:00+09:00")); got != "2026-11-20" {
		t.Errorf("Today = %s, want the UTC day", got)
	}
	b := report.NewBuilder("me", "2026-03-01")
	if got, want := b.Previous(), at("2026-02-28T00:00:00Z"); !got.Equal(want) {
		t.Errorf("Previous = %s, want %s", got, want)
	}
}

func TestIDIsTheSameForTheSameDayOnly(t *testing.T) {
	id := report.ID(report.Daily, "2026-11-20", "me")
	if id != report.ID(report.Daily, "2026-11-20", "me") {
		t.Error("the same day has two ids")
	}
	for _, other := range []string{report.ID(report.Daily, "2026-11-21", "me"), report.ID(report.Daily, "2026-11-20", "you")} {
		if id == other {
			t.Errorf("two days share the id %s", id)
		}
	}
}
