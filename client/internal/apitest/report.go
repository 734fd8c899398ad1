package apitest

import "strings"

// Report is a report as the API answers it.
func Report(generatedAt string) string {
	hour := `{"at": "2026-11-20T00:00:00.000Z", "clicks": 0}, `
	return `{"id": "daily-2026-11-20-2744ccd10c7533bd", "period": "daily", "date": "2026-11-20", "owner": "me", "zone": "UTC", "generatedAt": "` + generatedAt + `",
		"complete": true, "totals": {"clicks": 7, "before": 5, "links": 1},
		"hours": [` + strings.Repeat(hour, 23) + `{"at": "2026-11-20T23:00:00.000Z", "clicks": 7}],
		"links": [{"id": "l.1", "code": "spring", "shortUrl": "https://go.example.com/spring", "url": "https://example.com/", "title": "Sale", "clicks": 7}],
		"referrers": [{"name": "direct", "clicks": 7}], "countries": [{"name": "DE", "clicks": 6}, {"name": "unknown", "clicks": 1}], "cities": [],
		"devices": [], "browsers": [], "systems": [], "urls": {"html": "https://reports.example/r.html", "csv": "https://reports.example/r.csv"}}`
}
