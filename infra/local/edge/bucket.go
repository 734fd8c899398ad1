package edge

import "net/http"

// Bucket is an S3 origin behind an origin access control: it serves GET and HEAD of
// objects and answers 403 for what is missing, as S3 does for a reader who may
// not list.
type Bucket struct {
	// Endpoint is the S3 server ("http://127.0.0.1:7070"), addressed path-style.
	Endpoint string
	Name     string
	// Sign signs a request to the server (SigV4); nil sends it as it is.
	Sign func(*http.Request) error
	// Client defaults to one that does not decompress and does not redirect.
	Client *http.Client
}

// ServeHTTP streams the object whose key is the path.
func (b *Bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	http.Error(w, "not built yet", http.StatusBadGateway)
}
