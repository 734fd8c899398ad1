package link

import (
	"fmt"
	"strings"
)

// Hosts are rules about the hosts that links may lead to. The zero value allows all.
type Hosts struct {
	exact map[string]bool // whether the host is allowed
	below map[string]bool // the same for a host and all below it; "" is every host
}

// ParseHosts reads rules, one in a line:
//
//	block evil.example      # this host
//	block .evil.example     # it and all hosts below it
//	allow good.evil.example
//	block .                 # all others
//
// The most specific rule about a host wins, of two equal ones the later one. Lines with
// mistakes are skipped; they are listed.
func ParseHosts(text string) (rules Hosts, mistakes []string) {
	rules = Hosts{exact: map[string]bool{}, below: map[string]bool{}}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line, _, _ = strings.Cut(strings.TrimPrefix(line, "\ufeff"), "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if len(words) != 2 || words[0] != "allow" && words[0] != "block" || !rules.add(words[1], words[0] == "allow") {
			mistakes = append(mistakes, fmt.Sprintf("line %d: write allow or block and a host without *, as in: block .example.com", n))
		}
	}
	return rules, mistakes
}

// add reports whether pattern is a host, with a dot before it or not.
func (h Hosts) add(pattern string, allowed bool) bool {
	name, below := strings.CutPrefix(pattern, ".")
	if strings.Contains(name, "*") {
		return false // it would be a host of that name
	}
	host := ""
	if name != "" {
		if host = normalHost(name); host == "" {
			return false
		}
	}
	switch {
	case below:
		h.below[host] = allowed
	case host == "":
		return false
	default:
		h.exact[host] = allowed
	}
	return true
}

// Allows reports whether links may lead to a host, in the form of normalHost.
func (h Hosts) Allows(host string) bool {
	if allowed, ok := h.exact[host]; ok {
		return allowed
	}
	for rest, more := host, true; ; {
		if allowed, ok := h.below[rest]; ok {
			return allowed
		}
		if rest == "" {
			return true
		}
		if _, rest, more = strings.Cut(rest, "."); !more {
			rest = ""
		}
	}
}
