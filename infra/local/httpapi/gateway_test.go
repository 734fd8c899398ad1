package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
)

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestResponse(t *testing.T) {
	const broken = `{"message":"Internal Server Error"}`
	plain := http.Header{"Content-Type": {"text/plain;charset=utf-8"}}
	asJSON := http.Header{"Content-Type": {"application/json"}}
	tests := map[string]struct {
		out    string
		status int
		body   string
		header http.Header
	}{
		"whole": {`{"statusCode":201,"headers":{"content-type":"text/html","X-N":7,"x-b":true,"x-nil":null},"body":"<p>","cookies":["a=1","b=2; Secure"]}`,
			201, "<p>", http.Header{"Content-Type": {"text/html"}, "X-N": {"7"}, "X-B": {"true"}, "Set-Cookie": {"a=1", "b=2; Secure"}}},
		"cookies before those of headers": {`{"statusCode":200,"headers":{"Set-Cookie":"h=1","X-A":"1","x-a":"2"},"body":"x","cookies":["c=1"]}`,
			200, "x", http.Header{"Content-Type": plain["Content-Type"], "Set-Cookie": {"c=1", "h=1"}, "X-A": {"2"}}},
		"base64":               {`{"statusCode":200,"headers":{"content-type":"image/png"},"body":"AAEC/w==","isBase64Encoded":true}`, 200, "\x00\x01\x02\xff", http.Header{"Content-Type": {"image/png"}}},
		"base64 of text":       {`{"statusCode":200,"body":"aGk=","isBase64Encoded":true}`, 200, "hi", plain},
		"not base64":           {`{"statusCode":200,"body":"aGk=","isBase64Encoded":false}`, 200, "aGk=", plain},
		"nulls":                {`{"statusCode":302,"headers":null,"multiValueHeaders":null,"body":null,"cookies":null}`, 302, "", http.Header{}},
		"no content":           {`{"statusCode":204,"body":"dropped"}`, 204, "", http.Header{}},
		"its own length":       {`{"statusCode":200,"headers":{"content-length":"99","connection":"close","transfer-encoding":"chunked"},"body":"x"}`, 200, "x", plain},
		"inferred object":      {` {"message": "hi", "n": 1e3} `, 200, `{"message": "hi", "n": 1e3}`, asJSON},
		"inferred list":        {`[1,2]`, 200, `[1,2]`, asJSON},
		"inferred string":      {`"Hello <b>"`, 200, "Hello <b>", asJSON},
		"inferred null":        {`null`, 200, "null", asJSON},
		"not JSON":             {`hello`, 500, broken, asJSON},
		"empty":                {``, 500, broken, asJSON},
		"status is a word":     {`{"statusCode":"OK"}`, 500, broken, asJSON},
		"status is null":       {`{"statusCode":null}`, 500, broken, asJSON},
		"status out of range":  {`{"statusCode":42}`, 500, broken, asJSON},
		"body is an object":    {`{"statusCode":200,"body":{"a":1}}`, 500, broken, asJSON},
		"header is a list":     {`{"statusCode":200,"headers":{"x":["a"]}}`, 500, broken, asJSON},
		"headers are a list":   {`{"statusCode":200,"headers":[]}`, 500, broken, asJSON},
		"cookies are a string": {`{"statusCode":200,"cookies":"a=1"}`, 500, broken, asJSON},
		"bad base64":           {`{"statusCode":200,"body":"%","isBase64Encoded":true}`, 500, broken, asJSON},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l := &lambdas{answers: map[string]string{"f": tt.out}}
			resp := serve(t, testAPI(l, Route{Key: "$default", Function: "f"}), httptest.NewRequest("GET", "/", nil))
			if got := body(t, resp); resp.StatusCode != tt.status || got != tt.body {
				t.Errorf("got %d %q, want %d %q", resp.StatusCode, got, tt.status, tt.body)
			}
			tt.header.Set("Apigw-Requestid", "JKJaXmPLvHcESHA=")
			if tt.status != http.StatusNoContent {
				tt.header.Set("Content-Length", fmt.Sprint(len(tt.body)))
			}
			if tt.header["Content-Type"] == nil {
				resp.Header.Del("Content-Type")
			}
			if diff := cmp.Diff(tt.header, resp.Header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
		})
	}
}

