package link

import (
	"slices"
	"strings"
)

// scanMark is the parameter of the query by which visits from QR codes are recognised.
// It has no value, so that it can't be taken for a destination's own parameter.
const scanMark = "qr"

// ScanURL is the address in a link's QR code.
func (s Site) ScanURL(code string) string { return s.ShortURL(code) + "?" + scanMark }

// Host is the site's host, with its port if it has one, as visitors type it.
func (s Site) Host() string {
	_, host, _ := strings.Cut(s.url, "://")
	return host
}

// Scanned reports whether a visit came from a QR code, by its query, and returns the
// query without the mark of that.
func Scanned(query string) (rest string, scanned bool) {
	pairs := strings.Split(query, "&")
	kept := slices.DeleteFunc(slices.Clone(pairs), func(pair string) bool { return pair == scanMark || pair == scanMark+"=" })
	if len(kept) == len(pairs) {
		return query, false
	}
	return strings.Join(kept, "&"), true
}
