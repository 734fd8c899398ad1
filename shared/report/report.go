// Package report presents a day of clicks to people: totals
// against the day before, the links that were followed most, where visitors
// came from and when. It is pure; the functions read the counters and store
// what comes out.
//
// A report covers one UTC day, as the counters do, whatever the stage's time
// zone: that only decides when the daily run starts.
package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/minim-dev/minim/shared/dates"
	"github.com/minim-dev/minim/shared/fault"
)

// Daily is the only period so far.
const Daily = "daily"

// Stage is the owner of the report about the whole stage. No API key can
// belong to it, so only an admin reads that report.
const Stage = "*"

// Zone is where the days of a report begin and end.
const Zone = "UTC"

// countingTime is how long after midnight the last clicks of a day may still wait to
// be counted.
const countingTime = 15 * time.Minute

// timeFormat is RFC 3339 with fixed milliseconds, as everywhere in the API.
const timeFormat = "2006-01-02T15:04:05.000Z"

// Report is a finished report.
type Report struct {
	ID          string `json:"id"`
	Period      string `json:"period"`
	Date        string `json:"date"`
	Owner       string `json:"owner"`
	Zone        string `json:"zone"`
	GeneratedAt string `json:"generatedAt"`
	Complete    bool   `json:"complete"` // the day was over when the report was made
	Totals      Totals `json:"totals"`
	Hours       []Hour `json:"hours"` // always 24
	Links       []Link `json:"links"`
	Breakdown
}

// Totals are a report's main numbers.
type Totals struct {
	Clicks int64 `json:"clicks"`
	Before int64 `json:"before"` // clicks of the whole day before
	Links  int64 `json:"links"`  // links with at least one click
}

// Hour is the clicks of one hour; At is when it began.
type Hour struct {
	At     string `json:"at"`
	Clicks int64  `json:"clicks"`
}

// Link is one of the most followed links. URL and Title are empty when the
// link has gone since.
type Link struct {
	ID       string `json:"id"`
	Code     string `json:"code"`
	ShortURL string `json:"shortUrl"`
	URL      string `json:"url"`
	Title    string `json:"title"`
	Clicks   int64  `json:"clicks"`
}

// Breakdown is where the clicks came from, most clicks first; what did not
// make the list is summed up as "other" at its end.
type Breakdown struct {
	Referrers []Count `json:"referrers"`
	Countries []Count `json:"countries"`
	Cities    []Count `json:"cities"`
	Devices   []Count `json:"devices"`
	Browsers  []Count `json:"browsers"`
	Systems   []Count `json:"systems"`
}

// Count is a name and how many clicks it had.
type Count struct {
	Name   string `json:"name"`
	Clicks int64  `json:"clicks"`
}

// Summary is a report as lists show it.
type Summary struct {
	ID        string    `json:"id"`
	Owner     string    `json:"owner"`
	Period    string    `json:"period"`
	Date      string    `json:"date"`
	CreatedAt time.Time `json:"createdAt"`
	Complete  bool      `json:"complete"`
	Totals    Totals    `json:"totals"`
	Files     string    `json:"-"` // names the set of files that this record refers to; "" in old records
}

// Summary returns the report as lists show it, without Files.
func (r Report) Summary() Summary {
	createdAt, _ := time.Parse(timeFormat, r.GeneratedAt) // written by Builder.Report
	return Summary{
		ID: r.ID, Owner: r.Owner, Period: r.Period, Date: r.Date,
		CreatedAt: createdAt, Complete: r.Complete, Totals: r.Totals,
	}
}

// MarshalJSON writes the time with fixed milliseconds.
func (s Summary) MarshalJSON() ([]byte, error) {
	type plain Summary
	return json.Marshal(struct {
		plain
		CreatedAt string `json:"createdAt"`
	}{plain(s), s.CreatedAt.UTC().Format(timeFormat)})
}

// ID names the report of an owner's day. Making a report again makes the same
// report, so the name holds nothing but what the report is about; the owner
// is hashed because ids are seen in addresses.
func ID(period, date, owner string) string {
	sum := sha256.Sum256([]byte(owner))
	return period + "-" + date + "-" + hex.EncodeToString(sum[:8])
}

// Request is what a caller asks for: a report of a period that contains date.
type Request struct {
	Period string `json:"period"`
	Date   string `json:"date"`
}

// Check returns a fault that names every mistake in the request, nil when
// there is none.
func (r Request) Check(now time.Time) error {
	var wrong []fault.Field
	if r.Period != Daily {
		wrong = append(wrong, fault.Field{Name: "period", Message: `It must be "daily".`})
	}
	day, mistake := dates.Day(r.Date)
	if mistake == "" && day.After(now) {
		mistake = "It must not be in the future; days are UTC days."
	}
	if mistake != "" {
		wrong = append(wrong, fault.Field{Name: "date", Message: mistake})
	}
	return fault.Fields(wrong...)
}

// Today is the UTC day of now.
func Today(now time.Time) string { return now.UTC().Format(time.DateOnly) }

// DayBefore is the last UTC day that was over, and counted, at the scheduled
// time. It depends on nothing else, so a repeated run makes the same report.
func DayBefore(scheduled time.Time) string {
	return scheduled.UTC().Add(-countingTime).AddDate(0, 0, -1).Format(time.DateOnly)
}
