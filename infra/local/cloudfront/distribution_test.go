package cloudfront

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recorder is an origin that records its request and returns a fixed response.
type recorder struct {
	request *http.Request
	body    string
	answer  http.HandlerFunc
}

func (o *recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	o.request, o.body = r, string(b)
	if o.answer != nil {
		o.answer(w, r)
	}
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

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// everyMethod returns the AllowedMethods of an API's behaviour.
func everyMethod() []string {
	return []string{"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}
}

// one returns a distribution with one origin and one behaviour.
func one(o http.Handler, b Behavior) Config {
	b.Origin = "o"
	return Config{Origins: map[string]Origin{"o": {Handler: o, Domain: "origin.test"}}, Default: b}
}

func TestBehaviors(t *testing.T) {
	names := []string{"/app/*", "/app", "/", "i/*", "/api/*", "/*.jpg", "/x?z", "/pl.us"}
	c := Config{Origins: map[string]Origin{}, Default: Behavior{Origin: "default"}}
	for _, name := range append(names, "default") {
		c.Origins[name] = Origin{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, name) })}
		if name != "default" {
			c.Behaviors = append(c.Behaviors, Behavior{PathPattern: name, Origin: name})
		}
	}
	tests := map[string]string{
		"/": "/", "/app": "/app", "/app/": "/app/*", "/app/a/b": "/app/*", "/apps": "default", "/App/": "default",
		"/i/x.jpg": "i/*", "/i": "default", "/a/b.jpg": "/*.jpg", "/a.jpg?x=/app/": "/*.jpg", "/api/links": "/api/*",
		"/xyz": "/x?z", "/xz": "default", "/x/z": "/x?z", "/plxus": "default", "/pl.us": "/pl.us",
		"/app/../api/x": "/api/*", "/a/./../i/x": "i/*", "/%61pp": "/app", "/%2E%2E/app": "/app", "/app%2Fx": "default",
		"//app": "default", "/app/..": "/",
	}
	for target, want := range tests {
		if got := body(t, serve(t, c, httptest.NewRequest("GET", target, nil))); got != want {
			t.Errorf("%s went to %s, want %s", target, got, want)
		}
	}
}

func FuzzPattern(f *testing.F) {
	for _, s := range []string{"/app/*", "*", "/", "?*?", "*.jpg", "/a.b+c(d)[e]^$|{2}\\", "images/*/x?.jpg", "**"} {
		f.Add(s, "/app/index.html")
	}
	f.Fuzz(func(t *testing.T, pattern, path string) {
		path = normalize(path)
		if again := normalize(path); again != path && !strings.Contains(path, "%") {
			t.Errorf("normalize(%q) = %q", path, again)
		}
		got := matches(pattern, path)
		if want := wild("/"+strings.TrimPrefix(pattern, "/"), path); got != want {
			t.Errorf("%q matches %q: %v, want %v", pattern, path, got, want)
		}
	})
}

// wild is the simplest possible matcher.
func wild(pattern, s string) bool {
	p, r := []byte(pattern), []byte(s)
	row := make([]bool, len(r)+1)
	row[0] = true
	for _, c := range p {
		next := make([]bool, len(r)+1)
		next[0] = row[0] && c == '*'
		for i, x := range r {
			next[i+1] = c == '*' && (row[i+1] || next[i]) || row[i] && (c == '?' || c == x)
		}
		row = next
	}
	return row[len(r)]
}

func TestMethods(t *testing.T) {
	o := &recorder{}
	get := one(o, Behavior{})
	all := one(o, Behavior{AllowedMethods: everyMethod()})
	tests := []struct {
		c      Config
		method string
		body   io.Reader
		status int
	}{
		{get, "GET", nil, 200}, {get, "HEAD", nil, 200}, {get, "POST", nil, 403}, {get, "OPTIONS", nil, 403},
		{all, "POST", strings.NewReader("x"), 200}, {all, "DELETE", nil, 200}, {all, "TRACE", nil, 403},
		{all, "GET", strings.NewReader("x"), 403},
	}
	for _, tt := range tests {
		o.request = nil
		resp := serve(t, tt.c, httptest.NewRequest(tt.method, "/", tt.body))
		if resp.StatusCode != tt.status || (o.request != nil) != (tt.status == 200) {
			t.Errorf("%s: %d, want %d", tt.method, resp.StatusCode, tt.status)
		}
		if tt.status == 403 && (resp.Header.Get("X-Cache") != "Error from cloudfront" || !strings.Contains(body(t, resp), "403 ERROR")) {
			t.Errorf("%s: %v", tt.method, resp.Header)
		}
	}
}

