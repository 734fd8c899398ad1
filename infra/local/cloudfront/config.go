// Package cloudfront is an Amazon CloudFront distribution on this machine: cache
// behaviours in order, viewer-request functions of the cloudfront-js-2.0
// runtime, request and response headers policies, and S3 origins.
//
// It never caches: every answer is a miss. Plain HTTP stands in for HTTPS, so
// the viewer protocol policy does nothing. There is no geolocation: what the
// client sends in CloudFront-Viewer-Country, -City, -Country-Region and the
// other geographical headers is believed, where the real one overwrites it.
package cloudfront

import (
	"io"
	"net/http"
)

// Config describes a distribution.
type Config struct {
	ID     string // default "LOCAL00000000"
	Domain string // default "local.cloudfront.net"; in Via and the function's context
	// Origins by id.
	Origins map[string]Origin
	// Groups are origin groups by id.
	Groups map[string]Group
	// Behaviors are tried in order before Default, whose PathPattern is not used.
	Behaviors []Behavior
	Default   Behavior
	// DefaultRootObject is what a request for "/" asks the origin for.
	DefaultRootObject string
	// Output gets what functions print with console.log, and why they failed.
	Output io.Writer
}

// Origin is where requests go.
type Origin struct {
	Handler http.Handler
	// Domain is the Host that the origin sees, unless the viewer's is forwarded.
	Domain string
	// Path is put before the path of every request ("/prod"); often empty.
	Path string
	// Headers are the origin's custom headers; they replace the viewer's.
	Headers map[string]string
}

// Group is an origin group: if the first origin answers GET or HEAD with one of the
// statuses, CloudFront asks the second one.
type Group struct {
	First, Second string // ids of Config.Origins
	Statuses      []int
}

// Behavior is a cache behaviour.
type Behavior struct {
	// PathPattern is matched with case against the whole path, as the viewer sent
	// it; * is any run of characters, ? is any one; the leading slash is optional.
	PathPattern string
	// Origin is the id of one of Config.Origins or Config.Groups.
	Origin string
	// AllowedMethods defaults to GET and HEAD; all else gets a 403.
	AllowedMethods []string
	// Compress gzips text for viewers that take it. CloudFront does so only when
	// the cache policy enables gzip and has a maximum TTL above 0.
	Compress bool
	// ViewerRequest is the source of a CloudFront Function; empty is none.
	ViewerRequest string
	// Forward reports what of the viewer's request reaches the origin: what the cache
	// policy puts into the key, plus what the origin request policy names.
	Forward []RequestPolicy
	// ResponseHeaders is the response headers policy.
	ResponseHeaders ResponsePolicy
}

// RequestPolicy is the part of a cache policy or of an origin request policy
// that chooses what is forwarded. The zero value forwards nothing.
type RequestPolicy struct {
	Headers      Selection
	Cookies      Selection
	QueryStrings Selection
}

// Selection chooses names, as HeaderBehavior, CookieBehavior and
// QueryStringBehavior of CloudFormation do.
type Selection struct {
	// Behavior is none (also ""), whitelist, allExcept, all; for headers also
	// allViewer and allViewerAndWhitelistCloudFront.
	Behavior string
	Names    []string
}

// ResponsePolicy is a response headers policy, already spelt as headers.
type ResponsePolicy struct {
	Set    []SetHeader
	Remove []string
}

// SetHeader adds a header to responses; without Override the origin's own
// value wins.
type SetHeader struct {
	Name, Value string
	Override    bool
}