// TestServer uses a real server: HEAD, no content sniffing, and the response type of
// aws-lambda-go.
func TestServer(t *testing.T) {
	out, err := json.Marshal(events.APIGatewayV2HTTPResponse{StatusCode: 302, Headers: map[string]string{"Location": "https://x.test/?a=1&b=2"}, Body: "<html>"})
	if err != nil {
		t.Fatal(err)
	}
	l := &lambdas{answers: map[string]string{"f": string(out), "empty": `{"statusCode":200}`}}
	h, err := New(testAPI(l, Route{Key: "GET /x", Function: "f"}, Route{Key: "HEAD /x", Function: "f"}, Route{Key: "GET /get", Function: "f"}, Route{Key: "GET /empty", Function: "empty"}))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	tests := []struct {
		method, path string
		status       int
		length       string
		body         string
		contentType  string
	}{
		{"GET", "/x", 302, "6", "<html>", "text/plain;charset=utf-8"},
		{"HEAD", "/x", 302, "6", "", "text/plain;charset=utf-8"},
		{"HEAD", "/get", 404, "23", "", "application/json"},
		{"GET", "/empty", 200, "0", "", ""},
		{"GET", "/x%3Fno=query", 302, "6", "<html>", "text/plain;charset=utf-8"},
		{"GET", "/ping", 200, "18", "Healthy Connection", "text/plain"},
		{"GET", "/sping", 200, "18", "Healthy Connection", "text/plain"},
	}
	for _, tt := range tests {
		r, _ := http.NewRequest(tt.method, server.URL+tt.path, nil)
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got := []any{resp.StatusCode, resp.Header.Get("Content-Length"), body(t, resp), resp.Header.Get("Content-Type")}
		if diff := cmp.Diff([]any{tt.status, tt.length, tt.body, tt.contentType}, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tt.method, tt.path, diff)
		}
	}
}

func TestFailures(t *testing.T) {
	block := make(chan struct{})
	t.Cleanup(func() { close(block) })
	invoke := func(ctx context.Context, function string, _ []byte) ([]byte, string, error) {
		switch function {
		case "crash":
			return []byte(`{"errorMessage":"x","errorType":"y"}`), "Unhandled", nil
		case "throttled":
			return nil, "", fmt.Errorf("429: %w", ErrThrottled)
		case "large":
			return nil, "", fmt.Errorf("413: %w", ErrTooLarge)
		case "gone":
			return nil, "", errors.New("no such function")
		case "slow":
			<-block
		}
		return []byte(`{}`), "", nil
	}
	c := testAPI(&lambdas{}, Route{Key: "GET /crash", Function: "crash"}, Route{Key: "GET /throttled", Function: "throttled"},
		Route{Key: "GET /gone", Function: "gone"}, Route{Key: "GET /slow", Function: "slow", Timeout: time.Millisecond},
		Route{Key: "POST /ok", Function: "ok"}, Route{Key: "GET /large", Function: "large"})
	c.Invoke = invoke
	long := httptest.NewRequest("POST", "/ok", nil)
	long.Header.Set("X-Long", strings.Repeat("x", 10_240))
	fits := httptest.NewRequest("POST", "/ok", nil)
	fits.Header.Set("X-Long", strings.Repeat("x", 10_240-100))
	chunked := httptest.NewRequest("POST", "/ok", bytes.NewReader(make([]byte, maxBody+1)))
	chunked.ContentLength = -1
	broken := httptest.NewRequest("POST", "/ok", io.MultiReader(strings.NewReader("x"), brokenReader{}))
	get := func(path string) *http.Request { return httptest.NewRequest("GET", path, nil) }
	tests := map[string]struct {
		request *http.Request
		status  int
		message string
	}{
		"crash":            {get("/crash"), 500, "Internal Server Error"},
		"throttled":        {get("/throttled"), 503, "Service Unavailable"},
		"large event":      {get("/large"), 413, "Request Entity Too Large"},
		"not run":          {get("/gone"), 500, "Internal Server Error"},
		"timed out":        {get("/slow"), 503, "Service Unavailable"},
		"no route":         {get("/nowhere"), 404, "Not Found"},
		"other method":     {get("/ok"), 404, "Not Found"},
		"long header":      {long, 431, "Request Header Fields Too Large"},
		"header that fits": {fits, 200, ""},
		"largest body":     {httptest.NewRequest("POST", "/ok", bytes.NewReader(make([]byte, maxBody))), 200, ""},
		"large body":       {httptest.NewRequest("POST", "/ok", bytes.NewReader(make([]byte, maxBody+1))), 413, "Request Entity Too Large"},
		"large, chunked":   {chunked, 413, "Request Entity Too Large"},
		"broken body":      {broken, 400, "Bad Request"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			resp := serve(t, c, tt.request)
			want := `{"message":"` + tt.message + `"}`
			if tt.message == "" {
				want = "{}"
			}
			if got := body(t, resp); resp.StatusCode != tt.status || got != want {
				t.Errorf("got %d %s, want %d %s", resp.StatusCode, got, tt.status, want)
			}
			if resp.Header.Get("Content-Type") != "application/json" || resp.Header.Get("Apigw-Requestid") == "" {
				t.Errorf("header = %v", resp.Header)
			}
		})
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("the line broke") }

