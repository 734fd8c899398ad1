// Package html renders a report as one page without scripts or external resources, so
// that it can be opened as a file, mailed and printed. It is separate from package
// report because html/template prevents the linker from dropping unused methods of
// the whole binary.
package html

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/report"
)

//go:embed report.tmpl
var source string

//go:embed report.css
var style string

// A line a country: its ISO 3166-1 code, a space, and what people call it.
//
//go:embed countries.txt
var countries string

// Renderer renders reports. It is safe for concurrent use.
type Renderer struct{ page *template.Template }

// New parses the page; the error is a mistake in the page itself.
func New() (*Renderer, error) {
	page, err := template.New("report").Funcs(template.FuncMap{"number": number, "clicks": clicks}).Parse(source)
	if err != nil {
		return nil, fmt.Errorf("parse the report's page: %w", err)
	}
	return &Renderer{page}, nil
}

// Render returns the report as a page.
func (r *Renderer) Render(data report.Report) ([]byte, error) {
	var out bytes.Buffer
	if err := r.page.Execute(&out, newView(data)); err != nil {
		return nil, fmt.Errorf("render report %s: %w", data.ID, err)
	}
	return out.Bytes(), nil
}

// view is what the page shows, worked out so that the page has no logic.
type view struct {
	report.Report
	Style     template.CSS
	Day       string // Friday, 20 November 2026
	About     string // whose links
	Made      string // 21 November 2026, 02:00 UTC
	Change    string // against the day before
	Direction string // up, down or level
	Chart     chart
	TopLinks  []linkRow
	Lists     []list
}

type linkRow struct {
	report.Link
	Name  string // the title, or the short link without its scheme
	Short string // the short link without its scheme
	Share float64
}

type list struct {
	Title string
	Rows  []row
}

type row struct {
	Name   string
	Clicks int64
	Share  float64 // of the list's longest bar, in percent
	Rest   bool    // the sum of what is not listed
}

func newView(r report.Report) view {
	v := view{
		Report: r,
		Style:  template.CSS(style), // our own file, embedded above
		Day:    reformat(time.DateOnly, r.Date, "Monday, 2 January 2006"),
		About:  "Links owned by " + r.Owner,
		Made:   reformat(time.RFC3339, r.GeneratedAt, "2 January 2006, 15:04 UTC"),
		Chart:  newChart(r.Hours),
		Lists:  lists(r.Breakdown),
	}
	if r.Owner == report.Stage {
		v.About = "Links of all owners"
	}
	v.Change, v.Direction = change(r)
	for _, link := range r.Links {
		short := withoutScheme(link.ShortURL)
		name := link.Title
		if name == "" {
			name = short
		}
		v.TopLinks = append(v.TopLinks, linkRow{link, name, short, share(link.Clicks, r.Links[0].Clicks)})
	}
	return v
}

// change reports how the day compares. A day that is not over is not compared.
func change(r report.Report) (sentence, direction string) {
	now, before := r.Totals.Clicks, r.Totals.Before
	switch {
	case !r.Complete:
		return "The whole day before had " + number(before) + ".", "level"
	case before == 0 && now == 0:
		return "There were none the day before either.", "level"
	case before == 0:
		return "There were none the day before.", "up"
	case now == before:
		return "As many as the day before.", "level"
	}
	percent := (float64(now)/float64(before) - 1) * 100
	if percent > 0 {
		return fmt.Sprintf("%s more than the day before, which had %s.", rounded(percent), number(before)), "up"
	}
	return fmt.Sprintf("%s fewer than the day before, which had %s.", rounded(-percent), number(before)), "down"
}

func rounded(percent float64) string {
	if percent < 1 {
		return "Less than 1%"
	}
	return number(int64(percent+0.5)) + "%"
}

func lists(b report.Breakdown) []list {
	titles := map[string]string{
		click.Referrer: "Referrers", click.Country: "Countries", click.City: "Cities",
		click.Device: "Devices", click.Browser: "Browsers", click.System: "Systems",
	}
	var shown []list
	for _, l := range b.Lists() {
		if len(l.Counts) == 0 {
			continue
		}
		next := list{Title: titles[l.Dimension]}
		for _, count := range l.Counts {
			next.Rows = append(next.Rows, row{
				Name:   name(l.Dimension, count.Name),
				Clicks: count.Clicks,
				Share:  share(count.Clicks, l.Counts[0].Clicks),
				Rest:   count.Name == click.Other,
			})
		}
		shown = append(shown, next)
	}
	return shown
}

// name is how a person calls what the counters call raw.
func name(dimension, raw string) string {
	switch {
	case raw == click.Other:
		return "All others"
	case raw == click.Unknown, raw == click.Direct, dimension == click.Device && raw != "":
		return strings.ToUpper(raw[:1]) + raw[1:]
	case dimension == click.Country:
		return country(raw)
	}
	return raw
}

// country names a country by its code; a code that is none stays as it is.
func country(code string) string {
	_, rest, known := strings.Cut("\n"+countries, "\n"+code+" ")
	if !known {
		return code
	}
	name, _, _ := strings.Cut(rest, "\n")
	return name
}

// share is part of whole in percent, with one decimal, at most 100.
func share(part, whole int64) float64 {
	if whole <= 0 {
		return 0
	}
	return min(float64(part*1000/whole)/10, 100)
}

func withoutScheme(address string) string {
	_, rest, found := strings.Cut(address, "://")
	if !found {
		return address
	}
	return rest
}

func reformat(from, value, to string) string {
	t, err := time.Parse(from, value)
	if err != nil {
		return value
	}
	return t.UTC().Format(to)
}

// number writes n with commas between thousands.
func number(n int64) string {
	digits := fmt.Sprint(n)
	var out strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] != '-' {
			out.WriteByte(',')
		}
		out.WriteRune(digit)
	}
	return out.String()
}

func clicks(n int64) string {
	if n == 1 {
		return "1 click"
	}
	return number(n) + " clicks"
}
