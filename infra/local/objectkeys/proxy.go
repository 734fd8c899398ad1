// Package objectkeys is a proxy in front of versitygw, which stores objects as files: it rejects keys such as "/x" and
// "a/../b", and "a" beside "a/b". The proxy stores such objects under encoded keys, and shows the keys of clients in
// all answers. Other keys, which are nearly all, stay as they are.
//
// Signatures cover the key. If a request's signature is valid, the proxy signs the changed request with the same secret
// key, date and headers; otherwise it keeps the signature, and versitygw rejects the request.
package objectkeys

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options describe a Proxy. All are required.
type Options struct {
	Upstream string            // address of versitygw
	Folder   string            // the folder of the buckets
	Secrets  map[string]string // secret keys by access key
}

// Proxy is the proxy. It is safe for concurrent use.
type Proxy struct {
	o         Options
	upstream  *url.URL
	transport *http.Transport
	forward   *httputil.ReverseProxy

	mu      sync.Mutex
	writing map[string]int // objects that are being stored, by bucket and key
}

// New returns a proxy. Close closes its connections.
func New(o Options) (*Proxy, error) {
	upstream, err := url.Parse(o.Upstream)
	if err != nil {
		return nil, fmt.Errorf("parse the address of versitygw: %w", err)
	}
	p := &Proxy{o: o, upstream: upstream, writing: map[string]int{}, transport: &http.Transport{
		MaxIdleConnsPerHost: 128, IdleConnTimeout: 30 * time.Second,
		DisableCompression:    true,        // Accept-Encoding is signed, too
		ExpectContinueTimeout: time.Second, // the body of a rejected upload is not sent
	}}
	p.forward = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(upstream)
			r.Out.Host = r.In.Host
		},
		Transport: p.transport, ModifyResponse: restore, ErrorLog: log.New(io.Discard, "", 0),
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { unavailable(w) },
	}
	return p, nil
}

// Close closes the connections to versitygw.
func (p *Proxy) Close() { p.transport.CloseIdleConnections() }

// unavailable answers while versitygw is down. Clients retry on this status.
func unavailable(w http.ResponseWriter) {
	http.Error(w, "the emulator does not answer; it is being restarted", http.StatusServiceUnavailable)
}

// ServeHTTP forwards one request, changed if it has a key that versitygw would not store.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	query := r.URL.Query()
	switch {
	case bucket == "" || strings.HasPrefix(bucket, "_"):
		p.forward.ServeHTTP(w, r)
	case key != "":
		p.object(w, r, bucket, key, query)
	case r.Method == http.MethodPost && query.Has("delete"):
		p.deletes(w, r, bucket)
	case r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data"):
		p.form(w, r, bucket)
	case r.Method == http.MethodGet:
		if l, ok := listOf(query); ok && (p.encodes(bucket) || l.always) {
			p.list(w, r, bucket, l)
			return
		}
		p.forward.ServeHTTP(w, r)
	default:
		p.forward.ServeHTTP(w, r)
	}
}

// maxKey is the maximum length of a key in bytes.
const maxKey = 1024

// object forwards a request for one object.
func (p *Proxy) object(w http.ResponseWriter, r *http.Request, bucket, key string, query url.Values) {
	if len(key) > maxKey {
		refuse(w, http.StatusBadRequest, "KeyTooLongError", "Your key is too long")
		return
	}
	stored, release := p.find(bucket, key), func() {}
	switch {
	case query.Has("uploadId"):
		stored = p.findUpload(bucket, key, query.Get("uploadId"))
	case r.Method == http.MethodPut && !subresource(query), r.Method == http.MethodPost && query.Has("uploads"):
		stored, release = p.reserve(bucket, key)
	}
	defer release()
	out := r.Clone(context.WithValue(r.Context(), pairsKey{}, pairs{stored: key}))
	out.URL.Path, out.URL.RawPath = "/"+bucket+"/"+stored, "/"+bucket+"/"+escape(stored)
	changed := stored != key
	if from, name, version, ok := source(r.Header.Get("X-Amz-Copy-Source")); ok {
		if at := p.find(from, name); at != name {
			header := from + "/" + escape(at)
			if version != "" {
				header += "?versionId=" + version
			}
			out.Header.Set("X-Amz-Copy-Source", header)
			changed = true
		}
	}
	if !changed {
		p.forward.ServeHTTP(w, r)
		return
	}
	if strings.HasPrefix(r.Header.Get(hashed), "STREAMING-"+algorithm) { // each chunk's signature depends on the key
		refuse(w, http.StatusNotImplemented, "NotImplemented",
			fmt.Sprintf("The local cloud cannot store the key %q with signed chunks. Turn chunked encoding off, or use another key.", key))
		return
	}
	if s, secret, ok := p.valid(r); ok {
		s.replace(out, secret)
	}
	p.forward.ServeHTTP(w, out)
}

// subresource reports whether a request is for a part of an object, such as its tags.
func subresource(query url.Values) bool {
	for _, name := range []string{"tagging", "acl", "retention", "legal-hold"} {
		if query.Has(name) {
			return true
		}
	}
	return false
}

// pairs are keys by the keys under which they are stored.
type pairs map[string]string

type pairsKey struct{}

// restore replaces stored keys in a response with the keys of clients.
func restore(response *http.Response) error {
	all, _ := response.Request.Context().Value(pairsKey{}).(pairs)
	location := response.Header.Get("Location")
	for stored, key := range all {
		location = strings.ReplaceAll(strings.ReplaceAll(location, stored, escape(key)), url.QueryEscape(stored), url.QueryEscape(key))
	}
	if location != "" {
		response.Header.Set("Location", location)
	}
	if len(all) == 0 || !strings.Contains(response.Header.Get("Content-Type"), "xml") || isObject(response) {
		return nil
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	for stored, key := range all {
		if stored != key {
			text = bytes.ReplaceAll(text, []byte(stored+"<"), []byte(escapeXML(key)+"<"))
		}
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	if response.Request.Method != http.MethodHead {
		response.Header.Set("Content-Length", strconv.Itoa(len(text)))
	}
	return nil
}

// isObject reports whether the body of a response is an object.
func isObject(response *http.Response) bool {
	r := response.Request
	return r.Method == http.MethodHead || r.Method == http.MethodGet && response.StatusCode < 300 && !r.URL.Query().Has("uploadId")
}

func escapeXML(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // cannot fail: it writes to memory
	return b.String()
}

// refuse writes an error of S3.
func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "%s<Error><Code>%s</Code><Message>%s</Message></Error>", xml.Header, code, escapeXML(message))
}
