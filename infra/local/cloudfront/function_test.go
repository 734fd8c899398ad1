package cloudfront

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/dop251/goja"
	"github.com/google/go-cmp/cmp"
)

func everything() []RequestPolicy {
	p, _ := ManagedRequestPolicy("33f36d7e-f396-46d9-90e0-52428a34d9dc")
	return []RequestPolicy{p}
}

// TestRouter runs the deployed function.
func TestRouter(t *testing.T) {
	source, err := os.ReadFile("../../edge/router.js")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{
		"/": "/app/index.html", "/app": "/app/index.html", "/app/": "/app/index.html", "/app/links": "/app/index.html",
		"/app/links/abc-DEF_1": "/app/index.html", "/app/v1.2/links": "/app/index.html", "/app/links/": "/app/index.html",
		"/app/index.html": "/app/index.html", "/app/assets/main-1a2b.js": "/app/assets/main-1a2b.js", "/app/favicon.svg": "/app/favicon.svg",
		"/robots.txt": "/robots.txt", "/favicon.ico": "/favicon.ico",
		"/.": "/app/index.html", "/%2e/": "/app/index.html", "/a/..": "/app/index.html", "/app/..": "/app/index.html", "/x/../app/a.js": "/app/index.html",
	}
	for uri, want := range tests {
		o := &recorder{}
		resp := serve(t, one(o, Behavior{ViewerRequest: string(source), Forward: everything()}), httptest.NewRequest("GET", uri+"?q=1&r=%2F", nil))
		if resp.StatusCode != 200 || o.request.URL.Path != want || o.request.URL.RawQuery != "q=1&r=%2F" {
			t.Errorf("%s became %v (%d), want %s", uri, o.request.URL, resp.StatusCode, want)
		}
	}
}

// TestVisitor runs the deployed function: all headers that mark a prefetch become one header.
func TestVisitor(t *testing.T) {
	source, err := os.ReadFile("../../edge/visitor.js")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Sec-Purpose": "x", "Purpose": "x", "X-Purpose": "x", "X-Moz": "x", "Other": ""} {
		o := &recorder{}
		r := httptest.NewRequest("GET", "/a%20b?q", nil)
		r.Header.Set(name, "x")
		serve(t, one(o, Behavior{ViewerRequest: string(source), Forward: everything()}), r)
		if got := o.request.Header.Get("Sec-Purpose"); got != want || o.request.URL.EscapedPath() != "/a%20b" {
			t.Errorf("%s: Sec-Purpose %q, %s", name, got, o.request.URL)
		}
	}
	vm := goja.New() // Go's server rejects these paths
	if _, err := vm.RunString(string(source)); err != nil {
		t.Fatal(err)
	}
	for uri, want := range map[string]string{"/%": "/%25", "/%4": "/%254", "/%zz%41": "/%25zz%41", "/a%%20": "/a%25%20", "/100%25": "/100%25"} {
		got, err := vm.RunString(`handler({request: {uri: "` + uri + `", headers: {}}}).uri`)
		if err != nil || got.String() != want {
			t.Errorf("%s: %v, %v", uri, got, err)
		}
	}
}

