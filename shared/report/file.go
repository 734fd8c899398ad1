package report

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/sheet"
)

// The formats that a report is stored in.
const (
	FormatJSON = "json"
	FormatHTML = "html"
	FormatCSV  = "csv"
)

// filesTime begins the name of a set of files, so that names sort by time.
const filesTime = "20060102T150405.000Z"

// NewFiles names the set of files of one run. Each run writes its own set, and
// the record refers to the set of the newest run, so that both always belong
// together. The unique part separates runs of the same millisecond.
func NewFiles(createdAt time.Time, unique string) string {
	return createdAt.UTC().Format(filesTime) + "-" + unique
}

// Folder is where all sets of files of a report are stored.
func Folder(id string) string { return "reports/" + id + "/" }

// Key is where a report's file of a format is stored.
func (s Summary) Key(format string) string {
	if s.Files == "" {
		return Folder(s.ID) + "report." + format
	}
	return Folder(s.ID) + s.Files + "/report." + format
}

// Replaces reports whether the file at a key in the report's folder is obsolete
// once s is recorded: it belongs to a run that is not newer, which can replace neither
// s nor any later record.
func (s Summary) Replaces(key string) bool {
	files, _, found := strings.Cut(strings.TrimPrefix(key, Folder(s.ID)), "/")
	if !found { // of a record without Files
		return s.Files != ""
	}
	created, _, _ := strings.Cut(files, "-")
	own, _, _ := strings.Cut(s.Files, "-")
	return files != s.Files && created <= own
}

// MediaType is the Content-Type of a format, "" when there is no such format.
func MediaType(format string) string {
	switch format {
	case FormatJSON:
		return "application/json"
	case FormatHTML:
		return "text/html; charset=utf-8"
	case FormatCSV:
		return "text/csv; charset=utf-8; header=present"
	}
	return ""
}

// JSON returns the report as a JSON document.
func JSON(r Report) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // URLs stay readable
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(r); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// CSV returns the report as one table with the columns section, name, detail and
// clicks, so that a spreadsheet can filter by section.
func CSV(r Report) ([]byte, error) {
	rows := [][]string{{"section", "name", "detail", "clicks"}}
	add := func(section, name, detail string, clicks int64) {
		rows = append(rows, []string{section, name, detail, strconv.FormatInt(clicks, 10)})
	}
	add("total", r.Date, "", r.Totals.Clicks)
	add("total", midnight(r.Date).AddDate(0, 0, -1).Format(time.DateOnly), "day before", r.Totals.Before)
	for _, hour := range r.Hours {
		add("hour", hour.At, "", hour.Clicks)
	}
	for _, link := range r.Links {
		add("link", link.ShortURL, link.URL, link.Clicks)
	}
	for _, list := range r.Lists() {
		for _, count := range list.Counts {
			add(list.Dimension, count.Name, "", count.Clicks)
		}
	}
	return sheet.CSV(rows)
}

// List is one list of a report with its dimension.
type List struct {
	Dimension string // as in package click
	Counts    []Count
}

// Lists returns the lists of a report in the order in which they are shown.
func (b Breakdown) Lists() []List {
	return []List{
		{click.Referrer, b.Referrers}, {click.Country, b.Countries}, {click.City, b.Cities},
		{click.Device, b.Devices}, {click.Browser, b.Browsers}, {click.System, b.Systems},
	}
}
