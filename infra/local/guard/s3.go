package guard

import (
	"encoding/xml"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"

	"github.com/minim-dev/minim/infra/local/iam"
)

// buckets maps requests of S3 to actions. The bucket is in the path.
type buckets struct {
	proxy *httputil.ReverseProxy
}

// S3 returns a handler that guards the S3 at upstream, which must know the access keys and
// verify signatures. Requests without a signature, such as preflight requests, are passed
// on unchecked.
func (g *Guard) S3(upstream string) (http.Handler, error) {
	proxy, err := forward(upstream)
	if err != nil {
		return nil, err
	}
	s := buckets{proxy: proxy}
	proxy.ModifyResponse = g.hide
	return &filter{guard: g, service: s, next: proxy, strangers: true}, nil
}

const (
	bucketARN  = "arn:aws:s3:::"
	maxDeletes = 4 << 20 // bytes in a request that deletes objects
)

// target is the bucket, object or subresource of a request.
type target struct {
	bucket, key string
	part        string // "bucket" or "object"
	sub         string // subresource, such as tagging
}

func aim(r *http.Request) target {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	t := target{bucket: bucket, key: key, part: "bucket"}
	if key != "" {
		t.part = "object"
	}
	for name := range r.URL.Query() {
		if !parameter(name) {
			t.sub = name
		}
	}
	return t
}

func (t target) resource() string {
	if t.key == "" {
		return bucketARN + t.bucket
	}
	return bucketARN + t.bucket + "/" + t.key
}

// needs determines the action by method and subresource. Requests with a version have other actions.
func (b buckets) needs(r *http.Request) ([]iam.Request, error) {
	t := aim(r)
	if t.bucket == "" {
		return []iam.Request{{Action: "s3:ListAllMyBuckets", Resource: "*"}}, nil
	}
	if r.Method == http.MethodPost && t.part == "bucket" && t.sub == "delete" {
		return b.deletes(r, t)
	}
	action := operation(r.Method, t.part, t.sub)
	if action == "" {
		return nil, unknown("The local cloud does not know which permissions %s of a %s with %q needs.", r.Method, t.part, r.URL.RawQuery)
	}
	query := r.URL.Query()
	if query.Has("versionId") && slices.Contains([]string{"s3:GetObject", "s3:DeleteObject"}, action) {
		action += "Version"
	}
	need := iam.Request{Action: action, Resource: t.resource()}
	if action == "s3:ListBucket" && query.Has("prefix") {
		need.Context = map[string]string{"s3:prefix": query.Get("prefix")}
	}
	all := []iam.Request{need}
	for header, action := range map[string]string{"X-Amz-Tagging": "s3:PutObjectTagging", "X-Amz-Acl": "s3:PutObjectAcl"} {
		if r.Header.Get(header) != "" && need.Action == "s3:PutObject" {
			all = append(all, iam.Request{Action: action, Resource: need.Resource})
		}
	}
	if source := r.Header.Get("X-Amz-Copy-Source"); source != "" {
		path, version, _ := strings.Cut(source, "?versionId=")
		path, err := url.PathUnescape(strings.TrimPrefix(path, "/"))
		if err != nil {
			return nil, unknown("The copy source %q is not a path.", source)
		}
		read := "s3:GetObject"
		if version != "" {
			read += "Version"
		}
		all = append(all, iam.Request{Action: read, Resource: bucketARN + path})
	}
	return all, nil
}

// deletes returns the needs of a request that deletes many objects. S3 deletes those that
// are allowed; here all of them must be allowed.
func (b buckets) deletes(r *http.Request, t target) (all []iam.Request, err error) {
	data, err := body(r, maxDeletes)
	if err != nil {
		return nil, err
	}
	var request struct {
		Object []struct{ Key, VersionId string }
	}
	if err := xml.Unmarshal(data, &request); err != nil {
		return nil, nil // the service reports the error
	}
	for _, object := range request.Object {
		action := "s3:DeleteObject"
		if object.VersionId != "" {
			action += "Version"
		}
		all = append(all, iam.Request{Action: action, Resource: bucketARN + t.bucket + "/" + object.Key})
	}
	return all, nil
}

func (b buckets) refuse(w http.ResponseWriter, r *http.Request, x *refusal) {
	drain(r)
	e := xmlError{Code: "AccessDenied", Message: x.Error()}
	status := http.StatusForbidden
	switch x.kind {
	case accessDenied:
		e.Message = x.sentence(x.action, `"`+x.resource+`"`)
	case unknownKey:
		e = xmlError{Code: "InvalidAccessKeyId", Message: "The AWS Access Key Id you provided does not exist in our records."}
	case unsupported:
		e.Code, status = "NotImplemented", http.StatusNotImplemented
	}
	b.share(w, r)
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(e.text())
	}
}

// share adds the bucket's CORS headers to a refusal, so pages of other sites can read it.
func (b buckets) share(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Origin") == "" {
		return
	}
	ask := r.Clone(r.Context())
	ask.Method, ask.Body, ask.ContentLength = http.MethodOptions, http.NoBody, 0
	ask.Header = http.Header{"Origin": r.Header["Origin"], "Access-Control-Request-Method": {r.Method}}
	collected := headers{}
	b.proxy.ServeHTTP(collected, ask)
	for _, name := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers", "Vary"} {
		if values := http.Header(collected).Values(name); len(values) > 0 {
			w.Header()[name] = values
		}
	}
}

// headers is a ResponseWriter that stores only the headers.
type headers http.Header

func (h headers) Header() http.Header         { return http.Header(h) }
func (h headers) Write(p []byte) (int, error) { return len(p), nil }
func (h headers) WriteHeader(int)             {}
