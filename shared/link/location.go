package link

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/minim-dev/minim/shared/link/weburl"
)

// Location is a destination as it is sent. A header is ASCII (RFC 9110), as is a URL
// (RFC 3986). A destination in ASCII stays as it is, byte for byte; in any other, the host
// and the characters outside ASCII become what a browser makes of them.
func Location(url string) string {
	if weburl.ASCII(url) {
		return url
	}
	scheme, rest, _ := strings.Cut(url, "//")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host := rest[:end]
	if u, mistake := weburl.Parse(url); mistake == "" && !weburl.ASCII(host) {
		host = u.Host
		if u.Port != "" {
			host += ":" + u.Port
		}
	}
	return scheme + "//" + escape(host) + escape(rest[end:])
}

// escape percent-encodes the characters outside ASCII, and nothing else.
func escape(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if c < utf8.RuneSelf {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
