package objectkeys

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"slices"
	"strings"
)

// maxDeletes is the maximum size of a request that deletes objects, in bytes: 1,000 keys of 1,024 bytes, escaped.
const maxDeletes = 8 << 20

// deletion is the body of such a request.
type deletion struct {
	XMLName xml.Name `xml:"Delete"`
	Quiet   bool     `xml:",omitempty"`
	Object  []struct {
		Key              string
		VersionID        string `xml:"VersionId,omitempty"`
		ETag             string `xml:",omitempty"`
		LastModifiedTime string `xml:",omitempty"`
		Size             string `xml:",omitempty"`
	}
}

// deletes forwards a request that deletes many objects.
func (p *Proxy) deletes(w http.ResponseWriter, r *http.Request, bucket string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDeletes))
	if err != nil {
		refuse(w, http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
		return
	}
	out := r.Clone(r.Context())
	out.Body = io.NopCloser(bytes.NewReader(body))
	var d deletion
	if s, secret, ok := p.valid(r); xml.Unmarshal(body, &d) == nil && (ok && genuine(r, body) || s.accessKey == "") {
		all := pairs{}
		for i, object := range d.Object {
			stored := p.find(bucket, object.Key)
			if stored != object.Key {
				all[stored], d.Object[i].Key = object.Key, stored
			}
		}
		if text, err := xml.Marshal(d); err == nil && len(all) > 0 {
			out = out.WithContext(context.WithValue(r.Context(), pairsKey{}, all))
			out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
			s.signed = fit(out.Header, s.signed, text)
			if ok {
				s.replace(out, secret)
			}
		}
	}
	p.forward.ServeHTTP(w, out)
}

// genuine reports whether a body is the signed one.
func genuine(r *http.Request, body []byte) bool {
	sum := sha256.Sum256(body)
	want := r.Header.Get(hashed)
	return want == unsigned || want == hex.EncodeToString(sum[:])
}

// fit sets the headers that depend on the body, and returns the names of the signed headers.
func fit(header http.Header, signed []string, body []byte) []string {
	sum, digest := sha256.Sum256(body), md5.Sum(body)
	for name := range header {
		if strings.HasPrefix(name, "X-Amz-Checksum-") || name == "X-Amz-Sdk-Checksum-Algorithm" {
			header.Del(name)
			signed = slices.DeleteFunc(slices.Clone(signed), func(s string) bool { return strings.EqualFold(s, name) })
		}
	}
	if header.Get(hashed) != unsigned {
		header.Set(hashed, hex.EncodeToString(sum[:]))
	}
	header.Del("Content-Length")
	header.Set("Content-Md5", base64.StdEncoding.EncodeToString(digest[:]))
	return signed
}
