package report_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/report"
)

func finish(b *report.Builder) report.Report {
	return b.Report(report.Context{
		Now:  time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC),
		Site: "https://minim.example",
		Link: func(id string) (code, url, title string) {
			return "", "https://example.com/" + strings.TrimPrefix(id, "l."), ""
		},
	})
}

func names(dimension string, counts map[string]int64) click.Names {
	return click.Names{dimension: counts}
}

func TestBuilderAddsUp(t *testing.T) {
	b := report.NewBuilder("me", "2026-11-20")
	b.AddLink(click.DayCount{Link: "l." + "a", Code: "a", Clicks: 3, Hours: [24]int64{14: 3}, Names: names(click.Country, map[string]int64{"DE": 2, "FR": 1})})
	b.AddLink(click.DayCount{Link: "l." + "b", Code: "b", Clicks: 5, Hours: [24]int64{14: 5}, Names: names(click.Country, map[string]int64{"DE": 5})})
	b.AddLink(click.DayCount{Link: "l." + "never", Code: "never", Clicks: 0, Names: nil})
	b.AddBefore(4)
	got := finish(b)
	if want := (report.Totals{Clicks: 8, Before: 4, Links: 2}); got.Totals != want {
		t.Errorf("Totals = %+v, want %+v", got.Totals, want)
	}
	if want := (report.Hour{At: "2026-11-20T14:00:00.000Z", Clicks: 8}); got.Hours[14] != want || len(got.Hours) != 24 {
		t.Errorf("Hours[14] = %+v of %d, want %+v of 24", got.Hours[14], len(got.Hours), want)
	}
	wantLinks := []report.Link{
		{ID: "l.b", Code: "b", ShortURL: "https://minim.example/b", URL: "https://example.com/b", Clicks: 5},
		{ID: "l.a", Code: "a", ShortURL: "https://minim.example/a", URL: "https://example.com/a", Clicks: 3},
	}
	if diff := cmp.Diff(wantLinks, got.Links); diff != "" {
		t.Errorf("Links (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]report.Count{{Name: "DE", Clicks: 7}, {Name: "FR", Clicks: 1}}, got.Countries); diff != "" {
		t.Errorf("Countries (-want +got):\n%s", diff)
	}
	if !got.Complete {
		t.Error("a day that is over is not complete")
	}
}

func TestBuilderIsBounded(t *testing.T) {
	b := report.NewBuilder("me", "2026-11-20")
	for i := range 5000 {
		b.AddLink(click.DayCount{Link: fmt.Sprintf("l.c%04d", i), Code: fmt.Sprintf("c%04d", i), Clicks: int64(i + 1), Names: names(click.Referrer, map[string]int64{fmt.Sprintf("%04d.example", i): 1, "news.example": 1})})
	}
	saved, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	if len(saved) > 64<<10 {
		t.Errorf("a saved builder has %d bytes", len(saved))
	}
	got := finish(b)
	if len(got.Links) != 20 || got.Links[0].Code != "c4999" || got.Links[19].Code != "c4980" {
		t.Errorf("%d links from %s to %s", len(got.Links), got.Links[0].Code, got.Links[len(got.Links)-1].Code)
	}
	var sum int64
	for _, count := range got.Referrers {
		sum += count.Clicks
	}
	if sum != 10000 || got.Referrers[0].Name != "news.example" || got.Referrers[10].Name != click.Other {
		t.Errorf("the list sums up to %d of 10000: %v", sum, got.Referrers)
	}
}

// Saved half-way and resumed, or split over builders and merged, a day must
// make the same report.
func TestBuilderResumesAndMerges(t *testing.T) {
	add := func(b *report.Builder, from, to int) {
		for i := from; i < to; i++ {
			hours := [24]int64{}
			hours[i%24] = int64(i)
			b.AddLink(click.DayCount{Link: fmt.Sprintf("l.c%02d", i), Code: fmt.Sprintf("c%02d", i), Clicks: int64(i%7 + 1), Hours: hours, Names: names(click.Device, map[string]int64{"mobile": int64(i), "desktop": 1})})
			b.AddBefore(1)
		}
	}
	whole := report.NewBuilder("me", "2026-11-20")
	add(whole, 0, 60)

	half := report.NewBuilder("me", "2026-11-20")
	add(half, 0, 30)
	saved, err := json.Marshal(half)
	if err != nil {
		t.Fatal(err)
	}
	var resumed report.Builder
	if err := json.Unmarshal(saved, &resumed); err != nil {
		t.Fatal(err)
	}
	add(&resumed, 30, 60)
	if diff := cmp.Diff(finish(whole), finish(&resumed)); diff != "" {
		t.Errorf("resumed (-whole +resumed):\n%s", diff)
	}

	first, second, merged := report.NewBuilder("a", "2026-11-20"), report.NewBuilder("b", "2026-11-20"), report.NewBuilder("me", "2026-11-20")
	add(first, 0, 25)
	add(second, 25, 60)
	merged.Merge(second)
	merged.Merge(first)
	if diff := cmp.Diff(finish(whole), finish(merged)); diff != "" {
		t.Errorf("merged (-whole +merged):\n%s", diff)
	}
}
