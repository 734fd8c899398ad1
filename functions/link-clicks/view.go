package main

import (
	"strconv"

	"github.com/minim-dev/minim/shared/click"
)

// timeFormat is RFC 3339 with fixed milliseconds, as everywhere in the API.
const timeFormat = "2006-01-02T15:04:05.000Z"

// view is a click as the API shows it. Who the visitor was is not known. Names are "" if
// they are unknown, or if the visitor asked not to be tracked.
type view struct {
	ID          string `json:"id"`
	At          string `json:"at"`
	Code        string `json:"code"` // by which the link was followed
	Country     string `json:"country"`
	City        string `json:"city"`
	Referrer    string `json:"referrer"`
	Browser     string `json:"browser"`
	System      string `json:"system"`
	Device      string `json:"device"`
	Language    string `json:"language"`
	Destination string `json:"destination"`
	Scan        bool   `json:"scan"`
	Bot         string `json:"bot"` // "" for a person
}

func newView(c click.Click) view {
	return view{
		ID: c.ID, At: c.At.UTC().Format(timeFormat), Code: c.Code, Country: c.Country, City: c.City, Referrer: c.Referrer,
		Browser: c.Browser, System: c.System, Device: c.Device, Language: c.Language, Destination: c.Destination, Scan: c.Scan, Bot: c.Bot,
	}
}

// columns are the first row of a table of clicks.
func columns() []string {
	return []string{"id", "at", "code", "country", "city", "referrer", "browser", "system", "device", "language", "destination", "scan", "bot"}
}

// rows are the clicks in the order of columns.
func rows(clicks []view) (rows [][]string) {
	for _, c := range clicks {
		rows = append(rows, []string{
			c.ID, c.At, c.Code, c.Country, c.City, c.Referrer, c.Browser, c.System, c.Device, c.Language, c.Destination, strconv.FormatBool(c.Scan), c.Bot,
		})
	}
	return rows
}
