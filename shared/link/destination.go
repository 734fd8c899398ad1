package link

import (
	"slices"
	"strings"
)

// destination returns where a visitor is led: the URL of a rule or of the link.
func (l Link) destination(v Visit) string {
	if rule, found := match(l.Rules, v); found {
		return rule.target(v.Random)
	}
	return l.URL
}

// Destinations returns all URLs to which the link can lead: its own, and those of its rules.
func (l Link) Destinations() []string {
	urls := []string{l.URL}
	for _, rule := range l.Rules {
		if rule.URL != "" {
			urls = append(urls, rule.URL)
		}
		for _, share := range rule.Split {
			urls = append(urls, share.URL)
		}
	}
	return urls
}

// location adds the campaign parameters to a destination and, if the link forwards it, the
// visitor's query.
func (l Link) location(to string, v Visit) string {
	to = withQuery(to, l.UTM.query())
	if !l.ForwardQuery {
		return to
	}
	forwarded := withQuery(to, cleanQuery(v.Query))
	if len(Location(forwarded)) > MaxURL {
		return to
	}
	return forwarded
}

// match returns the first rule that a visitor matches. If that rule is about
// languages, the one for the visitor's preferred language takes its place.
func match(rules []Rule, v Visit) (best Rule, found bool) {
	preference := len(v.Languages)
	for _, rule := range rules {
		if !rule.matches(v) {
			continue
		}
		if len(rule.Languages) == 0 {
			if !found {
				return rule, true
			}
			continue
		}
		if n := rule.preference(v.Languages); n < preference {
			best, found, preference = rule, true, n
		}
	}
	return best, found
}

// matches reports whether a visitor matches everything but the languages.
func (r Rule) matches(v Visit) bool {
	fits := func(list []string, name string) bool { return len(list) == 0 || slices.Contains(list, name) }
	return fits(r.Countries, v.Country) && fits(r.Devices, v.Device) && fits(r.Systems, v.System)
}

// preference returns the position of the first language that the rule is for, and
// len(languages) if there is none.
func (r Rule) preference(languages []string) int {
	for n, language := range languages {
		if slices.ContainsFunc(r.Languages, func(wanted string) bool { return includes(wanted, language) }) {
			return n
		}
	}
	return len(languages)
}

// includes reports whether a language is the wanted one or a kind of it, as de-AT is
// of de.
func includes(wanted, language string) bool {
	if len(language) > len(wanted) && language[len(wanted)] != '-' {
		return false
	}
	return len(language) >= len(wanted) && strings.EqualFold(language[:len(wanted)], wanted)
}

// target returns the rule's destination for a random number in [0, 1).
func (r Rule) target(random float64) string {
	if len(r.Split) == 0 {
		return r.URL
	}
	sum := 0
	for _, share := range r.Split {
		sum += share.Weight
	}
	drawn := int(random * float64(sum))
	for _, share := range r.Split {
		if drawn -= share.Weight; drawn < 0 {
			return share.URL
		}
	}
	return r.Split[len(r.Split)-1].URL
}
