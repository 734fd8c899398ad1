package main

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/report"
)

// TestFilesBelongToTheRecord checks that the files that the record refers to
// contain what the record says, and that no others remain, whichever of two runs
// is newer by its clock and wherever one of them is cut off.
func TestFilesBelongToTheRecord(t *testing.T) {
	const date = "2026-11-20"
	id := report.ID(report.Daily, date, "me")
	tests := []struct {
		name   string
		later  time.Duration // the second run's clock against the first one's
		fail   string        // the call of the first run that fails
		clicks int64
		extra  int // files of other runs that remain
	}{
		{"a newer run", time.Minute, "", 2, 0},
		{"the clock goes back", -time.Minute, "", 1, 0},
		{"both at the same time", 0, "", 1, 0},
		{"the first run dies before its record", time.Minute, "record", 2, 0},
		{"it dies with a clock ahead: its files wait for the next run", -time.Minute, "record", 2, 3},
		{"old files cannot be listed", time.Minute, "list", 2, 0},
		{"old files cannot be deleted", time.Minute, "delete", 2, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld()
			w.tick = 0
			h := w.handler(t)
			run := func(clicks int64, fail string) {
				w.fail = fail
				w.days["me "+date] = []click.DayCount{day("m0", "me", date, clicks)}
				_, err := h.Handle(w.context(t, time.Hour), event{Period: report.Daily, Date: date, Owner: "me"})
				if (err != nil) != (fail == "record") {
					t.Fatal(err)
				}
			}
			run(1, test.fail)
			w.now = w.now.Add(test.later)
			run(2, "")
			record := w.records[id]
			if record.Totals.Clicks != test.clicks {
				t.Errorf("the record has %d clicks, want %d", record.Totals.Clicks, test.clicks)
			}
			var file report.Report
			if err := json.Unmarshal([]byte(w.files[record.Key(report.FormatJSON)]), &file); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(record.Totals, file.Totals); diff != "" {
				t.Errorf("record and file disagree (-record +file):\n%s", diff)
			}
			if len(w.files) != 3+test.extra {
				t.Errorf("files: %q", slices.Sorted(maps.Keys(w.files)))
			}
		})
	}
}

// TestMailAfterTheClockWentBack checks that a retry mails the report although, by
// its clock, the failed try was newer.
func TestMailAfterTheClockWentBack(t *testing.T) {
	w := newWorld()
	w.address, w.tick, w.fail = true, 0, "mail"
	e := event{Period: report.Daily, Date: "2026-11-20"}
	if _, err := w.handler(t).Handle(w.context(t, time.Hour), e); err == nil {
		t.Fatal("no error")
	}
	w.now, w.fail = w.now.Add(-time.Minute), ""
	if _, err := w.handler(t).Handle(w.context(t, time.Hour), e); err != nil || len(w.mails) != 1 {
		t.Errorf("%v, %d mails", err, len(w.mails))
	}
}
