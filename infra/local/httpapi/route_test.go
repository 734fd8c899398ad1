package httpapi

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMatch(t *testing.T) {
	keys := []string{
		"$default", "ANY /{proxy+}", "GET /{code}", "HEAD /{code}", "GET /api/links", "GET /api/links/{code}", "ANY /api/links/{code}",
		"GET /api/links/new", "GET /api/{proxy+}", "POST /api/links", "GET /api/links/{code}/stats", "GET /{a}/links/old", "ANY /",
		"GET /pets", "ANY /pets",
	}
	tests := []struct {
		method, path, want string
		params             map[string]string
	}{
		{"GET", "/", "ANY /", nil},
		{"GET", "/abc", "GET /{code}", map[string]string{"code": "abc"}},
		{"HEAD", "/abc", "HEAD /{code}", map[string]string{"code": "abc"}},
		{"POST", "/abc", "ANY /{proxy+}", map[string]string{"proxy": "abc"}},
		{"GET", "/api/links", "GET /api/links", nil},
		{"HEAD", "/api/links", "ANY /{proxy+}", map[string]string{"proxy": "api/links"}}, // GET routes do not match HEAD
		{"GET", "/api/links/abc", "GET /api/links/{code}", map[string]string{"code": "abc"}},
		{"PUT", "/api/links/abc", "ANY /api/links/{code}", map[string]string{"code": "abc"}},
		{"GET", "/api/links/new", "GET /api/links/new", nil},
		{"PUT", "/api/links/new", "ANY /api/links/{code}", map[string]string{"code": "new"}},
		{"GET", "/api/links/old", "GET /api/links/{code}", map[string]string{"code": "old"}},
		{"GET", "/x/links/old", "GET /{a}/links/old", map[string]string{"a": "x"}},
		{"GET", "/api/links/a/stats", "GET /api/links/{code}/stats", map[string]string{"code": "a"}},
		{"GET", "/api/a/b/c", "GET /api/{proxy+}", map[string]string{"proxy": "a/b/c"}},
		{"GET", "/api/links/", "GET /api/{proxy+}", map[string]string{"proxy": "links/"}},
		{"GET", "/pets", "GET /pets", nil},
		{"POST", "/pets", "ANY /pets", nil},
		{"GET", "//", "ANY /{proxy+}", map[string]string{"proxy": "/"}},
		{"GET", "/a+b é", "GET /{code}", map[string]string{"code": "a+b é"}},
	}
	for _, order := range []string{"as given", "reversed"} {
		var given []Route
		for _, k := range keys {
			given = append(given, Route{Key: k, Function: "f"})
		}
		if order == "reversed" {
			slices.Reverse(given)
		}
		routes, err := newRoutes(given, nil, maxTimeout, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range tests {
			r, params := match(routes, tt.method, tt.path)
			if r == nil || r.Key != tt.want {
				t.Errorf("%s: %s %s went to %v, want %s", order, tt.method, tt.path, r, tt.want)
				continue
			}
			if diff := cmp.Diff(len(tt.params), len(params)); diff != "" || len(params) > 0 && !cmp.Equal(tt.params, params) {
				t.Errorf("%s: %s %s: params %v, want %v", order, tt.method, tt.path, params, tt.params)
			}
		}
	}
}

func TestMatchNothing(t *testing.T) {
	routes, err := newRoutes([]Route{{Key: "GET /a/{b}", Function: "f"}, {Key: "GET /g/{p+}", Function: "f"}}, nil, maxTimeout, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/a", "/a/", "/a/b/c", "/A/b", "/g", "/g/"} {
		if r, _ := match(routes, "GET", path); r != nil {
			t.Errorf("%s went to %s", path, r.Key)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	routes := map[string]string{
		"GET /ping":        "answers this path itself",
		"GET /a/":          "no route ends in a slash",
		"GET //a":          "a segment is empty",
		"":                 `is not "METHOD /path"`,
		"GET":              `is not "METHOD /path"`,
		"GET path":         `is not "METHOD /path"`,
		"get /x":           `method "get"`,
		"GET /a{b}":        "not a literal, {name} or {name+}",
		"GET /{}":          "not a literal, {name} or {name+}",
		"GET /{a}/{a}":     `"a" is used twice`,
		"GET /{a+}/b":      "{a+} is not the last segment",
		"GET /slow":        "timeout 31s",
		"GET /unlimited":   "throttle needs",
		"GET /guarded":     `no authorizer "ghost"`,
		"GET /no-function": "has no function",
	}
	c := Config{Authorizers: []Authorizer{{Name: "bad", Function: "f", TTL: 2 * time.Hour, IdentitySources: []string{"Authorization"}},
		{Name: "cached", Function: "f", TTL: time.Minute}, {}}, Throttle: Throttle{Burst: 1}}
	for key := range routes {
		r := Route{Key: key, Function: "f"}
		switch key {
		case "GET /slow":
			r.Timeout = 31 * time.Second
		case "GET /unlimited":
			r.Throttle.Rate = 1
		case "GET /guarded":
			r.Authorizer = "ghost"
		case "GET /no-function":
			r.Function = ""
		}
		c.Routes = append(c.Routes, r)
	}
	c.Routes = append(c.Routes, Route{Key: "GET /twice", Function: "f"}, Route{Key: "GET /twice", Function: "g"})
	_, err := New(c)
	if err == nil {
		t.Fatal("everything was taken")
	}
	wants := []string{"Invoke is required", `"GET /twice": is defined twice`, "TTL 2h0m0s", `identity source "Authorization"`,
		`"cached": TTL needs identity sources`, "name is required, and either a function or an issuer", "a burst of at least 1, not 0 and 1"}
	for _, want := range routes {
		wants = append(wants, want)
	}
	for _, want := range wants {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
	if _, err := New(Config{}); err == nil {
		t.Errorf("an empty configuration: %v", err)
	}
}
