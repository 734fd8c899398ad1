package html_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/report"
	"github.com/minim-dev/minim/shared/report/html"
)

var update = flag.Bool("update", false, "write the golden files anew")

// build makes the report of a busy Friday, hostile names included.
func build(now time.Time) report.Report {
	b := report.NewBuilder("me", "2026-11-20")
	hours := [24]int64{18, 11, 6, 4, 3, 9, 31, 74, 128, 166, 181, 190, 172, 158, 203, 187, 149, 121, 96, 82, 64, 41, 27, 15}
	b.AddLink(click.DayCount{Link: "l." + "spring-sale", Code: "spring-sale", Clicks: 1384, Hours: hours, Names: click.Names{
		click.Referrer: {"news.example.com": 402, "direct": 521, "mastodon.social": 188, "search.example": 273},
		click.Country:  {"DE": 611, "FR": 280, "US": 244, "GB": 149, "JP": 100},
		click.City:     {"Berlin": 300, "Paris": 210, "Tōkyō": 96, "Hamburg": 80, "London": 70},
		click.Device:   {"mobile": 820, "desktop": 500, "tablet": 64},
		click.Browser:  {"Chrome": 700, "Safari": 420, "Firefox": 264},
		click.System:   {"Android": 480, "iOS": 404, "Windows": 300, "macOS": 200},
	}})
	b.AddLink(click.DayCount{Link: "l." + "talk", Code: "talk", Clicks: 642, Names: click.Names{
		click.Referrer: {"lobste.example": 300, "direct": 342},
		click.Country:  {"US": 402, "CA": 100, "BR": 60, "IN": 50, "unknown": 30},
		click.Device:   {"desktop": 642},
	}})
	b.AddLink(click.DayCount{Link: "l." + "menu", Code: "menu", Clicks: 97, Names: click.Names{click.Referrer: {"direct": 97}}})
	b.AddLink(click.DayCount{Link: "l." + "Xy7_p2", Code: "Xy7_p2", Clicks: 12, Names: click.Names{click.Referrer: {`<script>alert(1)</script>`: 8, "other": 4}}})
	b.AddLink(click.DayCount{Link: "l." + "gone", Code: "gone", Clicks: 1, Names: nil})
	b.AddBefore(1904)
	links := map[string][2]string{
		"spring-sale": {"https://shop.example.com/spring?utm_source=newsletter&utm_medium=email", "Spring sale: everything for the balcony"},
		"talk":        {"https://slides.example.org/2026/go-on-lambda/", "Go on Lambda, the slides"},
		"menu":        {"https://cafe.example.net/menu.pdf", ""},
		"Xy7_p2":      {"https://example.com/?q=<b>", `"><img src=x onerror=alert(1)>`},
	}
	return b.Report(report.Context{
		Now:  now,
		Site: "https://minim.example",
		Link: func(id string) (string, string, string) {
			l := links[strings.TrimPrefix(id, "l.")]
			return "", l[0], l[1]
		},
	})
}

func render(t *testing.T, r report.Report) []byte {
	t.Helper()
	renderer, err := html.New()
	if err != nil {
		t.Fatal(err)
	}
	page, err := renderer.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestGolden(t *testing.T) {
	nextDay := time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)
	empty := report.NewBuilder(report.Stage, "2026-11-20").Report(report.Context{Now: nextDay})
	tests := map[string]report.Report{
		"full.html":  build(nextDay),
		"sofar.html": build(nextDay.Add(-5 * time.Hour)),
		"empty.html": empty,
	}
	for file, data := range tests {
		t.Run(file, func(t *testing.T) {
			got := render(t, data)
			golden := filepath.Join("testdata", file)
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("the page changed; look at it, then run with -update (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPageIsSelfContainedAndEscaped(t *testing.T) {
	page := render(t, build(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)))
	for _, forbidden := range []string{"<script", "<img", "<link", "<b>\"", "@import", "url("} {
		if bytes.Contains(page, []byte(forbidden)) {
			t.Errorf("the page contains %q", forbidden)
		}
	}
}