func TestInvocationOutlivesVisitor(t *testing.T) {
	c := testAPI(&lambdas{}, Route{Key: "$default", Function: "f"})
	c.Invoke = func(ctx context.Context, _ string, _ []byte) ([]byte, string, error) {
		return []byte(`{}`), "", ctx.Err()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if resp := serve(t, c, httptest.NewRequest("GET", "/", nil).WithContext(ctx)); resp.StatusCode != 200 {
		t.Errorf("status = %d: the invocation was cancelled with its visitor", resp.StatusCode)
	}
}

func TestThrottle(t *testing.T) {
	now := noon
	l := &lambdas{answers: map[string]string{"f": `{}`}}
	c := testAPI(l, Route{Key: "GET /a", Function: "f"}, Route{Key: "GET /b", Function: "f"},
		Route{Key: "GET /own", Function: "f", Throttle: Throttle{Rate: 1, Burst: 1}})
	c.Throttle = Throttle{Rate: 2, Burst: 3}
	c.Now = func() time.Time { return now }
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code == 429 && w.Body.String() != `{"message":"Too Many Requests"}` {
			t.Errorf("body = %s", w.Body)
		}
		return w.Code
	}
	got := []int{get("/a"), get("/b"), get("/a"), get("/b"), get("/own"), get("/own")}
	now = now.Add(500 * time.Millisecond)
	got = append(got, get("/a"), get("/b"), get("/own"))
	now = now.Add(time.Hour)
	got = append(got, get("/a"), get("/a"), get("/a"), get("/a"))
	want := []int{200, 200, 200, 429, 200, 429, 200, 429, 429, 200, 200, 200, 429}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

func TestAccessLog(t *testing.T) {
	l := &lambdas{answers: map[string]string{"f": `{"statusCode":200,"body":"hello"}`, "a": `{"isAuthorized":true,"context":{"owner":"m\"e"}}`}}
	var log bytes.Buffer
	c := testAPI(l, Route{Key: "GET /{x}", Function: "f", Authorizer: "a"})
	c.Authorizers = []Authorizer{{Name: "a", Function: "a", SimpleResponses: true}}
	c.AccessLog = &log
	c.AccessLogFormat = `{"id":"$context.requestId","ip":"$context.identity.sourceIp","at":"$context.requestTime","route":"$context.httpMethod $context.routeKey","status":$context.status,"bytes":"$context.responseLength","owner":"$context.authorizer.owner","none":"$context.nothing","own":$context.integration.status,"why":"$context.error.message","err":"$context.integrationErrorMessage"}`
	serve(t, c, httptest.NewRequest("GET", "/one", nil))
	want := `{"id":"JKJaXmPLvHcESHA=","ip":"192.0.2.1","at":"21/Nov/2026:12:00:00 +0000","route":"GET GET /{x}","status":200,"bytes":"5","owner":"m\"e","none":"-","own":200,"why":"-","err":"-"}` + "\n"
	if got := log.String(); got != want {
		t.Errorf("log\n%s want\n%s", got, want)
	}
	log.Reset()
	c.AccessLogFormat = ""
	serve(t, c, httptest.NewRequest("GET", "/", nil))
	var line map[string]string
	if err := json.Unmarshal(log.Bytes(), &line); err != nil {
		t.Fatalf("%s: %v", log.Bytes(), err)
	}
	if line["status"] != "404" || line["routeKey"] != "-" || line["requestId"] == "" {
		t.Errorf("line = %v", line)
	}
}
