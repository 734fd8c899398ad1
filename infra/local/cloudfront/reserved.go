package cloudfront

import (
	"net/http"
	"slices"
	"strings"
)

// reserved lists headers that a distribution may not add to requests to an origin, in
// net/http's spelling. All headers that begin with X-Amz- or X-Edge- are reserved, too.
var reserved = [...]string{
	"Cache-Control", "Connection", "Content-Length", "Cookie", "Host", "If-Match", "If-Modified-Since", "If-None-Match",
	"If-Range", "If-Unmodified-Since", "Max-Forwards", "Pragma", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection",
	"Range", "Request-Range", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Via", "X-Real-Ip",
}

// isReserved reports whether CloudFront rejects a custom header with this name.
func isReserved(name string) bool {
	name = http.CanonicalHeaderKey(name)
	return slices.Contains(reserved[:], name) || strings.HasPrefix(name, "X-Amz-") || strings.HasPrefix(name, "X-Edge-")
}
