package dates_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/dates"
	"github.com/minim-dev/minim/shared/fault"
)

const (
	notATime  = "It must be a time such as 2030-01-31T12:00:00Z (RFC 3339)."
	notADate  = "It must be a date such as 2026-11-20."
	notABound = "It must be a date such as 2026-11-21 or a time such as 2026-11-21T03:00:00Z."
	outside   = "It must be in the years 1970 to 9999."
	outOfSpan = "It must be in the years 1970 to 9998."
)

func TestTime(t *testing.T) {
	for _, test := range []struct{ text, want, mistake string }{
		{"2026-11-21T03:00:00Z", "2026-11-21T03:00:00Z", ""},
		{"2026-11-21T03:00:00.123456789+01:00", "2026-11-21T02:00:00.123456789Z", ""},
		{"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", ""},
		{"1970-01-01T00:59:59+01:00", "", outside},
		{"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", ""},
		{"9999-12-31T23:59:59-00:01", "", outside},
		{"0000-01-01T00:00:00Z", "", outside},
		{"0001-01-01T00:00:00Z", "", outside},
		{"10000-01-01T00:00:00Z", "", notATime},
		{"2026-02-30T00:00:00Z", "", notATime},
		{"2026-11-21T3:00:00Z", "", notATime},
		{"2026-11-21T03:00:00,5Z", "", notATime},
		{"2026-11-21T03:00:00", "", notATime},
		{"2026-11-21T24:00:00Z", "", notATime},
		{"2026-11-21", "", notATime},
		{"", "", notATime},
	} {
		at, mistake := dates.Time(test.text)
		if mistake != test.mistake || mistake == "" && at.Format(time.RFC3339Nano) != test.want {
			t.Errorf("%q: %v, %q; want %s, %q", test.text, at, mistake, test.want, test.mistake)
		}
	}
}

func TestDay(t *testing.T) {
	for text, want := range map[string]string{
		"1970-01-01": "", "9999-12-31": "", "2028-02-29": "",
		"0000-01-01": outside, "0001-01-01": outside, "1969-12-31": outside,
		"2027-02-29": notADate, "2026-1-1": notADate, "10000-01-01": notADate, "-001-01-01": notADate, "": notADate, "today": notADate, "2026-11-20T00:00:00Z": notADate,
	} {
		day, mistake := dates.Day(text)
		if mistake != want || mistake == "" && day.Format(time.RFC3339) != text+"T00:00:00Z" {
			t.Errorf("%q: %v, %q; want %q", text, day, mistake, want)
		}
	}
}

func TestSpan(t *testing.T) {
	auckland, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		t.Fatal(err)
	}
	there := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, 0, auckland)
	}
	for _, test := range []struct {
		name, from, to string
		midnight       dates.Midnight
		want           string // begin and end, "-" if one is absent
		mistakes       []fault.Field
	}{
		{"nothing", "", "", dates.UTC, "- -", nil},
		{"a day", "2026-11-20", "2026-11-20", dates.UTC, "2026-11-20T00:00:00Z 2026-11-21T00:00:00Z", nil},
		{"a day of a zone", "2026-11-20", "2026-11-20", there, "2026-11-19T11:00:00Z 2026-11-20T11:00:00Z", nil},
		{"times", "2026-11-20T01:00:00 01:00", "2026-11-20T01:00:00Z", there, "2026-11-20T00:00:00Z 2026-11-20T01:00:00Z", nil},
		{"only from", "1970-01-01", "", there, "1969-12-31T12:00:00Z -", nil},
		{"only to", "", "9998-12-31", dates.UTC, "- 9999-01-01T00:00:00Z", nil},
		{"both wrong", "x", "2026-11-20T03:00", dates.UTC, "", []fault.Field{{Name: "from", Message: notABound}, {Name: "to", Message: notABound}}},
		{"out of range", "1969-12-31T23:59:59Z", "9999-12-31", dates.UTC, "", []fault.Field{{Name: "from", Message: outOfSpan}, {Name: "to", Message: outOfSpan}}},
		{"out of range, others", "0000-01-01", "9999-12-31T00:00:00Z", dates.UTC, "", []fault.Field{{Name: "from", Message: outOfSpan}, {Name: "to", Message: outOfSpan}}},
		{"a day too early", "2026-11-21", "2026-11-20", dates.UTC, "", []fault.Field{{Name: "from", Message: "It must be before to."}}},
		{"empty", "2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z", dates.UTC, "", []fault.Field{{Name: "from", Message: "It must be before to."}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			begin, end, mistakes := dates.Span(test.from, test.to, test.midnight)
			var got []string
			for _, at := range []time.Time{begin, end} {
				if at.IsZero() {
					got = append(got, "-")
				} else {
					got = append(got, at.UTC().Format(time.RFC3339))
				}
			}
			if diff := cmp.Diff(test.mistakes, mistakes); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
			if text := strings.Join(got, " "); test.mistakes == nil && text != test.want {
				t.Errorf("%s, want %s", text, test.want)
			}
		})
	}
}

// FuzzSpan: what is accepted can be written as RFC 3339, with the year after it.
func FuzzSpan(f *testing.F) {
	f.Add("2026-11-21", "2026-11-21T03:00:00.5 01:00")
	f.Add("9998-12-31", "0001-01-01T00:00:00-23:59")
	f.Fuzz(func(t *testing.T, from, to string) {
		begin, end, mistakes := dates.Span(from, to, dates.UTC)
		if len(mistakes) > 0 {
			return
		}
		for _, at := range []time.Time{begin, end} {
			if !at.IsZero() && (at.Year() < 1970 || at.Year() > 9999 || at.AddDate(0, 12, -1).Year() > 9999) {
				t.Errorf("%q to %q is %v to %v", from, to, begin, end)
			}
		}
	})
}
