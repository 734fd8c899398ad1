package cloudfront

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// ManagedRequestPolicy returns the managed cache policy or origin request policy with an
// ID, and reports whether this package supports it.
func ManagedRequestPolicy(id string) (RequestPolicy, bool) {
	all := Selection{Behavior: "all"}
	list := func(names ...string) Selection { return Selection{"whitelist", names} }
	switch id {
	case "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", // CachingDisabled
		"658327ea-f89d-4fab-a63d-7e88639e58f6", // CachingOptimized
		"b2884449-e4de-46a7-ac36-70bc7f1ddd6d": // CachingOptimizedForUncompressedObjects
		return RequestPolicy{}, true
	case "83da9c7e-98b4-4e11-a168-04f0df8e2c65": // UseOriginCacheControlHeaders
		return RequestPolicy{list("Host", "Origin", "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"), all, Selection{}}, true
	case "4cc15a8a-d715-48a4-82b8-cc0b614638fe": // UseOriginCacheControlHeaders-QueryStrings
		return RequestPolicy{list("Host", "Origin", "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"), all, all}, true
	case "b689b0a8-53d0-40ab-baf2-68738e2966ac": // AllViewerExceptHostHeader
		return RequestPolicy{Selection{"allExcept", []string{"Host"}}, all, all}, true
	case "216adef6-5c7f-47e4-b989-5492eafa07d3": // AllViewer
		return RequestPolicy{Selection{Behavior: "allViewer"}, all, all}, true
	case "33f36d7e-f396-46d9-90e0-52428a34d9dc": // AllViewerAndCloudFrontHeaders-2022-06
		return RequestPolicy{Selection{"allViewerAndWhitelistCloudFront", []string{
			"CloudFront-Forwarded-Proto", "CloudFront-Is-Android-Viewer", "CloudFront-Is-Desktop-Viewer",
			"CloudFront-Is-IOS-Viewer", "CloudFront-Is-Mobile-Viewer", "CloudFront-Is-SmartTV-Viewer",
			"CloudFront-Is-Tablet-Viewer", "CloudFront-Viewer-Address", "CloudFront-Viewer-City",
			"CloudFront-Viewer-Country", "CloudFront-Viewer-Country-Name", "CloudFront-Viewer-Country-Region",
			"CloudFront-Viewer-Country-Region-Name", "CloudFront-Viewer-Http-Version", "CloudFront-Viewer-Latitude",
			"CloudFront-Viewer-Longitude", "CloudFront-Viewer-Metro-Code", "CloudFront-Viewer-Postal-Code",
			"CloudFront-Viewer-Time-Zone",
		}}, all, all}, true
	case "59781a5b-3903-41f3-afcb-af62929ccde1": // CORS-CustomOrigin
		return RequestPolicy{Headers: list("Origin")}, true
	case "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": // CORS-S3Origin
		return RequestPolicy{Headers: list("Origin", "Access-Control-Request-Headers", "Access-Control-Request-Method")}, true
	case "acba4595-bd28-49b8-b9fe-13317c0390fa": // UserAgentRefererHeaders
		return RequestPolicy{Headers: list("User-Agent", "Referer")}, true
	}
	return RequestPolicy{}, false
}

// ManagedResponsePolicy returns the managed response headers policy with an ID, and
// reports whether this package supports it.
func ManagedResponsePolicy(id string) (ResponsePolicy, bool) {
	if id != "67f7725c-6f97-4210-82d7-5512b31e9d03" { // SecurityHeadersPolicy
		return ResponsePolicy{}, false
	}
	return ResponsePolicy{Set: []SetHeader{
		{"Referrer-Policy", "strict-origin-when-cross-origin", false},
		{"Strict-Transport-Security", StrictTransportSecurity(31536000, false, false), false},
		{"X-Content-Type-Options", "nosniff", true},
		{"X-Frame-Options", "SAMEORIGIN", false},
		{"X-XSS-Protection", "1; mode=block", false},
	}}, true
}

// StrictTransportSecurity returns the value of the header Strict-Transport-Security.
func StrictTransportSecurity(maxAge int, subdomains, preload bool) string {
	v := fmt.Sprintf("max-age=%d", maxAge)
	if subdomains {
		v += "; includeSubDomains"
	}
	if preload {
		v += "; preload"
	}
	return v
}

func (p RequestPolicy) check() error {
	var problems []error
	for _, s := range []struct {
		what      string
		selection Selection
		also      []string
	}{
		{"Headers", p.Headers, []string{"allViewer", "allViewerAndWhitelistCloudFront"}},
		{"Cookies", p.Cookies, []string{"all"}},
		{"QueryStrings", p.QueryStrings, []string{"all"}},
	} {
		behaviors := append([]string{"", "none", "whitelist", "allExcept"}, s.also...)
		if !slices.Contains(behaviors, s.selection.Behavior) {
			problems = append(problems, fmt.Errorf("%s: behaviour %q is not one of %s", s.what, s.selection.Behavior,
				strings.Join(behaviors[1:], ", ")))
		}
	}
	return errors.Join(problems...)
}

// chooses reports whether a cookie or a query parameter is selected.
func (s Selection) chooses(name string) bool {
	switch s.Behavior {
	case "all":
		return true
	case "whitelist":
		return slices.Contains(s.Names, name)
	case "allExcept":
		return !slices.Contains(s.Names, name)
	}
	return false
}

// header reports whether a header is selected. CloudFront's own headers are selected only
// if they are named.
func (s Selection) header(name string) bool {
	own := strings.HasPrefix(name, "Cloudfront-")
	named := slices.ContainsFunc(s.Names, func(n string) bool { return http.CanonicalHeaderKey(n) == name })
	switch s.Behavior {
	case "whitelist":
		return named
	case "allViewer":
		return !own
	case "allViewerAndWhitelistCloudFront":
		return !own || named
	case "allExcept":
		return !own && !named
	}
	return false
}