// TestPaths sends paths that must not reach an origin, over the network, through all kinds of behaviours.
func TestPaths(t *testing.T) {
	o := &recorder{}
	c := one(o, Behavior{AllowedMethods: everyMethod()})
	c.Behaviors = []Behavior{{PathPattern: "/i/*", Origin: "o"},
		{PathPattern: "/app/*", Origin: "o", ViewerRequest: "function handler(event) { return event.request; }"}}
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	for _, folder := range []string{"/", "/i/", "/app/", "/api/"} {
		for name, status := range map[string]int{
			"x%00.jpg": 400, "%01": 400, "a%0Ab": 400, "a%0d%0aSet-Cookie:b": 400, "%1f": 400, "%7F": 400, // control characters
			"%": 400, "%4": 400, "%zz": 400, "a%%20": 400, "%u0041": 400, "x\x01": 400, "x\x7f": 400, // not a URL
			"%20": 200, "%2500": 200, "%C2%85": 200, "%C3%BC": 200, "100%25": 200, "%FF": 200,
		} {
			o.request = nil
			got := raw(t, server.Listener.Addr().String(), folder+name)
			if got != status || (o.request != nil) != (status == 200) {
				t.Errorf("%s%q: %d, want %d; reached the origin: %v", folder, name, got, status, o.request != nil)
			}
		}
	}
}

// raw requests a path without changing it.
func raw(t *testing.T, address, path string) (status int) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

