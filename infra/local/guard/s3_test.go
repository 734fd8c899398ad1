package guard

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const credential = "X-Amz-Credential=" + key + "%2F20300101%2Fus-east-1%2Fs3%2Faws4_request"

// store is a fake S3 with one object and a CORS rule for one other site.
func store(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") == "http://page.example" {
			w.Header().Set("Access-Control-Allow-Origin", "http://page.example")
			w.Header().Set("Vary", "Origin")
		}
		if r.Method == http.MethodGet && r.URL.Path != "/b/there" {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, "<Error><Code>NoSuchKey</Code></Error>")
			return
		}
		_, _ = io.WriteString(w, r.Method+" "+r.Host+r.URL.RequestURI())
	}))
	t.Cleanup(server.Close)
	return server
}

func send(t *testing.T, method, url, origin string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if origin != "" {
		request.Header.Set("Origin", origin)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

// TestPresigned sends requests to URLs that functions have presigned, like a browser.
func TestPresigned(t *testing.T) {
	upstream := store(t)
	handler, err := guarded(t, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`, nil).S3(upstream.URL)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")

	response, text := send(t, http.MethodGet, server.URL+"/b/there?"+credential, "")
	if want := "GET " + host + "/b/there?" + credential; response.StatusCode != http.StatusOK || text != want {
		t.Errorf("allowed: %d %s, want it to arrive as it is: %s", response.StatusCode, text, want)
	}
	response, text = send(t, http.MethodPut, server.URL+"/b/new?"+credential, "http://page.example")
	if response.StatusCode != http.StatusForbidden || !strings.Contains(text, "<Code>AccessDenied</Code>") || !strings.Contains(text, "s3:PutObject on resource: &#34;arn:aws:s3:::b/new&#34;") {
		t.Errorf("denied: %d %s", response.StatusCode, text)
	}
	if got := response.Header.Get("Access-Control-Allow-Origin"); got != "http://page.example" {
		t.Errorf("the page may not read why: %q", got)
	}
	if response, _ = send(t, http.MethodPut, server.URL+"/b/new?"+credential, "http://other.example"); response.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("any page may read a denial")
	}
	if response, _ = send(t, http.MethodOptions, server.URL+"/b/new?"+credential, "http://page.example"); response.StatusCode != http.StatusOK {
		t.Errorf("a browser may not ask beforehand: %s", response.Status)
	}
	if response, text = send(t, http.MethodHead, server.URL+"/c/x?"+credential, ""); response.StatusCode != http.StatusForbidden || text != "" {
		t.Errorf("HEAD: %s %q", response.Status, text)
	}
}

// TestMissing: a 404 for a missing object needs permission to list the bucket.
func TestMissing(t *testing.T) {
	const read = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
	for _, c := range []struct {
		name, statements string
		status           int
		text             string
	}{
		{"may not list", read, http.StatusForbidden, "s3:ListBucket on resource: &#34;arn:aws:s3:::b&#34;"},
		{"may list", read + `,{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}`, http.StatusNotFound, "NoSuchKey"},
	} {
		t.Run(c.name, func(t *testing.T) {
			handler, err := guarded(t, c.statements, nil).S3(store(t).URL)
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(handler)
			t.Cleanup(server.Close)
			response, text := send(t, http.MethodGet, server.URL+"/b/gone?"+credential, "")
			if response.StatusCode != c.status || !strings.Contains(text, c.text) {
				t.Errorf("%s %s", response.Status, text)
			}
		})
	}
}
