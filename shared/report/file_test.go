package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s changed; if that is right, run with -update (-want +got):\n%s", file, diff)
	}
}

func example() report.Report {
	b := report.NewBuilder("me", "2026-11-20")
	b.AddLink(click.DayCount{Link: "l." + "sale", Code: "sale", Clicks: 12, Hours: [24]int64{9: 12}, Names: names(click.Referrer, map[string]int64{
		`=HYPERLINK("https://evil.example")`: 4, "@sum": 3, "-1": 2, "+1": 1, `quoted "name", with comma`: 2,
	})})
	b.AddLink(click.DayCount{Link: "l." + "talk", Code: "talk", Clicks: 3, Hours: [24]int64{9: 3}, Names: names(click.Country, map[string]int64{"DE": 3})})
	b.AddBefore(7)
	return finish(b)
}

// TestReplaces reports which files are obsolete once a record is written.
func TestReplaces(t *testing.T) {
	noon := at("2026-11-21T12:00:00Z")
	s := report.Summary{ID: "daily-x", Files: report.NewFiles(noon, "mine")}
	for key, want := range map[string]bool{
		s.Key(report.FormatCSV):                 false,
		"reports/daily-x/report.csv":            true, // from before files had names of their own
		key(s, noon.Add(-time.Second), "other"): true,
		key(s, noon, "other"):                   true,  // the record would have refused it
		key(s, noon.Add(time.Millisecond), "a"): false, // about to replace this record
	} {
		if got := s.Replaces(key); got != want {
			t.Errorf("%s: %t", key, got)
		}
	}
	old := report.Summary{ID: "daily-x"}
	if key := old.Key(report.FormatHTML); key != "reports/daily-x/report.html" || old.Replaces(key) {
		t.Errorf("the file of an old record is at %s, or obsolete", key)
	}
}

func key(s report.Summary, at time.Time, unique string) string {
	s.Files = report.NewFiles(at, unique)
	return s.Key(report.FormatJSON)
}

func TestText(t *testing.T) {
	golden(t, "report.txt", []byte(report.Subject(example())+"\n\n"+report.Text(example())))
	empty := report.Text(finish(report.NewBuilder("me", "2026-11-20")))
	if want := "0 clicks on Friday, 20 November 2026 (UTC)\n\nlinks followed: 0\nthe day before: 0 clicks\n"; empty != want {
		t.Errorf("without clicks: %q", empty)
	}
}

func TestCSV(t *testing.T) {
	got, err := report.CSV(example())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report.csv", got)
	rows, err := csv.NewReader(bytes.NewReader(got)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && bytes.ContainsAny([]byte(cell[:1]), "=+-@\t\r") {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
}

func TestJSON(t *testing.T) {
	got, err := report.JSON(example())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report.json", got)
	var back report.Report
	if err := json.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(example(), back); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

func TestJSONListsAreNeverNull(t *testing.T) {
	got, err := report.JSON(finish(report.NewBuilder("me", "2026-11-20")))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(got, []byte("null")) {
		t.Errorf("an empty list is null:\n%s", got)
	}
}
