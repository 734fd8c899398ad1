// Package cloudfront is an Amazon CloudFront distribution on this machine: cache
// behaviours in order, viewer-request functions of the cloudfront-js-2.0
// runtime, request and response headers policies, and S3 origins.
//
// It never caches: every answer is a miss. It uses HTTP instead of HTTPS, so the viewer
// protocol policy has no effect. There is no geolocation: CloudFront-Viewer-Country,
// -City, -Country-Region and the other geographical headers are accepted from the client,
// while AWS overwrites them.
package cloudfront

import (
	"io"
	"net/http"
)

// Config describes a distribution.
type Config struct {
	ID     string // default "LOCAL00000000"
	Domain string // default "local.cloudfront.net"; in Via and the function's context
	// Origins by ID.
	Origins map[string]Origin
	// Groups are origin groups by ID.
	Groups map[string]Group
	// Behaviors are tried in order, then Default, whose PathPattern is ignored.
	Behaviors []Behavior
	Default   Behavior
	// DefaultRootObject is the object that is served for "/".
	DefaultRootObject string
	// Output gets the console output and the errors of functions.
	Output io.Writer
}

// Origin is a server to which requests are forwarded.
type Origin struct {
	Handler http.Handler
	// Domain is the Host header for the origin, unless the viewer's Host is forwarded.
	Domain string
	// Path is the prefix for the paths of all requests ("/prod"). It is often empty.
	Path string
	// Headers are the origin's custom headers. They replace headers of the viewer.
	Headers map[string]string
}

// Group is an origin group: if the first origin answers a GET or HEAD request with one of
// the statuses, the request goes to the second origin.
type Group struct {
	First, Second string // IDs of Config.Origins
	Statuses      []int
}

// Behavior is a cache behaviour.
type Behavior struct {
	// PathPattern must match the whole path of the viewer's request, with case. * is any
	// sequence of characters, ? any single one; the leading slash is optional.
	PathPattern string
	// Origin is the ID of one of Config.Origins or Config.Groups.
	Origin string
	// AllowedMethods defaults to GET and HEAD. Other methods get a 403.
	AllowedMethods []string
	// Compress compresses text with gzip for viewers that accept it. CloudFront does so
	// only if the cache policy enables gzip and has a maximum TTL above 0.
	Compress bool
	// ViewerRequest is the source code of a CloudFront Function, or "" for none.
	ViewerRequest string
	// Forward selects the parts of the viewer's request that reach the origin: those in the
	// cache key of the cache policy, and those of the origin request policy.
	Forward []RequestPolicy
	// ResponseHeaders is the response headers policy.
	ResponseHeaders ResponsePolicy
}

// RequestPolicy is the part of a cache policy or an origin request policy that selects
// what is forwarded. The zero value forwards nothing.
type RequestPolicy struct {
	Headers      Selection
	Cookies      Selection
	QueryStrings Selection
}

// Selection selects names, like HeaderBehavior, CookieBehavior and QueryStringBehavior of
// CloudFormation.
type Selection struct {
	// Behavior is none (or ""), whitelist, allExcept or all; for headers also allViewer
	// or allViewerAndWhitelistCloudFront.
	Behavior string
	Names    []string
}

// ResponsePolicy is a response headers policy, as the resulting headers.
type ResponsePolicy struct {
	Set    []SetHeader
	Remove []string
}

// SetHeader adds a header to responses. Without Override, a value of the origin has
// precedence.
type SetHeader struct {
	Name, Value string
	Override    bool
}
