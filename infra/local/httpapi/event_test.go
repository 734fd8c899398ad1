package httpapi

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// lambdas is a fake of the functions, by name. It records their events.
type lambdas struct {
	answers  map[string]string
	payloads []string
}

func (l *lambdas) invoke(_ context.Context, function string, payload []byte) ([]byte, string, error) {
	l.payloads = append(l.payloads, string(payload))
	return []byte(l.answers[function]), "", nil
}

var noon = time.Date(2026, 11, 21, 12, 0, 0, 123e6, time.UTC)

// testAPI returns a configuration with a fixed request ID and a fixed time.
func testAPI(l *lambdas, routes ...Route) Config {
	return Config{
		APIID: "abcdef123", AccountID: "123456789012", Routes: routes, Invoke: l.invoke,
		Now: func() time.Time { return noon }, NewID: func() string { return "JKJaXmPLvHcESHA=" },
	}
}

// request parses an HTTP request like a server. Lines end in LF, for readability.
func request(t *testing.T, text string) *http.Request {
	t.Helper()
	head, body, _ := strings.Cut(text, "\n\n")
	wire := strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(wire)))
	if err != nil {
		t.Fatal(err)
	}
	r.RemoteAddr = "192.0.2.7:51000"
	return r
}

func serve(t *testing.T, c Config, r *http.Request) *http.Response {
	t.Helper()
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.TrimSuffix(string(want), "\n"), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

const common = "Host: abcdef123.execute-api.us-east-1.amazonaws.com\nUser-Agent: agent\nX-Amzn-Trace-Id: Root=1-67891233-abcdef012345678912345678\n"

func TestPayload(t *testing.T) {
	key := Authorizer{Name: "keys", Function: "authorize", IdentitySources: []string{"$request.header.Authorization", "$context.routeKey"}, SimpleResponses: true}
	tests := map[string]struct {
		route   Route
		change  func(*Config)
		request string
	}{
		"get": {route: Route{Key: "GET /{code}"},
			request: "GET /Ab-9_x?a=1&a=2&b=%C3%A9+x&c HTTP/1.1\n" + common +
				"Accept: text/html\nAccept: */*\nCookie: one=1; two=2\nCookie: three=3\nConnection: keep-alive\n\n"},
		"post-json": {route: Route{Key: "POST /api/links"},
			request: "POST /api/links HTTP/1.1\n" + common +
				"Content-Type: application/json; charset=utf-8\nContent-Length: 30\n\n" + `{"url":"https://x.test/?a&b>"}`},
		"post-form": {route: Route{Key: "ANY /{code}"},
			request: "POST /door HTTP/1.1\n" + common +
				"Content-Type: application/x-www-form-urlencoded\nContent-Length: 11\n\npassword=ab"},
		"post-untyped-chunked": {route: Route{Key: "$default"},
			request: "POST /any/thing/ HTTP/1.1\n" + common + "Transfer-Encoding: chunked\n\n3\r\nabc\r\n0\r\n\r\n"},
		"named-stage": {route: Route{Key: "GET /files/{path+}"},
			change: func(c *Config) {
				c.Stage, c.Domain, c.StageVariables = "dev", "api.example.com", map[string]string{"color": "red"}
			},
			request: "GET /dev/files/a%20b/c%2Fd HTTP/1.1\n" + common + "X-Forwarded-For: 203.0.113.9, 198.51.100.1\n\n"},
		"authorized": {route: Route{Key: "GET /api/links", Authorizer: "keys"},
			change:  func(c *Config) { c.Authorizers = []Authorizer{key} },
			request: "GET /api/links?limit=2 HTTP/1.1\n" + common + "Authorization: Bearer mk_1_2\n\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l := &lambdas{answers: map[string]string{"f": `{}`,
				"authorize": `{"isAuthorized":true,"context":{"owner":"me","scopes":"links:read links:write","n":12345678901}}`}}
			tt.route.Function = "f"
			c := testAPI(l, tt.route)
			if tt.change != nil {
				tt.change(&c)
			}
			if resp := serve(t, c, request(t, tt.request)); resp.StatusCode != http.StatusOK {
				t.Fatalf("status = %d", resp.StatusCode)
			}
			for i, p := range l.payloads {
				file := name
				if i < len(l.payloads)-1 {
					file += "-authorizer"
				}
				golden(t, file, p)
				decodes(t, file, p)
			}
		})
	}
}

