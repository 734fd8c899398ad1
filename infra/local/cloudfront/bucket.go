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

// Bucket is an S3 origin behind an origin access control: it serves GET and HEAD of
// objects and answers 403 for what is missing, as S3 does for a reader who may
// not list. Query strings are not forwarded. Use it by pointer.
type Bucket struct {
	// Endpoint is the S3 server ("http://127.0.0.1:7070"), addressed path-style.
	Endpoint string
	Name     string
	// Sign signs a request to the server (SigV4); nil sends it as it is.
	Sign func(*http.Request) error
	// Client defaults to one that does not decompress and does not redirect.
	Client *http.Client

	once sync.Once
}

// Signer signs requests to S3 as an origin access control does.
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
		http.Error(w, "The bucket could not be asked: "+err.Error(), http.StatusBadGateway)
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
		panic(http.ErrAbortHandler) // the viewer must not take a part for the whole
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

// valid refuses the bucket itself, which would list it, and dot segments, which
// a server might resolve into another bucket.
func valid(key string) bool {
	return key != "" && !slices.ContainsFunc(strings.Split(key, "/"), func(s string) bool { return s == "." || s == ".." })
}

// escape spells a key as signatures want it: all but unreserved characters and
// slashes is encoded.
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

// fail answers with an error of S3.
func fail(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("Server", "AmazonS3")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n<Error><Code>%s</Code><Message>%s</Message></Error>", code, message)
}
