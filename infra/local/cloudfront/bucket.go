package cloudfront

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// Bucket is an S3 origin with origin access control. It serves GET and HEAD of objects,
// and answers 403 for missing objects, as S3 does without permission to list the bucket.
// Query strings are not forwarded. It must not be copied.
type Bucket struct {
	// Endpoint is the S3 server ("http://127.0.0.1:7070"), addressed path-style.
	Endpoint string
	Name     string
	// Sign signs a request to the server (SigV4). If it is nil, requests are not signed.
	Sign func(*http.Request) error
	// Client defaults to a client that neither decompresses nor follows redirects.
	Client *http.Client

	once sync.Once
}

// Signer returns a function that signs requests to S3 like an origin access control.
func Signer(region string, key aws.Credentials) func(*http.Request) error {
	const unsigned = "UNSIGNED-PAYLOAD"
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	return func(r *http.Request) error {
		r.Header.Set("X-Amz-Content-Sha256", unsigned)
		return signer.SignHTTP(r.Context(), key, r, unsigned, "s3", region, time.Now())
	}
}

func (b *Bucket) client() *http.Client {
	b.once.Do(func() {
		if b.Client != nil {
			return
		}
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.DisableCompression, t.Proxy = true, nil
		b.Client = &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		}}
	})
	return b.Client
}

// ServeHTTP streams the object whose key is the path.
func (b *Bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := strings.TrimPrefix(r.URL.Path, "/")
	if r.Method != http.MethodGet && r.Method != http.MethodHead || !valid(key) {
		denied(w)
		return
	}
	if !utf8.ValidString(key) {
		fail(w, http.StatusBadRequest, "InvalidURI", "Couldn't parse the specified URI.")
		return
	}
	resp, err := b.fetch(r, key)
	if err != nil {
		http.Error(w, "The bucket is unreachable: "+err.Error(), http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotFound {
		denied(w)
		return
	}
	for name, values := range resp.Header {
		if !slices.Contains(never[:], name) && name != "Date" {
			w.Header()[name] = values
		}
	}
	w.Header().Set("Server", "AmazonS3")
	w.WriteHeader(resp.StatusCode)
	if _, err := io.Copy(w, resp.Body); err != nil {
		panic(http.ErrAbortHandler) // aborts the response: otherwise the viewer would take a part for the whole
	}
}

func (b *Bucket) fetch(r *http.Request, key string) (*http.Response, error) {
	base, err := url.Parse(b.Endpoint)
	if err != nil {
		return nil, err
	}
	base.Path, base.RawPath = "/"+b.Name+"/"+key, "/"+b.Name+"/"+escape(key)
	out, err := http.NewRequestWithContext(r.Context(), r.Method, base.String(), nil)
	if err != nil {
		return nil, err
	}
	for name, values := range r.Header {
		if name == "Range" || strings.HasPrefix(name, "If-") {
			out.Header[name] = values
		}
	}
	if b.Sign != nil {
		if err := b.Sign(out); err != nil {
			return nil, err
		}
	}
	return b.client().Do(out)
}

// valid reports whether a key is acceptable. The empty key would list the bucket, and a
// server might resolve dot segments to another bucket.
func valid(key string) bool {
	return key != "" && !slices.ContainsFunc(strings.Split(key, "/"), func(s string) bool { return s == "." || s == ".." })
}

// escape encodes a key as signatures require: all characters other than unreserved ones
// and slashes.
func escape(key string) string {
	var s strings.Builder
	for _, c := range []byte(key) {
		if c == '/' || c == '-' || c == '.' || c == '_' || c == '~' ||
			c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			s.WriteByte(c)
			continue
		}
		fmt.Fprintf(&s, "%%%02X", c)
	}
	return s.String()
}

func denied(w http.ResponseWriter) { fail(w, http.StatusForbidden, "AccessDenied", "Access Denied") }

// fail writes an error response of S3.
func fail(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("Server", "AmazonS3")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n<Error><Code>%s</Code><Message>%s</Message></Error>", code, message)
}
