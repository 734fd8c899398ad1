package main

import (
	"strconv"
	"strings"

	"github.com/minim-dev/minim/shared/link"
)

// columns are the first row of a table of links.
func columns() []string {
	return []string{"id", "code", "shortUrl", "url", "title", "note", "tags", "status", "createdAt", "updatedAt", "expiresAt", "clicks"}
}

// rows are the links in the order of columns. Tags are separated by commas.
func rows(links []link.View) (rows [][]string) {
	for _, l := range links {
		expires := ""
		if l.ExpiresAt != nil {
			expires = *l.ExpiresAt
		}
		rows = append(rows, []string{
			l.ID, l.Code, l.ShortURL, l.URL, l.Title, l.Note, strings.Join(l.Tags, ","), string(l.Status), l.CreatedAt, l.UpdatedAt, expires,
			strconv.FormatInt(l.Clicks, 10),
		})
	}
	return rows
}