// TestEvent runs a function that returns its event.
func TestEvent(t *testing.T) {
	c := one(&recorder{}, Behavior{Forward: []RequestPolicy{{Headers: Selection{"whitelist", []string{"CloudFront-Viewer-Country"}}}},
		ViewerRequest: `function handler(event) { return {statusCode: 200, body: JSON.stringify(event)}; }`})
	r := httptest.NewRequest("GET", "/a%20b/c?x=1&y=%20&x=2&z", nil)
	r.Header = http.Header{"Accept": {"a", "b"}, "Cookie": {"k=v; l=w=x"}, "Cloudfront-Viewer-Country": {"DE"}, "Cloudfront-Viewer-City": {"Bonn"}, "X-N": {""}}
	resp := serve(t, c, r)
	var got map[string]any
	if err := json.Unmarshal([]byte(body(t, resp)), &got); err != nil {
		t.Fatal(err)
	}
	got["context"].(map[string]any)["requestId"] = "id"
	var want map[string]any
	if err := json.Unmarshal([]byte(`{"version":"1.0",
		"context":{"distributionDomainName":"local.cloudfront.net","distributionId":"LOCAL00000000","endpoint":"local.cloudfront.net","eventType":"viewer-request","requestId":"id"},
		"viewer":{"ip":"192.0.2.1"},
		"request":{"method":"GET","uri":"/a%20b/c",
			"querystring":{"x":{"value":"1","multiValue":[{"value":"1"},{"value":"2"}]},"y":{"value":"%20"},"z":{"value":""}},
			"headers":{"host":{"value":"example.com"},"accept":{"value":"a","multiValue":[{"value":"a"},{"value":"b"}]},"cloudfront-viewer-country":{"value":"DE"},"x-n":{"value":""}},
			"cookies":{"k":{"value":"v"},"l":{"value":"w=x"}}}}`), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

func TestFunctionChangesRequest(t *testing.T) {
	o := &recorder{}
	source := `
		var calls = 0;
		async function handler(event) {
			calls++;
			const r = event.request;
			r.uri = '/new%20' + calls;
			r.headers['x-added'] = {value: 'yes'};
			delete r.headers['x-gone'];
			r.headers.accept.multiValue.push({value: 'c'});
			r.querystring = {b: {value: '2'}, a: {multiValue: [{value: '%20'}, {value: 'x'}]}};
			r.cookies.session = {value: 'new'};
			console.log('saw', event.viewer.ip);
			return r;
		}`
	var out bytes.Buffer
	c := one(o, Behavior{ViewerRequest: source, Forward: everything()})
	c.Output = &out
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second must not see the first one's globals
		r := httptest.NewRequest("GET", "/old?a=1", nil)
		r.Header = http.Header{"Accept": {"a", "b"}, "X-Gone": {"1"}, "X-Stays": {"1"}, "Cookie": {"k=v"}}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 {
			t.Fatalf("%d %s", w.Code, out.String())
		}
		got := []string{o.request.URL.Path, o.request.URL.EscapedPath(), o.request.URL.RawQuery, o.request.RequestURI, strings.Join(o.request.Header["Accept"], "|"),
			o.request.Header.Get("X-Added"), o.request.Header.Get("X-Gone"), o.request.Header.Get("X-Stays"), o.request.Header.Get("Cookie")}
		want := []string{"/new 1", "/new%201", "b=2&a=%20&a=x", "/new%201?b=2&a=%20&a=x", "a|b|c", "yes", "", "1", "k=v; session=new"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if got := out.String(); got != "saw 192.0.2.1\nsaw 192.0.2.1\n" {
		t.Errorf("output = %q", got)
	}
}

func TestFunctionAnswers(t *testing.T) {
	o := &recorder{}
	source := `function handler(event) {
		if (event.request.uri === '/gone') return {statusCode: 410, statusDescription: 'Gone', body: {encoding: 'base64', data: 'Ynll'}};
		return {statusCode: 302, headers: {location: {value: 'https://x.test/?a&b'}}, cookies: {a: {value: '1', attributes: 'Secure; Path=/'}}};
	}`
	c := one(o, Behavior{ViewerRequest: source, ResponseHeaders: ResponsePolicy{Set: []SetHeader{{"x-policy", "1", true}}}})
	resp := serve(t, c, httptest.NewRequest("GET", "/", nil))
	got := []any{resp.StatusCode, resp.Header.Get("Location"), resp.Header.Get("Set-Cookie"), resp.Header.Get("X-Cache"), resp.Header.Get("X-Policy"), body(t, resp)}
	want := []any{302, "https://x.test/?a&b", "a=1; Secure; Path=/", "FunctionGeneratedResponse from cloudfront", "1", ""}
	if diff := cmp.Diff(want, got); diff != "" || o.request != nil {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if resp := serve(t, c, httptest.NewRequest("GET", "/gone", nil)); resp.StatusCode != 410 || body(t, resp) != "bye" {
		t.Errorf("%d", resp.StatusCode)
	}
}

func TestFunctionFails(t *testing.T) {
	handler := func(code string) string { return "function handler(event) { " + code + " }" }
	tests := map[string]struct{ source, says string }{
		"throws":            {handler("throw new Error('boom');"), "boom"},
		"rejects":           {"async " + handler("throw new Error('boom');"), "boom"},
		"never ends":        {handler("for (;;) {}"), "took too long"},
		"returns nothing":   {handler(""), "neither a request nor a response"},
		"returns a word":    {handler("return 'x';"), "neither a request nor a response"},
		"no handler":        {"var x = 1;", "no function named handler"},
		"throws at once":    {"throw new Error('early');", "early"},
		"undeclared":        {handler("x = 1; return event.request;"), "x is not defined"},
		"changes method":    {handler("event.request.method = 'PUT'; return event.request;"), "changed the method"},
		"relative":          {handler("event.request.uri = 'x'; return event.request;"), "does not begin with a slash"},
		"bad escape":        {handler("event.request.uri = '/%zz'; return event.request;"), "request.uri"},
		"header is a word":  {handler("event.request.headers.x = 'y'; return event.request;"), "headers.x is not {value: …}"},
		"headers are one":   {handler("event.request.headers = 'y'; return event.request;"), "headers is not an object"},
		"cookie of nothing": {handler("event.request.cookies.x = {}; return event.request;"), "cookies.x is not {value: …}"},
		"query of null":     {handler("event.request.querystring.x = null; return event.request;"), "querystring.x is not {value: …}"},
		"status":            {handler("return {statusCode: 99};"), "statusCode 99"},
		"body":              {handler("return {statusCode: 200, body: {encoding: 'base64', data: '%'}};"), "base64"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			o := &recorder{}
			c := one(o, Behavior{ViewerRequest: tt.source})
			c.Output = &out
			resp := serve(t, c, httptest.NewRequest("GET", "/", nil))
			if resp.StatusCode != 503 || resp.Header.Get("X-Cache") != "FunctionExecutionError from cloudfront" || o.request != nil {
				t.Errorf("%d %v", resp.StatusCode, resp.Header)
			}
			if !strings.Contains(out.String(), tt.says) {
				t.Errorf("output %q does not say %q", out.String(), tt.says)
			}
		})
	}
}

func TestDefaultRootObject(t *testing.T) {
	o := &recorder{}
	c := one(o, Behavior{})
	c.DefaultRootObject = "index.html"
	for uri, want := range map[string]string{"/": "/index.html", "/a/": "/a/"} {
		serve(t, c, httptest.NewRequest("GET", uri, nil))
		if got := o.request.URL.EscapedPath(); got != want {
			t.Errorf("%s became %s, want %s", uri, got, want)
		}
	}
}

func BenchmarkRouter(b *testing.B) {
	source, err := os.ReadFile("../../edge/router.js")
	if err != nil {
		b.Fatal(err)
	}
	h, err := New(one(&recorder{}, Behavior{ViewerRequest: string(source)}))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/app/links", nil))
	}
}
