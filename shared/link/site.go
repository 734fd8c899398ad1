package link

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// MaxURL is the longest destination in bytes, written and sent.
const MaxURL = 8192

// Site is the address that short links live at.
type Site struct {
	url  string
	host string // normalised, for comparison
}

// NewSite parses the site's address, such as https://mini.example or
// http://localhost:8080.
func NewSite(address string) (Site, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Site{}, fmt.Errorf("site address: %w", err)
	}
	host := normalHost(u.Hostname())
	if host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return Site{}, fmt.Errorf("site address %q: expected http or https and a host", address)
	}
	return Site{url: strings.TrimRight(address, "/"), host: host}, nil
}

// ShortURL is the address that people are given for a code.
func (s Site) ShortURL(code string) string { return s.url + "/" + code }

// checkURL says what is wrong with a destination, "" when nothing is. It only
// judges: what is stored and sent is what the owner wrote.
func (s Site) checkURL(text string) string {
	if mistake := checkURLText(text); mistake != "" {
		return mistake
	}
	u, err := url.Parse(text)
	if err != nil {
		return "It is not a well-formed URL."
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return "It must start with http:// or https://."
	}
	if u.User != nil {
		return "It must not contain a user name or password."
	}
	host := normalHost(u.Hostname())
	if host == "" {
		return "It needs a host, as in https://example.com."
	}
	if port := u.Port(); port != "" {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return "Its port must be at most 65535."
		}
	}
	if host == s.host {
		return "It must not lead back to this site."
	}
	if sent := len(Location(text)); sent > MaxURL {
		return fmt.Sprintf("Encoded as visitors get it, it has %d bytes; at most %d are allowed.", sent, MaxURL)
	}
	return ""
}

func checkURLText(text string) string {
	switch {
	case text == "":
		return "It is missing."
	case len(text) > MaxURL:
		return fmt.Sprintf("It has %d bytes; at most %d are allowed.", len(text), MaxURL)
	case !utf8.ValidString(text):
		return "It is not valid UTF-8."
	}
	for _, r := range text {
		if unicode.IsControl(r) || unicode.IsSpace(r) {
			return "It must not contain spaces or control characters."
		}
	}
	return ""
}

// normalHost is the form in which two spellings of a host are equal: lower
// case, no final dot, international names in ASCII, addresses in their short
// form. It is "" for what can be no host.
func normalHost(host string) string {
	if strings.Contains(host, ":") {
		address, err := netip.ParseAddr(host)
		if err != nil {
			return ""
		}
		return address.String()
	}
	ascii := strings.ToLower(strings.TrimRight(lookupHost(host), "."))
	for _, r := range ascii {
		if !isCodeSymbol(r) && r != '.' {
			return ""
		}
	}
	return ascii
}

// lookupHost is what browsers make of a host before they look it up. What is wrong
// with it still leaves the best form there is.
func lookupHost(host string) string {
	profile := idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))
	ascii, _ := profile.ToASCII(host)
	return ascii
}
