package table_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/report"
	"github.com/minim-dev/minim/shared/table"
)

func reports(t *testing.T) *table.Reports {
	t.Helper()
	return table.NewReports(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-reports")
}

func summary(owner, date string, at time.Time, clicks int64) report.Summary {
	return report.Summary{
		Files: report.NewFiles(at, rand.Text()), ID: report.ID(report.Daily, date, owner), Owner: owner, Period: report.Daily, Date: date, CreatedAt: at,
		Complete: true, Totals: report.Totals{Clicks: clicks, Before: 3, Links: 2},
	}
}

func TestReportsPutKeepsTheNewest(t *testing.T) {
	store, owner, noon := reports(t), rand.Text(), time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	newer := summary(owner, "2026-11-20", noon, 9)
	for _, put := range []struct {
		summary  report.Summary
		recorded bool
	}{
		{summary(owner, "2026-11-20", noon.Add(-time.Hour), 5), true},
		{newer, true},
		{newer, true}, // tried again after a lost answer
		{summary(owner, "2026-11-20", noon.Add(-time.Minute), 7), false}, // a slow run that ends late
		{summary(owner, "2026-11-20", noon, 8), false},                   // a duplicate
	} {
		if recorded, err := store.Put(t.Context(), put.summary); err != nil || recorded != put.recorded {
			t.Fatalf("%d clicks: recorded %t, %v", put.summary.Totals.Clicks, recorded, err)
		}
	}
	got, err := store.Get(t.Context(), newer.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(newer, got); diff != "" {
		t.Errorf("(-newest +kept):\n%s", diff)
	}
}

// TestReportMail gives the right to mail once, and again after it was returned;
// a report that is made again keeps it.
func TestReportMail(t *testing.T) {
	store, s := reports(t), summary(rand.Text(), "2026-11-20", time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), 9)
	claim := func(want bool) {
		t.Helper()
		if mine, err := store.ClaimMail(t.Context(), s.ID); err != nil || mine != want {
			t.Errorf("got %t, %v; want %t", mine, err, want)
		}
	}
	claim(true)
	claim(false)
	if err := store.ReturnMail(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	claim(true)
	if _, err := store.Put(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	claim(false)
	if _, err := store.Get(t.Context(), "mail#"+s.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("the claim is a report: %v", err)
	}
}

func TestReportsGetUnknown(t *testing.T) {
	if _, err := reports(t).Get(t.Context(), rand.Text()); !fault.Is(err, fault.NotFound) {
		t.Errorf("got %v, want a NotFound fault", err)
	}
}

func TestReportsListPages(t *testing.T) {
	store, owner, noon := reports(t), rand.Text(), time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	dates := []string{"2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"}
	for i, date := range dates {
		if _, err := store.Put(t.Context(), summary(owner, date, noon.Add(time.Duration(i)*time.Second), 1)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Put(t.Context(), summary(rand.Text(), "2026-11-20", noon, 1)); err != nil {
		t.Fatal(err)
	}
	var got []string
	after, pages := "", 0
	for {
		found, next, err := store.List(t.Context(), owner, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range found {
			got = append(got, s.Date)
		}
		if pages++; next == "" || pages > 5 {
			break
		}
		after = next
	}
	want := []string{"2026-11-20", "2026-11-19", "2026-11-18", "2026-11-17", "2026-11-16"}
	if diff := cmp.Diff(want, got); diff != "" || pages != 3 {
		t.Errorf("%d pages (-want +got):\n%s", pages, diff)
	}
}
