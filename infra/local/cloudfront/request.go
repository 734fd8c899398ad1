package cloudfront

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// addViewerHeaders adds CloudFront's own headers to the request, as far as possible here.
// It deletes such headers of the viewer, except for the geographical ones, because there
// is no geolocation.
func addViewerHeaders(r *http.Request) {
	for name := range r.Header {
		if strings.HasPrefix(name, "Cloudfront-") && !slices.Contains(geographical[:], name) {
			r.Header.Del(name)
		}
	}
	kind := device(r.UserAgent())
	for _, k := range [...]string{"Mobile", "Tablet", "Desktop", "SmartTV"} {
		r.Header.Set("CloudFront-Is-"+k+"-Viewer", boolean(k == kind))
	}
	agent := r.UserAgent()
	r.Header.Set("CloudFront-Is-Android-Viewer", boolean(strings.Contains(agent, "Android")))
	r.Header.Set("CloudFront-Is-IOS-Viewer", boolean(strings.Contains(agent, "iPhone") || strings.Contains(agent, "iPad")))
	proto := "http"
	if r.TLS != nil {
		proto = "https"
	}
	r.Header.Set("CloudFront-Forwarded-Proto", proto)
	r.Header.Set("CloudFront-Viewer-Http-Version", strings.TrimPrefix(r.Proto, "HTTP/"))
	r.Header.Set("CloudFront-Viewer-Address", r.RemoteAddr)
}

// geographical headers, in net/http's spelling.
var geographical = [...]string{
	"Cloudfront-Viewer-City", "Cloudfront-Viewer-Country", "Cloudfront-Viewer-Country-Name",
	"Cloudfront-Viewer-Country-Region", "Cloudfront-Viewer-Country-Region-Name", "Cloudfront-Viewer-Latitude",
	"Cloudfront-Viewer-Longitude", "Cloudfront-Viewer-Metro-Code", "Cloudfront-Viewer-Postal-Code",
	"Cloudfront-Viewer-Time-Zone",
}

// device classifies a user agent as one of CloudFront's four kinds.
func device(agent string) string {
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(agent, w) })
	}
	switch {
	case has("SmartTV", "SMART-TV", "Smart TV", "AppleTV", "GoogleTV", "HbbTV", "BRAVIA", "Roku", "AFTT", "Web0S"):
		return "SmartTV"
	case has("iPad", "Tablet", "Kindle", "Silk/") || has("Android") && !has("Mobile"):
		return "Tablet"
	case has("Mobi", "iPhone", "iPod", "Windows Phone"):
		return "Mobile"
	}
	return "Desktop"
}

func boolean(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// always reports whether a header reaches the origin regardless of the policies.
func always(name string) bool {
	return name == "Range" || strings.HasPrefix(name, "Content-") || strings.HasPrefix(name, "If-")
}

// address is the client address that origins see, in a network for documentation
// (RFC 5737). The viewer's address is the last one in X-Forwarded-For.
const address = "198.51.100.1:443"

// never lists headers of the viewer that do not reach the origin.
var never = [...]string{
	"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "Te", "Trailer",
	"Transfer-Encoding", "Upgrade", "Expect", "X-Real-Ip",
}

// forward turns r, the viewer's request after the function, into the request to the
// origin: policies select headers, cookies and query strings, and the origin's path and
// headers are added.
func (b *behavior) forward(r, viewer *http.Request, origin Origin, via, id string) {
	kept := http.Header{}
	for name, values := range r.Header {
		if slices.Contains(never[:], name) || name == "Cookie" || strings.HasPrefix(name, "X-Edge-") {
			continue
		}
		if always(name) || b.forwards(func(p RequestPolicy) bool { return p.Headers.header(name) }) {
			kept[name] = values
		}
	}
	if c := b.cookies(r.Header); c != "" {
		kept.Set("Cookie", c)
	}
	if kept.Get("User-Agent") == "" {
		kept.Set("User-Agent", "Amazon CloudFront")
	}
	if !b.forwards(func(p RequestPolicy) bool { return p.Headers.header("Host") }) {
		r.Host = origin.Domain
	}
	from, _, err := net.SplitHostPort(viewer.RemoteAddr)
	if err != nil {
		from = viewer.RemoteAddr
	}
	kept.Set("X-Forwarded-For", strings.Join(append(r.Header.Values("X-Forwarded-For"), from), ", "))
	r.RemoteAddr = address
	kept.Set("Via", strings.Join(append(kept.Values("Via"), via), ", "))
	kept.Set("X-Amz-Cf-Id", id)
	for name, value := range origin.Headers {
		kept.Set(name, value)
	}
	r.Header = kept
	r.URL.RawQuery = b.query(r.URL.RawQuery)
	p := strings.TrimSuffix(origin.Path, "/")
	r.URL.RawPath, r.URL.Path = p+r.URL.EscapedPath(), p+r.URL.Path
	r.RequestURI = r.URL.RequestURI()
}

func (b *behavior) forwards(by func(RequestPolicy) bool) bool {
	return slices.ContainsFunc(b.Forward, by)
}

func (b *behavior) cookies(h http.Header) string {
	var kept []string
	for _, line := range h.Values("Cookie") {
		for c := range strings.SplitSeq(line, ";") {
			c = strings.TrimSpace(c)
			name, _, _ := strings.Cut(c, "=")
			if b.forwards(func(p RequestPolicy) bool { return p.Cookies.chooses(name) }) {
				kept = append(kept, c)
			}
		}
	}
	return strings.Join(kept, "; ")
}

// query returns the selected parameters, with their order and spelling unchanged.
func (b *behavior) query(raw string) string {
	if b.forwards(func(p RequestPolicy) bool { return p.QueryStrings.Behavior == "all" }) {
		return raw
	}
	var kept []string
	for pair := range strings.SplitSeq(raw, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if u, err := url.QueryUnescape(name); err == nil {
			name = u
		}
		if pair != "" && b.forwards(func(p RequestPolicy) bool { return p.QueryStrings.chooses(name) }) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}
