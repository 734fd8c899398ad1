package web_test

import (
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/web"
)

func TestRoutes(t *testing.T) {
	routes := web.NewRoutes("POST /api/links,GET /api/links,POST /api/links/bulk,GET /api/links/{code},PATCH /api/links/{code},GET /api/links/{code}/qr")
	for path, want := range map[string]string{
		"/api/links": "GET POST", "/api/links/go": "GET PATCH", "/api/links/bulk": "GET PATCH POST", "/api/links/go/qr": "GET",
		"/api/links/": "", "/api/links//qr": "", "/api/links/go/": "", "/api": "", "/api/linkss": "", "/api/links/go/qr/x": "", "/": "", "": "", "/go": "",
	} {
		if got := strings.Join(routes.Methods(path), " "); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if got := web.NewRoutes("").Methods("/api/links"); got != nil {
		t.Errorf("no routes: %q", got)
	}
}
