package link

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Location is a destination as it is sent. A header is ASCII (RFC 9110), as is a URL
// (RFC 3986), and what gateways and caches make of anything else is not said. A
// destination in ASCII stays as it is, byte for byte; in others, host and characters
// become what a browser makes of them.
func Location(url string) string {
	if isASCII(url) {
		return url
	}
	scheme, rest, _ := strings.Cut(url, "//")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, after := rest[:end], rest[end:]
	if !isASCII(host) {
		name, port, found := strings.Cut(host, ":")
		if found {
			port = ":" + port
		}
		host = lookupHost(name) + port
	}
	return scheme + "//" + escape(host) + escape(after)
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// escape percent-encodes what is not ASCII, and nothing else.
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
