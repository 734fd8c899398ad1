package link

import (
	"fmt"
	"net/url"
	"strings"
)

type parameter struct{ name, value string }

// parameters returns all campaign parameters, by the names that owners use.
func (u UTM) parameters() []parameter {
	return []parameter{{"source", u.Source}, {"medium", u.Medium}, {"campaign", u.Campaign}, {"term", u.Term}, {"content", u.Content}}
}

// query returns the parameters as a query string.
func (u UTM) query() string {
	var pairs []string
	for _, p := range u.parameters() {
		if p.value != "" {
			pairs = append(pairs, "utm_"+p.name+"="+url.QueryEscape(p.value))
		}
	}
	return strings.Join(pairs, "&")
}

// withQuery adds the parameters of query to a URL, in place of the URL's own of the
// same names. The rest of the URL stays as it is, byte for byte.
func withQuery(to, query string) string {
	if query == "" {
		return to
	}
	given := map[string]bool{}
	for pair := range strings.SplitSeq(query, "&") {
		given[nameOf(pair)] = true
	}
	to, fragment, hasFragment := strings.Cut(to, "#")
	to, own, hasOwn := strings.Cut(to, "?")
	var pairs []string
	if hasOwn {
		for pair := range strings.SplitSeq(own, "&") {
			if pair != "" && !given[nameOf(pair)] {
				pairs = append(pairs, pair)
			}
		}
	}
	to += "?" + strings.Join(append(pairs, query), "&")
	if hasFragment {
		to += "#" + fragment
	}
	return to
}

// nameOf returns the name of a name=value pair.
func nameOf(pair string) string {
	name, _, _ := strings.Cut(pair, "=")
	if decoded, err := url.QueryUnescape(name); err == nil {
		return decoded
	}
	return name
}

// cleanQuery drops empty pairs from a visitor's query and encodes what must not be
// in a URL.
func cleanQuery(query string) string {
	var pairs []string
	for pair := range strings.SplitSeq(query, "&") {
		if pair != "" {
			pairs = append(pairs, pair)
		}
	}
	var b strings.Builder
	for _, c := range []byte(strings.Join(pairs, "&")) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"#<>", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