// decodes checks that the types of aws-lambda-go have all fields.
func decodes(t *testing.T, name, payload string) {
	t.Helper()
	var into any = &events.APIGatewayV2HTTPRequest{}
	if strings.HasSuffix(name, "-authorizer") {
		into = &events.APIGatewayV2CustomAuthorizerV2Request{}
	}
	d := json.NewDecoder(bytes.NewReader([]byte(payload)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Errorf("%s does not decode: %v", name, err)
	}
}

func TestPayloadMadeUp(t *testing.T) {
	l := &lambdas{answers: map[string]string{"f": `{}`}}
	r := request(t, "GET / HTTP/1.1\nHost: localhost:8080\n\n")
	serve(t, testAPI(l, Route{Key: "GET /", Function: "f"}), r)
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal([]byte(l.payloads[0]), &e); err != nil {
		t.Fatal(err)
	}
	trace := e.Headers["x-amzn-trace-id"]
	if !strings.HasPrefix(trace, "Root=1-6b0187c0-") || len(trace) != len("Root=1-67891233-abcdef012345678912345678") {
		t.Errorf("trace id = %q", trace)
	}
	delete(e.Headers, "x-amzn-trace-id")
	want := map[string]string{"host": "localhost:8080", "content-length": "0", "x-forwarded-for": "192.0.2.7",
		"x-forwarded-port": "8080", "x-forwarded-proto": "http"}
	if diff := cmp.Diff(want, e.Headers); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if e.RequestContext.HTTP.SourceIP != "192.0.2.7" || e.RequestContext.DomainPrefix != "abcdef123" {
		t.Errorf("context = %+v", e.RequestContext)
	}
}

// A body with a text type becomes a string, so bytes that are not UTF-8 are lost; only Content-Length reveals it.
// With any other type the bytes are preserved.
func TestBodyNotUTF8(t *testing.T) {
	tests := map[string]struct{ contentType, sent, body string }{
		"latin-1":         {"application/json", "stra\xdfe", "stra\ufffde"},
		"text":            {"text/plain; charset=iso-8859-1", "stra\xdfe", "stra\ufffde"},
		"each byte":       {"application/json", "\xdf\xdf\xff", "\ufffd\ufffd\ufffd"},
		"UTF-8":           {"application/json", "straße \ufffd", "straße \ufffd"},
		"no type":         {"", "stra\xdfe", "c3RyYd9l"},
		"a form":          {"application/x-www-form-urlencoded", "stra\xdfe", "c3RyYd9l"},
		"JSON of another": {"application/problem+json", "stra\xdfe", "c3RyYd9l"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l := &lambdas{answers: map[string]string{"f": `{}`}}
			head := "POST / HTTP/1.1\n" + common + fmt.Sprintf("Content-Length: %d\n", len(tt.sent))
			if tt.contentType != "" {
				head += "Content-Type: " + tt.contentType + "\n"
			}
			serve(t, testAPI(l, Route{Key: "POST /", Function: "f"}), request(t, head+"\n"+tt.sent))
			var e events.APIGatewayV2HTTPRequest
			if err := json.Unmarshal([]byte(l.payloads[0]), &e); err != nil {
				t.Fatal(err)
			}
			if e.Body != tt.body || e.IsBase64Encoded != !isText(tt.contentType) || e.Headers["content-length"] != fmt.Sprint(len(tt.sent)) {
				t.Errorf("body %q, encoded %v, length %s", e.Body, e.IsBase64Encoded, e.Headers["content-length"])
			}
		})
	}
}

func TestIsText(t *testing.T) {
	tests := map[string]bool{
		"text/plain": true, "text/html; charset=utf-8": true, "application/json": true, "Application/JSON": true,
		"application/xml": true, "application/javascript": true,
		"": false, "application/x-www-form-urlencoded": false, "multipart/form-data; boundary=x": false,
		"image/png": false, "application/problem+json": false, "application/octet-stream": false, ";": false,
	}
	for contentType, want := range tests {
		if got := isText(contentType); got != want {
			t.Errorf("isText(%q) = %v, want %v", contentType, got, want)
		}
	}
}
