package link

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/minim-dev/minim/shared/link/weburl"
)

// MaxURL is the longest destination in bytes, as pasted, stored and sent.
const MaxURL = 8192

// destination returns the destination that an owner asks for, as it is stored, or what is
// wrong with it. A URL that needs no repair stays as it was written, byte for byte; any
// other becomes what a browser makes of it.
func (s Site) destination(text string) (stored, mistake string) {
	switch {
	case len(text) > MaxURL:
		return "", fmt.Sprintf("It has %d bytes; at most %d are allowed.", len(text), MaxURL)
	case !utf8.ValidString(text):
		return "", "It is not valid UTF-8."
	}
	text = complete(text)
	if text == "" {
		return "", "It is missing."
	}
	u, mistake := weburl.Parse(text)
	switch {
	case mistake != "":
		return "", mistake
	case u.Credentials:
		return "", "It must not contain a user name or password."
	case hostName(u.Host) == "":
		return "", "It needs a host, as in https://example.com."
	case s.leadsBack(u):
		return "", "It must not lead back to this site."
	case !s.rules.Allows(hostName(u.Host)):
		return "", "Links to " + hostName(u.Host) + " are not allowed here."
	}
	if !sound(text, u) {
		text = u.String()
	}
	if sent := len(Location(text)); sent > MaxURL {
		return "", fmt.Sprintf("Encoded as visitors get it, it has %d bytes; at most %d are allowed.", sent, MaxURL)
	}
	return text, ""
}

// complete removes blanks around a URL and adds a scheme that is missing. What can't be
// a URL stays as it is.
func complete(text string) string {
	text = strings.TrimFunc(text, invisible)
	if strings.HasPrefix(text, "//") {
		return "https:" + text
	}
	end := strings.IndexAny(text, `/?#\`)
	if end < 0 {
		end = len(text)
	}
	host, port, hasPort := strings.Cut(text[:end], ":")
	isPort := hasPort && port != "" && strings.Trim(port, "0123456789") == ""
	isHost := strings.Contains(strings.Trim(host, "."), ".") || strings.EqualFold(host, "localhost")
	if isHost && (!hasPort || isPort) || strings.HasPrefix(text, "[") {
		return "https://" + text
	}
	return text
}

// sound reports whether a URL can stay as it was written: its host is spelled as browsers
// spell it, or international, and all else is visible.
func sound(text string, u weburl.URL) bool {
	begin := len(u.Scheme) + len("://")
	if len(text) < begin || !strings.EqualFold(text[:begin], u.Scheme+"://") || strings.ContainsRune(text, '\\') || strings.ContainsFunc(text, invisible) {
		return false
	}
	host := text[begin:]
	if end := strings.IndexAny(host, "/?#"); end >= 0 {
		host = host[:end]
	}
	port, same := strings.CutPrefix(strings.ToLower(host), u.Host)
	return !weburl.ASCII(host) || same && (port == "" || port[0] == ':')
}

// invisible reports whether a character is a blank, a control or a format character, such as
// one that reverses the direction of text.
func invisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Z)
}
