package report

import (
	"fmt"
	"strings"
	"time"
)

// shortList is how many names of a list a text has.
const shortList = 5

// Subject is the report in a line.
func Subject(r Report) string {
	return fmt.Sprintf("%d clicks on %s", r.Totals.Clicks, midnight(r.Date).Format("Monday, 2 January 2006"))
}

// Text returns the report in plain text, in short: for readers without a browser.
func Text(r Report) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s (%s)\n\nlinks followed: %d\nthe day before: %d clicks\n", Subject(r), r.Zone, r.Totals.Links, r.Totals.Before)
	if r.Totals.Clicks > 0 {
		busiest := r.Hours[0]
		for _, hour := range r.Hours {
			if hour.Clicks > busiest.Clicks {
				busiest = hour
			}
		}
		if at, err := time.Parse(timeFormat, busiest.At); err == nil {
			fmt.Fprintf(&out, "busiest hour: %s with %d\n", at.Format("15:04"), busiest.Clicks)
		}
	}
	if len(r.Links) > 0 {
		out.WriteString("\nLinks\n")
	}
	for _, link := range r.Links {
		fmt.Fprintf(&out, "%8d  %s\n", link.Clicks, strings.TrimSpace(link.ShortURL+" "+oneLine(link.Title)))
	}
	for _, list := range r.Lists() {
		if len(list.Counts) == 0 {
			continue
		}
		fmt.Fprintf(&out, "\n%s\n", strings.ToUpper(list.Dimension[:1])+list.Dimension[1:])
		for _, count := range list.Counts[:min(shortList, len(list.Counts))] {
			fmt.Fprintf(&out, "%8d  %s\n", count.Clicks, oneLine(count.Name))
		}
	}
	return out.String()
}

// oneLine keeps what visitors and owners chose from making lines of its own.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
