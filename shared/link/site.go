package link

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/minim-dev/minim/shared/link/weburl"
)

// Site is the address that short links live at.
type Site struct {
	url   string
	hosts []string // all its names, as destinations are compared with them
	local string   // its port, if it is on this machine
	rules Hosts    // about destinations
}

// NewSite parses the site's address, such as https://mini.example or
// http://localhost:8080. Others are further host names of the same site.
func NewSite(address string, others ...string) (Site, error) {
	if _, err := url.Parse(address); err != nil {
		return Site{}, fmt.Errorf("site address: %w", err)
	}
	u, mistake := weburl.Parse(address)
	if mistake != "" {
		return Site{}, fmt.Errorf("site address %q: %s", address, mistake)
	}
	s := Site{url: strings.TrimRight(address, "/")}
	if loopback(u.Host) {
		s.local = portOf(u)
	} else {
		s.hosts = []string{hostName(u.Host)}
	}
	for _, other := range others {
		name, mistake := weburl.Parse("https://" + other)
		if mistake != "" {
			return Site{}, fmt.Errorf("name %q of the site: %s", other, mistake)
		}
		if !loopback(name.Host) {
			s.hosts = append(s.hosts, hostName(name.Host))
		}
	}
	return s, nil
}

// Obeying returns the site with rules about the hosts that its links may lead to.
func (s Site) Obeying(rules Hosts) Site {
	s.rules = rules
	return s
}

// ShortURL is the address that people are given for a code.
func (s Site) ShortURL(code string) string { return s.url + "/" + code }

// leadsBack reports whether a destination is on the site itself, where a link would lead to
// itself or to another link. On this machine, only the port tells sites apart.
func (s Site) leadsBack(u weburl.URL) bool {
	return slices.Contains(s.hosts, hostName(u.Host)) || s.local != "" && loopback(u.Host) && portOf(u) == s.local
}

// normalHost is the form in which two spellings of a host are equal, "" for what can't be one.
func normalHost(host string) string {
	u, mistake := weburl.Parse("https://" + host)
	if mistake != "" || u.String() != "https://"+u.Host+"/" {
		return ""
	}
	return hostName(u.Host)
}

func hostName(host string) string { return strings.TrimRight(host, ".") }

func portOf(u weburl.URL) string {
	switch {
	case u.Port != "":
		return u.Port
	case u.Scheme == "http":
		return "80"
	default:
		return "443"
	}
}

// loopback reports whether a host is this machine, for whoever asks.
func loopback(host string) bool {
	host = hostName(host)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && (address.Unmap().IsLoopback() || address.IsUnspecified())
}
