package click

import (
	"net/http"
	"net/url"
	"strings"
)

// Direct is the referrer of a visit without a page before it.
const Direct = "direct"

// edgeAgent is the User-Agent that CloudFront sends for a visitor without one.
const edgeAgent = "Amazon CloudFront"

// Of returns the click of a request, and whether it counts as one: HEAD requests and
// prefetches do not. A bot's click has only the bot's name. The header function returns
// a header's value by its name, or "". ID, link, code, owner, time, language, destination and
// visitor are the caller's to set, the visitor only if Trackable.
func Of(method string, header func(name string) string) (Click, bool) {
	if method == http.MethodHead || prefetched(header) {
		return Click{}, false
	}
	agent := header("User-Agent")
	if agent == edgeAgent {
		agent = ""
	}
	if bot := botOf(agent); bot != "" {
		return Click{Bot: bot}, true
	}
	c := Click{Country: country(header("CloudFront-Viewer-Country"))}
	c.Browser, c.System, c.Device = describe(agent)
	if Trackable(header) {
		c.City = city(header("CloudFront-Viewer-City"))
		c.Referrer = referrer(header("Referer"))
	}
	return c, true
}

// Trackable reports whether a request has neither DNT nor Sec-GPC. Otherwise referrer and
// city are not counted, and the visitor is not recognized.
func Trackable(header func(name string) string) bool {
	return header("DNT") != "1" && header("Sec-GPC") != "1"
}

// prefetched reports whether the browser fetches the page before the user requests
// it. The first header is the standard; the others are what older Chrome,
// Safari and Firefox send.
func prefetched(header func(string) string) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		value := strings.ToLower(header(name))
		if strings.Contains(value, "prefetch") || strings.Contains(value, "prerender") || strings.Contains(value, "preview") {
			return true
		}
	}
	return false
}

func country(code string) string {
	if len(code) != 2 || !letter(code[0]) || !letter(code[1]) {
		return ""
	}
	return strings.ToUpper(code)
}

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// city decodes the name of a city: CloudFront percent-encodes non-ASCII characters.
func city(name string) string {
	if decoded, err := url.PathUnescape(name); err == nil {
		name = decoded
	}
	return clean(name)
}

// referrer returns the host that a Referer names, without www. Path and query
// are dropped. An Android app names itself as the host, too.
func referrer(header string) string {
	if header == "" {
		return Direct
	}
	u, err := url.Parse(header)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "android-app") {
		return ""
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if host == "" || len(host) > maxName || strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-_:") != "" {
		return ""
	}
	return strings.TrimPrefix(host, "www.")
}

// SetLanguage sets the language to the first of the visitor's languages, such as de for
// de-at, if it can be one.
func (c *Click) SetLanguage(languages []string) {
	if len(languages) == 0 {
		return
	}
	language, _, _ := strings.Cut(strings.ToLower(languages[0]), "-")
	if n := len(language); n < 2 || n > 3 || strings.Trim(language, "abcdefghijklmnopqrstuvwxyz") != "" {
		return
	}
	c.Language = language
}
