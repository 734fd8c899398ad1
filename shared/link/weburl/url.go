// Package weburl parses http and https URLs as browsers do, by the WHATWG URL
// Standard. It is written for destinations of links: without base URLs, other
// schemes or changes to a parsed URL.
package weburl

import (
	"strconv"
	"strings"
)

// URL is a parsed URL.
type URL struct {
	Scheme      string // http or https
	Credentials bool   // there was a user name or password, which String leaves out
	Host        string // in lower case and ASCII, IPv6 addresses in brackets
	Port        string // "" for the scheme's own
	Path        string // encoded, with its slash
	Query       string // encoded, with its question mark, or ""
	Fragment    string // encoded, with its number sign, or ""
}

// String returns the URL as a browser sends and shows it.
func (u URL) String() string {
	host := u.Host
	if u.Port != "" {
		host += ":" + u.Port
	}
	return u.Scheme + "://" + host + u.Path + u.Query + u.Fragment
}

// Parse parses a URL in valid UTF-8. If a browser can't open it, mistake is a sentence
// that says why.
func Parse(text string) (u URL, mistake string) {
	text = strings.TrimFunc(text, func(r rune) bool { return r <= ' ' })
	text = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(text)
	scheme, rest, _ := strings.Cut(text, ":")
	u.Scheme = strings.ToLower(scheme)
	if u.Scheme != "http" && u.Scheme != "https" {
		return URL{}, "It must start with http:// or https://."
	}
	rest = strings.TrimLeft(rest, `/\`)
	authority, rest := cutBefore(rest, `/\?#`)
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		u.Credentials, authority = true, authority[at+1:]
	}
	host, port := cutPort(authority)
	if host == "" {
		return URL{}, "It needs a host, as in https://example.com."
	}
	if u.Host, mistake = parseHost(host); mistake != "" {
		return URL{}, mistake
	}
	if u.Port, mistake = parsePort(port, u.Scheme); mistake != "" {
		return URL{}, mistake
	}
	rest, fragment := cutBefore(rest, "#")
	path, query := cutBefore(rest, "?")
	u.Path = parsePath(path)
	u.Query = encodeAfter("?", query, inQuery)
	u.Fragment = encodeAfter("#", fragment, inFragment)
	return u, ""
}

// cutBefore cuts a text before the first of some characters.
func cutBefore(text, characters string) (before, after string) {
	if i := strings.IndexAny(text, characters); i >= 0 {
		return text[:i], text[i:]
	}
	return text, ""
}

// cutPort splits off the port, without its colon.
func cutPort(authority string) (host, port string) {
	begin := strings.LastIndexByte(authority, ']') + 1
	if colon := strings.IndexByte(authority[begin:], ':'); colon >= 0 {
		return authority[:begin+colon], authority[begin+colon+1:]
	}
	return authority, ""
}

func parsePort(text, scheme string) (port, mistake string) {
	if text == "" {
		return "", ""
	}
	if strings.Trim(text, "0123456789") != "" {
		return "", "Its port must be a number."
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return "", "Its port must be at most 65535."
	}
	if scheme == "http" && n == 80 || scheme == "https" && n == 443 {
		return "", ""
	}
	return strconv.FormatUint(n, 10), ""
}

// parsePath resolves . and .. and encodes the rest.
func parsePath(path string) string {
	if path == "" {
		return "/"
	}
	var segments []string
	parts := strings.Split(strings.ReplaceAll(path, `\`, "/")[1:], "/")
	for i, part := range parts {
		last := i == len(parts)-1
		switch strings.ReplaceAll(strings.ToLower(part), "%2e", ".") {
		case "..":
			segments = segments[:max(0, len(segments)-1)]
			if last {
				segments = append(segments, "")
			}
		case ".":
			if last {
				segments = append(segments, "")
			}
		default:
			segments = append(segments, encode(part, inPath))
		}
	}
	return "/" + strings.Join(segments, "/")
}

// What is encoded beside controls, blanks and anything that isn't ASCII.
const (
	inPath     = "\"#<>?^`{}"
	inQuery    = `"#<>'`
	inFragment = "\"<>`"
)

// encodeAfter is encode for a part with a mark that stays.
func encodeAfter(mark, text, encoded string) string {
	if text == "" {
		return ""
	}
	return mark + encode(text[len(mark):], encoded)
}

// encode percent-encodes a part of a URL, as upper-case hexadecimal digits.
func encode(text, encoded string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(text) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(encoded, c) >= 0 {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
