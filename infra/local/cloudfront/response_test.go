package cloudfront

import (
	"bufio"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestResponsePolicy(t *testing.T) {
	o := &recorder{answer: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Server", "secret/1.0")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("X-Content-Type-Options", "wrong")
		w.WriteHeader(http.StatusTeapot)
	}}
	policy, ok := ManagedResponsePolicy("67f7725c-6f97-4210-82d7-5512b31e9d03")
	if !ok {
		t.Fatal("the managed policy is unknown")
	}
	policy.Set = append(policy.Set, SetHeader{"x-custom", "1", true})
	policy.Remove = []string{"server"}
	resp := serve(t, one(o, Behavior{ResponseHeaders: policy}), httptest.NewRequest("GET", "/", nil))
	if len(resp.Header.Get("X-Amz-Cf-Id")) != 56 {
		t.Errorf("X-Amz-Cf-Id = %q", resp.Header.Get("X-Amz-Cf-Id"))
	}
	resp.Header.Del("X-Amz-Cf-Id")
	want := http.Header{
		"Referrer-Policy": {"no-referrer"}, "X-Content-Type-Options": {"nosniff"}, "X-Custom": {"1"}, "X-Frame-Options": {"SAMEORIGIN"},
		"X-Xss-Protection": {"1; mode=block"}, "Strict-Transport-Security": {"max-age=31536000"},
		"Via": {"1.1 local.cloudfront.net (CloudFront)"}, "X-Cache": {"Error from cloudfront"}, "X-Amz-Cf-Pop": {"LOCAL1-P1"},
	}
	if diff := cmp.Diff(want, resp.Header); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestMiss(t *testing.T) {
	resp := serve(t, one(&recorder{}, Behavior{}), httptest.NewRequest("GET", "/", nil))
	if got := resp.Header.Get("X-Cache"); resp.StatusCode != 200 || got != "Miss from cloudfront" {
		t.Errorf("%d %s", resp.StatusCode, got)
	}
}

func TestManagedPolicies(t *testing.T) {
	for _, id := range []string{"658327ea-f89d-4fab-a63d-7e88639e58f6", "83da9c7e-98b4-4e11-a168-04f0df8e2c65", "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
		"59781a5b-3903-41f3-afcb-af62929ccde1", "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", "acba4595-bd28-49b8-b9fe-13317c0390fa"} {
		if p, ok := ManagedRequestPolicy(id); !ok || p.check() != nil {
			t.Errorf("%s: %v, %v", id, ok, p.check())
		}
	}
	if _, ok := ManagedRequestPolicy("mine"); ok {
		t.Error("an unknown policy is known")
	}
	if _, ok := ManagedResponsePolicy("mine"); ok {
		t.Error("an unknown response policy is known")
	}
	if got := StrictTransportSecurity(63072000, true, true); got != "max-age=63072000; includeSubDomains; preload" {
		t.Error(got)
	}
}

func TestCompress(t *testing.T) {
	long := strings.Repeat("hello ", 500)
	tests := map[string]struct {
		off                  bool
		method, accepts      string
		contentType, already string
		text                 string
		status               int
		want                 bool
	}{
		"text":             {method: "GET", accepts: "br, gzip;q=0.5", contentType: "text/html; charset=utf-8", text: long, status: 200, want: true},
		"JSON of an error": {method: "GET", accepts: "*", contentType: "application/json", text: long, status: 404, want: true},
		"off":              {off: true, method: "GET", accepts: "gzip", contentType: "text/html", text: long, status: 200},
		"not accepted":     {method: "GET", accepts: "br", contentType: "text/html", text: long, status: 200},
		"refused":          {method: "GET", accepts: "gzip;q=0", contentType: "text/html", text: long, status: 200},
		"an image":         {method: "GET", accepts: "gzip", contentType: "image/jpeg", text: long, status: 200},
		"short":            {method: "GET", accepts: "gzip", contentType: "text/html", text: "hello", status: 200},
		"a part":           {method: "GET", accepts: "gzip", contentType: "text/html", text: long, status: 206},
		"already":          {method: "GET", accepts: "gzip", contentType: "text/html", already: "br", text: long, status: 200},
		"HEAD":             {method: "HEAD", accepts: "gzip", contentType: "text/html", text: long, status: 200},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := &recorder{answer: func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", tt.contentType)
				w.Header().Set("Etag", `"e"`)
				w.Header().Set("Content-Length", strconv.Itoa(len(tt.text)))
				if tt.already != "" {
					w.Header().Set("Content-Encoding", tt.already)
				}
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.text)
			}}
			r := httptest.NewRequest(tt.method, "/", nil)
			r.Header.Set("Accept-Encoding", tt.accepts)
			resp := serve(t, one(o, Behavior{Compress: !tt.off}), r)
			got := resp.Header.Get("Content-Encoding") == "gzip"
			if got != tt.want {
				t.Fatalf("compressed: %v", got)
			}
			if !got {
				if resp.Header.Get("Content-Length") != strconv.Itoa(len(tt.text)) || resp.Header.Get("Etag") != `"e"` {
					t.Errorf("header = %v", resp.Header)
				}
				return
			}
			z, err := gzip.NewReader(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(z)
			if err != nil || string(text) != tt.text {
				t.Errorf("%d bytes, %v", len(text), err)
			}
			if h := resp.Header; h.Get("Content-Length") != "" || h.Get("Etag") != `W/"e"` || h.Get("Vary") != "Accept-Encoding" {
				t.Errorf("header = %v", h)
			}
		})
	}
}

// TestStreams reads the first bytes of a response before the origin has sent the rest.
func TestStreams(t *testing.T) {
	more := make(chan struct{})
	o := &recorder{answer: func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "first\n")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		<-more
		io.WriteString(w, "last\n")
	}}
	h, err := New(one(o, Behavior{}))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	client := &http.Client{Timeout: 10 * time.Second}
	resp, err := client.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewReader(resp.Body)
	if line, err := lines.ReadString('\n'); err != nil || line != "first\n" {
		t.Fatalf("%q, %v", line, err)
	}
	close(more)
	if line, err := lines.ReadString('\n'); err != nil || line != "last\n" {
		t.Fatalf("%q, %v", line, err)
	}
}
