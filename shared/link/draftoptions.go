package link

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Limits of a link's options.
const (
	MaxClicksLimit = 1_000_000_000
	MaxPassword    = 200 // characters
	MaxUTM         = 200 // characters of one parameter
	MaxRules       = 50
	MaxShares      = 20   // destinations of one rule
	MaxWeight      = 1000 // of one destination
)

// The values of DraftOptions.ForwardQuery.
const (
	forwardOff   = "off"
	forwardMerge = "merge"
)

// DraftOptions are the options of a link as its owner requests them.
type DraftOptions struct {
	NotBefore    string `json:"notBefore"` // RFC 3339
	ExpiredURL   string `json:"expiredUrl"`
	MaxClicks    *int64 `json:"maxClicks"` // nil: no limit
	Password     string `json:"password"`
	ForwardQuery string `json:"forwardQuery"` // off or merge
	UTM          UTM    `json:"utm"`
	Rules        []Rule `json:"rules"`
}

// options returns the options, without the password, and reports every mistake in
// them to check.
func (d DraftOptions) options(site Site, expires time.Time, check func(field, mistake string)) Options {
	notBefore, mistake := parseTime(d.NotBefore)
	if mistake == "" && !expires.IsZero() && !notBefore.Before(expires) {
		mistake = "It must be before expiresAt."
	}
	check("notBefore", mistake)
	if d.ExpiredURL != "" {
		d.ExpiredURL, mistake = site.destination(d.ExpiredURL)
		check("expiredUrl", mistake)
	}
	o := Options{
		NotBefore: notBefore, ExpiredURL: d.ExpiredURL, ForwardQuery: d.ForwardQuery == forwardMerge,
		UTM: d.UTM,
	}
	if d.MaxClicks != nil {
		o.MaxClicks = *d.MaxClicks
		check("maxClicks", checkRange(*d.MaxClicks, MaxClicksLimit))
	}
	check("password", checkText(d.Password, MaxPassword))
	if !slices.Contains([]string{"", forwardOff, forwardMerge}, d.ForwardQuery) {
		check("forwardQuery", "It must be off or merge.")
	}
	d.UTM.check(check)
	o.Rules = d.checkRules(site, check)
	return o
}

func (u UTM) check(check func(field, mistake string)) {
	for _, p := range u.parameters() {
		check("utm."+p.name, checkText(p.value, MaxUTM))
	}
}

// checkRules returns the rules with their destinations as they are stored.
func (d DraftOptions) checkRules(site Site, check func(field, mistake string)) []Rule {
	if len(d.Rules) > MaxRules {
		check("rules", fmt.Sprintf("There are %d rules; at most %d are allowed.", len(d.Rules), MaxRules))
		return nil
	}
	destination := func(field string, url *string) {
		stored, mistake := site.destination(*url)
		if mistake == "" {
			mistake = checkSent(stored, d.UTM)
		}
		check(field, mistake)
		*url = stored
	}
	rules := slices.Clone(d.Rules)
	for n := range rules {
		rule := &rules[n]
		rule.Split = slices.Clone(rule.Split)
		name := fmt.Sprintf("rules[%d]", n)
		if !rule.conditional() && n < len(d.Rules)-1 {
			check(name, "It has no conditions, so the rules after it would never apply.")
		}
		for _, list := range []struct {
			name, mistake string
		}{
			{"countries", checkNames(rule.Countries, isCountry, "is not a country code; use two capital letters of ISO 3166-1, such as GB")},
			{"devices", checkNames(rule.Devices, inList(Devices()), "is not one of "+strings.Join(Devices(), ", "))},
			{"systems", checkNames(rule.Systems, inList(Systems()), "is not one of "+strings.Join(Systems(), ", "))},
			{"languages", checkNames(rule.Languages, isLanguage, "is not a language tag, such as de or pt-BR")},
		} {
			check(name+"."+list.name, list.mistake)
		}
		rule.checkTarget(name, destination, check)
	}
	return rules
}

func (r Rule) conditional() bool {
	return len(r.Countries)+len(r.Devices)+len(r.Systems)+len(r.Languages) > 0
}

// checkTarget checks that a rule has one destination or several with weights.
func (r *Rule) checkTarget(name string, destination func(field string, url *string), check func(field, mistake string)) {
	switch {
	case (r.URL == "") == (len(r.Split) == 0):
		check(name, "It needs either url or split.")
		return
	case r.URL != "":
		destination(name+".url", &r.URL)
		return
	case len(r.Split) > MaxShares:
		check(name+".split", fmt.Sprintf("There are %d destinations; at most %d are allowed.", len(r.Split), MaxShares))
		return
	}
	for n := range r.Split {
		share := &r.Split[n]
		part := fmt.Sprintf("%s.split[%d]", name, n)
		destination(part+".url", &share.URL)
		check(part+".weight", checkRange(int64(share.Weight), MaxWeight))
	}
}

// checkSent checks the length of a valid destination with campaign parameters.
func checkSent(url string, utm UTM) string {
	if sent := len(Location(withQuery(url, utm.query()))); sent > MaxURL {
		return fmt.Sprintf("With the parameters of utm it has %d bytes; at most %d are allowed.", sent, MaxURL)
	}
	return ""
}

func checkRange(n, most int64) string {
	if n < 1 || n > most {
		return fmt.Sprintf("It must be from 1 to %d.", most)
	}
	return ""
}

// checkNames returns a sentence that quotes every name in the list that isn't valid.
func checkNames(names []string, valid func(string) bool, problem string) string {
	var mistakes []string
	for _, name := range names {
		if !valid(name) {
			mistakes = append(mistakes, fmt.Sprintf("%q %s.", shorten(name), problem))
		}
	}
	return strings.Join(mistakes, " ")
}

// shorten keeps answers short: what they quote may be long.
func shorten(name string) string {
	if runes := []rune(name); len(runes) > 20 {
		return string(runes[:20]) + "…"
	}
	return name
}
