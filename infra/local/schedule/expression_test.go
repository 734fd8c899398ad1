package schedule

import (
	"strings"
	"testing"
	"time"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestNext(t *testing.T) {
	const rfc = time.RFC3339
	tests := map[string]struct {
		expression, zone, after string
		want                    []string
	}{
		"every five minutes":      {"cron(0/5 * * * ? *)", "", "2026-11-21T02:03:10Z", []string{"2026-11-21T02:05:00Z", "2026-11-21T02:10:00Z"}},
		"strictly after":          {"cron(0 2 * * ? *)", "", "2026-11-21T02:00:00Z", []string{"2026-11-22T02:00:00Z"}},
		"just before":             {"cron(0 2 * * ? *)", "", "2026-11-21T01:59:59Z", []string{"2026-11-21T02:00:00Z"}},
		"in a zone":               {"cron(0 2 * * ? *)", "Europe/Berlin", "2026-11-21T00:00:00Z", []string{"2026-11-21T02:00:00+01:00"}},
		"half-hour zone":          {"cron(0 2 * * ? *)", "Asia/Kolkata", "2026-11-21T00:00:00Z", []string{"2026-11-22T02:00:00+05:30"}},
		"weekdays by name":        {"cron(0 10 ? * MON-FRI *)", "", "2026-11-20T10:00:00Z", []string{"2026-11-23T10:00:00Z", "2026-11-24T10:00:00Z"}},
		"weekdays by number":      {"cron(0 10 ? * 2 *)", "", "2026-11-20T10:00:00Z", []string{"2026-11-23T10:00:00Z", "2026-11-30T10:00:00Z"}},
		"list of hours":           {"cron(0 10,15 * * ? *)", "", "2026-11-20T10:00:00Z", []string{"2026-11-20T15:00:00Z", "2026-11-21T10:00:00Z"}},
		"range with steps":        {"cron(10-30/10 4 1 jan,JUL ? *)", "", "2026-01-01T04:10:00Z", []string{"2026-01-01T04:20:00Z", "2026-01-01T04:30:00Z", "2026-07-01T04:10:00Z"}},
		"last day of month":       {"cron(0 0 L * ? *)", "", "2027-01-31T00:00:00Z", []string{"2027-02-28T00:00:00Z", "2027-03-31T00:00:00Z"}},
		"leap day":                {"cron(0 0 29 2 ? *)", "", "2026-01-01T00:00:00Z", []string{"2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"}},
		"nearest weekday":         {"cron(0 0 15W * ? *)", "", "2026-10-31T00:00:00Z", []string{"2026-11-16T00:00:00Z", "2026-12-15T00:00:00Z"}},
		"nearest, before":         {"cron(0 0 14W * ? *)", "", "2026-11-01T00:00:00Z", []string{"2026-11-13T00:00:00Z"}},
		"nearest, first":          {"cron(0 0 1W * ? *)", "", "2026-07-20T00:00:00Z", []string{"2026-08-03T00:00:00Z"}},
		"nearest, last":           {"cron(0 0 31W * ? *)", "", "2026-05-01T00:00:00Z", []string{"2026-05-29T00:00:00Z", "2026-07-31T00:00:00Z"}},
		"last day of week":        {"cron(0 0 ? * L *)", "", "2026-11-20T00:00:00Z", []string{"2026-11-21T00:00:00Z"}},
		"last Friday":             {"cron(0 0 ? * 6L *)", "", "2026-11-01T00:00:00Z", []string{"2026-11-27T00:00:00Z", "2026-12-25T00:00:00Z"}},
		"last Friday by name":     {"cron(0 0 ? * FRIL *)", "", "2026-11-01T00:00:00Z", []string{"2026-11-27T00:00:00Z"}},
		"second Tuesday":          {"cron(0 0 ? * 3#2 *)", "", "2026-11-01T00:00:00Z", []string{"2026-11-10T00:00:00Z", "2026-12-08T00:00:00Z"}},
		"fifth Sunday":            {"cron(0 0 ? * SUN#5 *)", "", "2026-09-01T00:00:00Z", []string{"2026-11-29T00:00:00Z", "2027-01-31T00:00:00Z"}},
		"one year":                {"cron(0 0 1 1 ? 2030)", "", "2026-11-01T00:00:00Z", []string{"2030-01-01T00:00:00Z", ""}},
		"never":                   {"cron(0 0 31 2 ? *)", "", "2026-11-01T00:00:00Z", []string{""}},
		"spring: skipped":         {"cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-28T12:00:00Z", []string{"2026-03-30T02:30:00+02:00"}},
		"spring: over the gap":    {"cron(0/30 * * * ? *)", "America/New_York", "2026-03-08T06:30:00Z", []string{"2026-03-08T03:00:00-04:00", "2026-03-08T03:30:00-04:00"}},
		"autumn: once":            {"cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-24T12:00:00Z", []string{"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}},
		"autumn: hourly, once":    {"cron(0 * * * ? *)", "America/New_York", "2026-11-01T04:30:00Z", []string{"2026-11-01T01:00:00-04:00", "2026-11-01T02:00:00-05:00"}},
		"autumn: asked in it":     {"cron(0/10 * * * ? *)", "America/New_York", "2026-11-01T06:15:00Z", []string{"2026-11-01T02:00:00-05:00"}},
		"midnight that is not":    {"cron(0 0 * * ? *)", "Africa/Cairo", "2026-04-23T12:00:00Z", []string{"2026-04-25T00:00:00+03:00"}},
		"minute":                  {"rate(1 minute)", "", "2026-11-21T02:03:10Z", []string{"2026-11-21T02:04:10Z"}},
		"hours":                   {"rate(12 hours)", "", "2026-11-21T02:00:00Z", []string{"2026-11-21T14:00:00Z"}},
		"days":                    {"rate(2 days)", "", "2026-11-21T02:00:00Z", []string{"2026-11-23T02:00:00Z"}},
		"at":                      {"at(2026-11-21T13:00:00)", "", "2026-11-21T02:00:00Z", []string{"2026-11-21T13:00:00Z", ""}},
		"at in a zone":            {"at(2026-11-21T13:00:00)", "Asia/Tokyo", "2026-11-21T02:00:00Z", []string{"2026-11-21T13:00:00+09:00", ""}},
		"at in the repeated hour": {"at(2026-11-01T01:30:00)", "America/New_York", "2026-10-01T00:00:00Z", []string{"2026-11-01T01:30:00-04:00"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e, err := Parse(tt.expression, zone(t, tt.zone))
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.Parse(rfc, tt.after)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				at = e.Next(at)
				if want == "" {
					if !at.IsZero() {
						t.Fatalf("Next = %v, want none", at)
					}
					return
				}
				if got := at.Format(rfc); got != want {
					t.Fatalf("Next = %s, want %s", got, want)
				}
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	tests := map[string]string{
		"":                         "is not cron(…), rate(…) or at(…)",
		"every day":                "is not cron(…), rate(…) or at(…)",
		"cron(0 2 * * *)":          "has 5 fields",
		"cron(0 2 * * * *)":        "exactly one of day-of-month and day-of-week must be ?",
		"cron(0 2 ? * ? *)":        "exactly one of day-of-month and day-of-week must be ?",
		"cron(0 2 1 * MON *)":      "exactly one of day-of-month and day-of-week must be ?",
		"cron(60 2 * * ? *)":       `minutes "60": "60" is not 0 to 59`,
		"cron(0 24 * * ? *)":       `hours "24": "24" is not 0 to 23`,
		"cron(0 2 0 * ? *)":        `day-of-month "0": "0" is not 1 to 31`,
		"cron(0 2 * 13 ? *)":       `month "13": "13" is not 1 to 12 or JAN to DEC`,
		"cron(0 2 ? * 0 *)":        `day-of-week "0": "0" is not 1 to 7 or SUN to SAT`,
		"cron(0 2 ? * 8 *)":        `"8" is not 1 to 7`,
		"cron(0 2 ? * MO *)":       `"MO" is not 1 to 7`,
		"cron(0 2 * * ? 1969)":     `year "1969": "1969" is not 1970 to 2199`,
		"cron(0/0 2 * * ? *)":      `step "/0" is not valid`,
		"cron(/5 2 * * ? *)":       `"" is not 0 to 59`,
		"cron(10-5 2 * * ? *)":     `range "10-5" runs backwards`,
		"cron(? 2 * * ? *)":        `"?" is not 0 to 59`,
		"cron(1,,2 2 * * ? *)":     `"" is not 0 to 59`,
		"cron(+1 2 * * ? *)":       `"+1" is not 0 to 59`,
		"cron(0 2 LW * ? *)":       `"L" is not 1 to 31`,
		"cron(0 2 32W * ? *)":      `"32" is not 1 to 31`,
		"cron(0 2 ? * 2/2 *)":      `step "/2" is not valid`,
		"cron(0 2 ? * 3#6 *)":      `"6" after # is not 1 to 5`,
		"cron(0 2 ? * 9#1 *)":      `"9" is not 1 to 7`,
		"cron(0 2 ? * 9L *)":       `"9" is not 1 to 7`,
		"cron(61 25 * * ? *)":      `hours "25"`, // all mistakes in one error
		"rate(1 minutes)":          "singular for 1",
		"rate(5 minute)":           "plural for more",
		"rate(0 minutes)":          "above 0",
		"rate(-5 minutes)":         "above 0",
		"rate(1.5 hours)":          "whole number",
		"rate(5 seconds)":          `unit "seconds"`,
		"rate(5)":                  `unit ""`,
		"rate(99999999999 days)":   "hundred years",
		"at(2026-11-21)":           "yyyy-mm-ddThh:mm:ss",
		"at(2026-02-30T00:00:00)":  "yyyy-mm-ddThh:mm:ss",
		"at(2026-11-21T13:00:00Z)": "yyyy-mm-ddThh:mm:ss",
		" cron(0 2 * * ? *)":       "is not cron",
		"cron(0 2 * * ? *) ":       "is not cron",
		"CRON(0 2 * * ? *)":        "is not cron",
	}
	for expression, want := range tests {
		t.Run(expression, func(t *testing.T) {
			_, err := Parse(expression, nil)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("Parse = %v, want an error with %q", err, want)
			}
		})
	}
	if _, err := Parse("at(2026-03-29T02:30:00)", zone(t, "Europe/Berlin")); err == nil {
		t.Error("a time that the clocks skip was taken")
	}
}

// FuzzParse checks that nothing panics or hangs, and that due times are later than the
// given time, at whole minutes, and unique.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"cron(0/5 * * * ? *)", "cron(0 2 ? * 6#5 *)", "cron(0 0 31W 2 ? 2199)", "cron(* * L * ? *)",
		"cron(0 0 ? * FRIL *)", "rate(1 minute)", "rate(5 days)", "at(2026-11-21T13:00:00)", "cron(,-/ ? # L W *)", "cron(0 0 29 2 ? 1970-2199/4)"} {
		f.Add(s, int64(1_793_500_000))
	}
	loc := zone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, s string, unix int64) {
		e, err := Parse(s, loc)
		if err != nil {
			return
		}
		after := time.Unix(unix%(1<<33), 0)
		next := e.Next(after)
		if next.IsZero() {
			return
		}
		if !next.After(after) {
			t.Fatalf("%s: Next(%v) = %v", s, after, next)
		}
		if e.cron == nil {
			return
		}
		if next.Second() != 0 {
			t.Fatalf("%s: Next(%v) = %v has seconds", s, after, next)
		}
		if again := e.Next(next.Add(-time.Second)); !again.Equal(next) {
			t.Fatalf("%s: %v is due, but asked a second before it is %v", s, next, again)
		}
	})
}
