package web

import (
	"slices"
	"strings"
)

// Routes are the routes of the API, as far as a request can miss them by its method alone.
type Routes struct{ routes []route }

type route struct {
	method string
	parts  []string // of the path
}

// NewRoutes reads route keys such as GET /api/links/{code}, with commas between them.
func NewRoutes(keys string) Routes {
	var r Routes
	for key := range strings.SplitSeq(keys, ",") {
		if method, path, ok := strings.Cut(key, " "); ok {
			r.routes = append(r.routes, route{method, strings.Split(path, "/")})
		}
	}
	return r
}

// Methods returns the methods that are possible at a path, in alphabetical order, none if there
// is no route to it.
func (r Routes) Methods(path string) []string {
	parts := strings.Split(path, "/")
	var methods []string
	for _, route := range r.routes {
		if slices.EqualFunc(route.parts, parts, matches) {
			methods = append(methods, route.method)
		}
	}
	slices.Sort(methods)
	return slices.Compact(methods)
}

// matches reports whether a part of a path is that of a route, or a value of its variable.
func matches(pattern, part string) bool {
	return pattern == part || part != "" && strings.HasPrefix(pattern, "{")
}
