package objectkeys

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm = "AWS4-HMAC-SHA256"
	unsigned  = "UNSIGNED-PAYLOAD"
	stamp     = "20060102T150405Z"
	hashed    = "X-Amz-Content-Sha256"
)

// signature is the signature of a request (Signature Version 4), in its header or its query.
type signature struct {
	accessKey, scope string // the scope begins with the date
	date, value      string
	signed           []string // names of headers
	inQuery          bool
}

// signatureOf returns the signature of a request.
func signatureOf(r *http.Request) (s signature, ok bool) {
	var credential string
	if rest, found := strings.CutPrefix(r.Header.Get("Authorization"), algorithm+" "); found {
		for part := range strings.SplitSeq(rest, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			switch name {
			case "Credential":
				credential = value
			case "SignedHeaders":
				s.signed = strings.Split(value, ";")
			case "Signature":
				s.value = value
			}
		}
		s.date = r.Header.Get("X-Amz-Date")
	} else if q := r.URL.Query(); q.Get("X-Amz-Algorithm") == algorithm {
		credential, s.date, s.value, s.inQuery = q.Get("X-Amz-Credential"), q.Get("X-Amz-Date"), q.Get("X-Amz-Signature"), true
		s.signed = strings.Split(q.Get("X-Amz-SignedHeaders"), ";")
	}
	s.accessKey, s.scope, _ = strings.Cut(credential, "/")
	return s, s.scope != "" && s.value != ""
}

// compute returns the signature that a request should have.
func (s signature) compute(r *http.Request, secret string) string {
	canonical := sha256.Sum256([]byte(s.canonical(r)))
	text := strings.Join([]string{algorithm, s.date, s.scope, hex.EncodeToString(canonical[:])}, "\n")
	return hex.EncodeToString(mac(signingKey(secret, s.scope), text))
}

// signingKey derives the key for a scope, such as 20260102/us-east-1/s3/aws4_request.
func signingKey(secret, scope string) []byte {
	key := []byte("AWS4" + secret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	return key
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// canonical returns the text whose hash is signed.
func (s signature) canonical(r *http.Request) string {
	query := r.URL.Query()
	if s.inQuery {
		query.Del("X-Amz-Signature")
	}
	var pairs []string
	for name, values := range query {
		for _, value := range values {
			pairs = append(pairs, encoded(name, "")+"="+encoded(value, ""))
		}
	}
	slices.Sort(pairs)
	var headers strings.Builder
	for _, name := range s.signed {
		headers.WriteString(name + ":" + headerValue(r, name) + "\n")
	}
	payload := r.Header.Get(hashed)
	if payload == "" {
		payload = unsigned
	}
	return strings.Join([]string{
		r.Method, escape(r.URL.Path), strings.Join(pairs, "&"), headers.String(), strings.Join(s.signed, ";"), payload,
	}, "\n")
}

func headerValue(r *http.Request, name string) string {
	switch strings.ToLower(name) {
	case "host":
		return r.Host
	case "content-length":
		return strconv.FormatInt(r.ContentLength, 10)
	}
	values := slices.Clone(r.Header.Values(name))
	for i, v := range values {
		values[i] = strings.Join(strings.Fields(v), " ")
	}
	return strings.Join(values, ",")
}

// valid reports whether a request is signed with the secret key of its access key.
func (p *Proxy) valid(r *http.Request) (s signature, secret string, ok bool) {
	s, ok = signatureOf(r)
	if secret, known := p.o.Secrets[s.accessKey]; ok && known {
		return s, secret, hmac.Equal([]byte(s.compute(r, secret)), []byte(s.value))
	}
	return s, "", false
}

// replace replaces the signature of a changed request, with the same date and scope.
func (s signature) replace(r *http.Request, secret string) {
	value := s.compute(r, secret)
	if s.inQuery {
		query := r.URL.Query()
		query.Set("X-Amz-SignedHeaders", strings.Join(s.signed, ";"))
		query.Set("X-Amz-Signature", value)
		r.URL.RawQuery = query.Encode()
		return
	}
	r.Header.Set("Authorization", algorithm+" Credential="+s.accessKey+"/"+s.scope+
		", SignedHeaders="+strings.Join(s.signed, ";")+", Signature="+value)
}

// sign signs a request without a body.
func (s signature) sign(r *http.Request, secret string) {
	_, rest, _ := strings.Cut(s.scope, "/")
	now := time.Now().UTC()
	s.date, s.scope, s.inQuery = now.Format(stamp), now.Format("20060102")+"/"+rest, false
	s.signed = []string{"host", "x-amz-content-sha256", "x-amz-date"}
	r.Header.Set("X-Amz-Date", s.date)
	r.Header.Set(hashed, unsigned)
	s.replace(r, secret)
}

// source returns the bucket, key and version in the header of a copy.
func source(header string) (bucket, key, version string, ok bool) {
	path, version, _ := strings.Cut(strings.TrimPrefix(header, "/"), "?versionId=")
	path, err := url.PathUnescape(path)
	bucket, key, found := strings.Cut(path, "/")
	return bucket, key, version, err == nil && found && key != ""
}
