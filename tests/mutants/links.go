package main

// links are mutations of short links: their codes, their destinations, the redirect.
func links() []mutation {
	return []mutation{
		{"shared/link/code.go", `b < 256/n*n`, `b < 256`, "private codes are drawn uniformly", ""},
		{"shared/link/code.go", `const privateLength = 12`, `const privateLength = 11`, "a private code carries 62 bits", ""},
		{"shared/link/code.go", `len(text) > MaxCode`, `len(text) > MaxCode+1`, "a code has at most 64 symbols", ""},
		{"shared/link/code.go", `switch strings.ToLower(code) {`, `switch code {`, "a word is reserved in any case", ""},
		{"shared/link/code.go", `strings.Trim(code, "-_") == code && `, ``, "no generated code ends in punctuation", ""},
		{"shared/link/code.go", `&& !Reserved(code)`, ``, "no generated code is a reserved word", ""},
		{"shared/link/link.go", `!now.Before(l.ExpiresAt)`, `now.After(l.ExpiresAt)`, "the moment of expiry counts as expired", ""},
		{"shared/link/draft.go", `!at.After(now)`, `at.Before(now)`, "an expiry is in the future", ""},
		{"shared/link/draft.go", `return at.Truncate(time.Millisecond), mistake`, `return at, mistake`, "times have milliseconds", ""},
		{"shared/link/draft.go", `Tags: distinct(d.Tags)`, `Tags: d.Tags`, "a tag is stored once", ""},
		{"shared/link/draft.go", `unicode.IsControl(r)`, `unicode.IsControl(r) && r == 0`, "a title has no control characters", ""},
		{"shared/link/weburl/host.go", `name := decode(text)`, `name := text`, "no spelling of the site's own host is a destination", "shared/link"},
		{"shared/link/site.go", `{ return strings.TrimRight(host, ".") }`, `{ return host }`, "a host with a final dot is the same host", ""},
		{"shared/link/url.go", `case u.Credentials:`, `case u.Credentials && u.Host == "":`, "a destination has no password", ""},
		{"shared/link/location.go", `if u.Port != "" {`, `if u.Port != "" && u.Host == "" {`, "a port stays where the host is encoded", ""},
		{"shared/link/owned.go", `err == nil && !owns(l.Owner)`, `err == nil && l.Owner == ""`, "a link of another owner does not exist for the caller", ""},
		{"shared/link/decide.go", `l.Redirect != http.StatusMovedPermanently && l.Redirect != http.StatusPermanentRedirect`,
			`l.Redirect != http.StatusMovedPermanently`, "a 308 may be cached for a short while", ""},
		{"shared/link/decide.go", `keep = min(keep, l.ExpiresAt.Sub(now))`, `keep = max(keep, l.ExpiresAt.Sub(now))`, "no answer is cached beyond the link's expiry", ""},
		{"functions/link-redirect/cache.go", `c.now().Round(0) // the wall clock`, `c.now() // the wall clock`, "the cache uses the wall clock", ""},
		{"functions/link-redirect/cache.go", `if len(entries) >= maxCached {`, `if len(entries) >= 2*maxCached {`, "the cache is bounded", ""},
		{"functions/link-redirect/cache.go", `if !copied || e.read.Add(maxStale).Before(c.failing) {`, `if !copied {`, "a link that was changed long before an outage does not return", ""},
	}
}