func TestForward(t *testing.T) {
	apiPolicy, _ := ManagedRequestPolicy("b689b0a8-53d0-40ab-baf2-68738e2966ac")
	everything, _ := ManagedRequestPolicy("33f36d7e-f396-46d9-90e0-52428a34d9dc")
	whole, _ := ManagedRequestPolicy("216adef6-5c7f-47e4-b989-5492eafa07d3")
	disabled, _ := ManagedRequestPolicy("4135ea2d-6df8-44a3-9df3-4b5a84be39ad")
	redirect := RequestPolicy{
		Headers: Selection{"whitelist", []string{"CloudFront-Viewer-Country", "CloudFront-Viewer-Address", "CloudFront-Is-Mobile-Viewer",
			"cloudfront-is-desktop-viewer", "User-Agent", "Referer"}},
		Cookies:      Selection{"whitelist", []string{"b"}},
		QueryStrings: Selection{"allExcept", []string{"utm source"}},
	}
	base := map[string]string{"Range": "bytes=0-1", "If-None-Match": `"e"`, "Content-Type": "text/plain", "X-Forwarded-For": "203.0.113.1, 192.0.2.1"}
	viewer := map[string]string{"User-Agent": "iPhone Mobile", "Authorization": "Bearer x", "X-Custom": "1", "Referer": "https://r.test/", "Accept-Encoding": "gzip"}
	tests := map[string]struct {
		policies    []RequestPolicy
		host, query string
		cookie      string
		headers     []map[string]string
	}{
		"nothing": {[]RequestPolicy{disabled}, "origin.test", "", "", []map[string]string{base, {"User-Agent": "Amazon CloudFront"}}},
		"whitelist": {[]RequestPolicy{disabled, redirect}, "origin.test", "a=1&b=%20", "b=2", []map[string]string{base, {"User-Agent": "iPhone Mobile",
			"Referer": "https://r.test/", "Cloudfront-Viewer-Country": "DE", "Cloudfront-Viewer-Address": "192.0.2.1:1234",
			"Cloudfront-Is-Mobile-Viewer": "true", "Cloudfront-Is-Desktop-Viewer": "false"}}},
		"all but Host": {[]RequestPolicy{apiPolicy}, "origin.test", "a=1&utm+source=2&b=%20", "a=1; b=2", []map[string]string{base, viewer}},
		"all":          {[]RequestPolicy{whole}, "example.com", "a=1&utm+source=2&b=%20", "a=1; b=2", []map[string]string{base, viewer}},
		"two policies": {[]RequestPolicy{{QueryStrings: Selection{"whitelist", []string{"a"}}}, {QueryStrings: Selection{"whitelist", []string{"b"}}}}, "origin.test", "a=1&b=%20", "", []map[string]string{base, {"User-Agent": "Amazon CloudFront"}}},
		"all and CloudFront": {[]RequestPolicy{everything}, "example.com", "a=1&utm+source=2&b=%20", "a=1; b=2", []map[string]string{base, viewer, {
			"Cloudfront-Forwarded-Proto": "http", "Cloudfront-Is-Android-Viewer": "false", "Cloudfront-Is-Desktop-Viewer": "false",
			"Cloudfront-Is-Ios-Viewer": "true", "Cloudfront-Is-Mobile-Viewer": "true", "Cloudfront-Is-Smarttv-Viewer": "false",
			"Cloudfront-Is-Tablet-Viewer": "false", "Cloudfront-Viewer-Address": "192.0.2.1:1234", "Cloudfront-Viewer-City": "Köln",
			"Cloudfront-Viewer-Country": "DE", "Cloudfront-Viewer-Http-Version": "1.1"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := &recorder{}
			r := httptest.NewRequest("POST", "/a%20b/?a=1&utm+source=2&b=%20", strings.NewReader("hello"))
			for k, v := range viewer {
				r.Header.Set(k, v)
			}
			for k, v := range map[string]string{"Range": "bytes=0-1", "If-None-Match": `"e"`, "Content-Type": "text/plain",
				"X-Forwarded-For": "203.0.113.1", "Cookie": "a=1; b=2", "X-Edge-Secret": "forged", "Connection": "keep-alive",
				"CloudFront-Viewer-Country": "DE", "CloudFront-Viewer-City": "Köln", "CloudFront-Is-Mobile-Viewer": "forged", "CloudFront-Forged": "1"} {
				r.Header.Set(k, v)
			}
			c := one(o, Behavior{AllowedMethods: everyMethod(), Forward: tt.policies})
			c.Origins["o"] = Origin{Handler: o, Domain: "origin.test", Path: "/prod", Headers: map[string]string{"x-origin-secret": "s"}}
			serve(t, c, r)
			want := map[string]string{"X-Origin-Secret": "s", "Via": "1.1 local.cloudfront.net (CloudFront)"}
			for _, m := range tt.headers {
				for k, v := range m {
					want[k] = v
				}
			}
			if tt.cookie != "" {
				want["Cookie"] = tt.cookie
			}
			got := map[string]string{}
			for k := range o.request.Header {
				got[k] = o.request.Header.Get(k)
			}
			if len(got["X-Amz-Cf-Id"]) != 56 {
				t.Errorf("X-Amz-Cf-Id = %q", got["X-Amz-Cf-Id"])
			}
			delete(got, "X-Amz-Cf-Id")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
			rest := []string{o.request.Host, o.request.URL.RawQuery, o.request.URL.EscapedPath(), o.request.URL.Path, o.body, o.request.RemoteAddr}
			if diff := cmp.Diff([]string{tt.host, tt.query, "/prod/a%20b/", "/prod/a b/", "hello", "198.51.100.1:443"}, rest); diff != "" {
				t.Errorf("host, query, path, body, address (-want +got):\n%s", diff)
			}
			if r.Header.Get("X-Edge-Secret") == "" {
				t.Error("the viewer's own request was changed")
			}
		})
	}
}

func TestDevice(t *testing.T) {
	tests := map[string]string{
		"": "Desktop", "curl/8.5.0": "Desktop",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36":                                     "Desktop",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604": "Mobile",
		"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36":                     "Mobile",
		"Mozilla/5.0 (Linux; Android 14; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36":                            "Tablet",
		"Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1":        "Tablet",
		"Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/538.1 (KHTML, like Gecko) Version/6.0 TV Safari/538.1":                            "SmartTV",
		"Mozilla/5.0 (Linux; Android 9; BRAVIA 4K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0 Safari/537.36":                            "SmartTV",
	}
	for agent, want := range tests {
		if got := device(agent); got != want {
			t.Errorf("device(%q) = %s, want %s", agent, got, want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	_, err := New(Config{
		Origins: map[string]Origin{"o": {Handler: http.NotFoundHandler(), Headers: map[string]string{"x-edge-key": "k", "Via": "v", "x-own": "o"}}},
		Behaviors: []Behavior{
			{PathPattern: "/a", Origin: "ghost"}, {Origin: "o"},
			{PathPattern: "/b", Origin: "o", ViewerRequest: "function handler(event) {"},
			{PathPattern: "/c", Origin: "o", ViewerRequest: "//" + strings.Repeat("x", 10<<10)},
			{PathPattern: "/d", Origin: "o", Forward: []RequestPolicy{{Headers: Selection{Behavior: "all"}, Cookies: Selection{Behavior: "allViewer"}, QueryStrings: Selection{Behavior: "some"}}}},
		},
	})
	for _, want := range []string{`behaviour "/a": no origin "ghost"`, `behaviour "": PathPattern is empty`, "does not compile", "over the limit of 10240",
		`Headers: behaviour "all"`, `Cookies: behaviour "allViewer"`, `QueryStrings: behaviour "some"`, `behaviour "*": no origin ""`,
		`origin "o": CloudFront does not add x-edge-key`, `origin "o": CloudFront does not add Via`} {
		if err == nil || !regexp.MustCompile(regexp.QuoteMeta(want)).MatchString(err.Error()) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "x-own") {
		t.Errorf("a header of one's own is refused: %v", err)
	}
}

// TestOriginGroups: the second origin answers if the first one fails.
func TestOriginGroups(t *testing.T) {
	first, second := &recorder{}, &recorder{answer: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, "our page")
	}}
	c := Config{
		Origins: map[string]Origin{
			"a": {Handler: first, Domain: "a.test", Headers: map[string]string{"X-A": "1"}},
			"b": {Handler: second, Domain: "b.test", Headers: map[string]string{"X-B": "1"}},
		},
		Groups:  map[string]Group{"g": {First: "a", Second: "b", Statuses: []int{403, 404}}},
		Default: Behavior{Origin: "g", Forward: []RequestPolicy{{Headers: Selection{Behavior: "whitelist", Names: []string{"Accept"}}}}},
	}
	for status, want := range map[int]string{200: "a file", 304: "", 403: "our page", 404: "our page", 500: "a file"} {
		first.answer = func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(status)
			if status != http.StatusNotModified {
				io.WriteString(w, "a file")
			}
		}
		first.request, second.request = nil, nil
		r := httptest.NewRequest("GET", "/app/x.js", nil)
		r.Header.Set("Accept", "text/html")
		got := serve(t, c, r)
		asked := second.request != nil
		if body(t, got) != want || asked != (want == "our page") || first.request.Header.Get("X-A") != "1" {
			t.Errorf("%d: %d, second asked: %t", status, got.StatusCode, asked)
		}
		if asked && (got.StatusCode != 404 || got.Header.Get("Content-Type") != "text/html" || second.request.Host != "b.test" || second.request.URL.Path != "/app/x.js" ||
			second.request.Header.Get("X-B") != "1" || second.request.Header.Get("X-A") != "" || second.request.Header.Get("Accept") != "text/html") {
			t.Errorf("%d: %v, asked %+v", status, got.Header, second.request)
		}
	}
	c.Groups["g"] = Group{First: "a", Second: "c"}
	if err := c.Check(); err == nil || !strings.Contains(err.Error(), `no origin "c"`) {
		t.Errorf("a member that is not there: %v", err)
	}
}
