package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var fromNow = regexp.MustCompile(`^\+?(\d+)([dw])$`)

// moment reads a time as people write it: a date, a time in this time zone, RFC 3339, or a while from now. It is nil for
// "none" and "never".
func (a *app) moment(text string) (any, error) {
	if text == none || text == "never" {
		return nil, nil
	}
	if found := fromNow.FindStringSubmatch(text); found != nil {
		n, err := strconv.Atoi(found[1])
		if found[2] == "w" {
			n *= 7
		}
		return stamp(a.now().AddDate(0, 0, n)), err
	}
	if ahead, err := time.ParseDuration(strings.TrimPrefix(text, "+")); err == nil {
		return stamp(a.now().Add(ahead)), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, text, a.now().Location()); err == nil {
			return stamp(at), nil
		}
	}
	return nil, fmt.Errorf("%q is not a time; write 2030-06-01, 2030-06-01T18:00, 2030-06-01T18:00:00Z, 12h or 30d", text)
}

// stamp formats a time as the API does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
