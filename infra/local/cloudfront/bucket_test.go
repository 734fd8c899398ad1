package cloudfront

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// s3 is a fake S3 server with one bucket and one object.
type s3 struct{ seen []string }

var modified = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func (s *s3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.seen = append(s.seen, r.Method+" "+r.RequestURI+" "+r.Header.Get("Authorization")+r.Header.Get("Cookie"))
	w.Header().Set("Server", "other")
	switch r.URL.Path {
	case "/site/a b+ü(1).txt":
		w.Header().Set("Etag", `"tag"`)
		w.Header().Set("Cache-Control", "max-age=60")
		http.ServeContent(w, r, "a.txt", modified, bytes.NewReader([]byte("0123456789")))
	case "/site/packed":
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, "not unpacked on the way")
	case "/site/moved":
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	case "/site/secret":
		w.WriteHeader(http.StatusForbidden)
	case "/site/cut":
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "half")
	default:
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, "<Error><Code>NoSuchKey</Code></Error>")
	}
}

func TestBucket(t *testing.T) {
	back := &s3{}
	server := httptest.NewServer(back)
	defer server.Close()
	front := httptest.NewServer(&Bucket{Endpoint: server.URL, Name: "site"})
	defer front.Close()
	const object = "/a%20b+%C3%BC(1).txt"
	tests := map[string]struct {
		method, target string
		header         http.Header
		status         int
		body           string
	}{
		"whole":          {"GET", object, nil, 200, "0123456789"},
		"packed":         {"GET", "/packed", nil, 200, "not unpacked on the way"},
		"head":           {"HEAD", object, nil, 200, ""},
		"range":          {"GET", object, http.Header{"Range": {"bytes=2-4"}}, 206, "234"},
		"bad range":      {"GET", object, http.Header{"Range": {"bytes=20-"}}, 416, ""},
		"not modified":   {"GET", object, http.Header{"If-None-Match": {`"tag"`}}, 304, ""},
		"not since":      {"GET", object, http.Header{"If-Modified-Since": {modified.Format(http.TimeFormat)}}, 304, ""},
		"precondition":   {"GET", object, http.Header{"If-Match": {`"other"`}}, 412, ""},
		"missing":        {"GET", "/none", nil, 403, "denied"},
		"forbidden":      {"GET", "/secret", nil, 403, ""},
		"moved":          {"GET", "/moved", nil, 307, ""},
		"the bucket":     {"GET", "/", nil, 403, "denied"},
		"a listing":      {"GET", "/?list-type=2", nil, 403, "denied"},
		"another bucket": {"GET", "/x/%2e%2e/%2e%2e/private/x", nil, 403, "denied"},
		"not UTF-8":      {"GET", "/x%FF.jpg", nil, 400, `<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error><Code>InvalidURI</Code><Message>Couldn't parse the specified URI.</Message></Error>"},
		"a write":        {"PUT", object, nil, 403, "denied"},
		"a post":         {"POST", object, nil, 403, "denied"},
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequest(tt.method, front.URL+tt.target, nil)
			if err != nil {
				t.Fatal(err)
			}
			if tt.header != nil {
				r.Header = tt.header
			}
			resp, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			got := body(t, resp)
			if tt.body == "denied" {
				tt.body = `<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
			}
			if resp.StatusCode != tt.status || tt.body != "" && got != tt.body {
				t.Errorf("got %d %q, want %d %q", resp.StatusCode, got, tt.status, tt.body)
			}
			if resp.Header.Get("Server") != "AmazonS3" {
				t.Errorf("Server = %q", resp.Header.Get("Server"))
			}
			if tt.status == 200 && tt.target == object {
				h := resp.Header
				want := []string{"10", `"tag"`, "max-age=60", "bytes", "Sat, 21 Nov 2026 12:00:00 GMT"}
				if diff := cmp.Diff(want, []string{h.Get("Content-Length"), h.Get("Etag"), h.Get("Cache-Control"), h.Get("Accept-Ranges"), h.Get("Last-Modified")}); diff != "" {
					t.Errorf("headers (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// TestBucketRequest checks the requests to the S3 server: signed, with the key encoded as
// signatures require, and without the viewer's headers and query.
func TestBucketRequest(t *testing.T) {
	back := &s3{}
	server := httptest.NewServer(back)
	defer server.Close()
	b := &Bucket{Endpoint: server.URL, Name: "site", Sign: func(r *http.Request) error { r.Header.Set("Authorization", "signed"); return nil }}
	r := httptest.NewRequest("GET", "/a%20b+%C3%BC(1).txt?acl", nil)
	r.Header.Set("Cookie", "private=1")
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	want := []string{"GET /site/a%20b%2B%C3%BC%281%29.txt signed"}
	if diff := cmp.Diff(want, back.seen); diff != "" || w.Code != http.StatusOK {
		t.Errorf("%d (-want +got):\n%s", w.Code, diff)
	}
}

func TestBucketFails(t *testing.T) {
	server := httptest.NewServer(&s3{})
	down := httptest.NewServer(nil)
	down.Close()
	defer server.Close()
	unsigned := func(*http.Request) error { return errors.New("no credentials") }
	for name, b := range map[string]*Bucket{
		"down":     {Endpoint: down.URL, Name: "site"},
		"unsigned": {Endpoint: server.URL, Name: "site", Sign: unsigned},
		"bad URL":  {Endpoint: "http://[", Name: "site"},
	} {
		w := httptest.NewRecorder()
		b.ServeHTTP(w, httptest.NewRequest("GET", "/x", nil))
		if w.Code != http.StatusBadGateway {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	front := httptest.NewServer(&Bucket{Endpoint: server.URL, Name: "site"})
	defer front.Close()
	resp, err := http.Get(front.URL + "/cut")
	if err == nil {
		defer resp.Body.Close()
		_, err = io.ReadAll(resp.Body)
	}
	if err == nil {
		t.Error("half an object came as a whole")
	}
}
