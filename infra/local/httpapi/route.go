package httpapi

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// kind is the kind of a segment. The kind of a route's last segment determines its priority: lower is more specific.
type kind int

const (
	literal kind = iota
	variable
	greedy
	catchAll // $default
)

type segment struct {
	kind kind
	text string // the literal, or the variable's name
}

type route struct {
	Route
	method   string // "" means any
	segments []segment
	class    kind
	bucket   *bucket // nil: the bucket of the stage
}

func newRoutes(given []Route, authorizers map[string]*authorizer, limit time.Duration, now func() time.Time) ([]*route, error) {
	var routes []*route
	var problems []error
	seen := map[string]bool{}
	if len(given) == 0 {
		problems = append(problems, errors.New("there are no routes"))
	}
	for _, r := range given {
		made, err := newRoute(r, limit, now)
		if err == nil && r.Authorizer != "" && authorizers[r.Authorizer] == nil {
			err = fmt.Errorf("no authorizer %q", r.Authorizer)
		}
		if a := authorizers[r.Authorizer]; err == nil && len(r.Scopes) > 0 && (a == nil || a.JWT == nil) {
			err = errors.New("scopes are for JWT authorizers only")
		}
		if err == nil && seen[r.Key] {
			err = errors.New("is defined twice")
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("route %q: %w", r.Key, err))
			continue
		}
		seen[r.Key] = true
		routes = append(routes, made)
	}
	slices.SortStableFunc(routes, bySpecificity)
	return routes, errors.Join(problems...)
}

func newRoute(r Route, limit time.Duration, now func() time.Time) (*route, error) {
	made := &route{Route: r}
	if r.Function == "" {
		return nil, errors.New("has no function")
	}
	switch {
	case r.Timeout == 0:
		made.Timeout = limit
	case r.Timeout < 0 || r.Timeout > limit:
		return nil, fmt.Errorf("timeout %v is not between 0 and %v", r.Timeout, limit)
	}
	if r.Throttle != (Throttle{}) {
		b, err := newBucket(r.Throttle, now)
		if err != nil {
			return nil, err
		}
		made.bucket = b
	}
	if r.Key == "$default" {
		made.class = catchAll
		return made, nil
	}
	if _, path, _ := strings.Cut(r.Key, " "); health(path) {
		return nil, errors.New("API Gateway answers this path itself")
	}
	return made, made.parse(r.Key)
}

var methods = [...]string{"ANY", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

func (r *route) parse(key string) error {
	method, path, ok := strings.Cut(key, " ")
	if !ok || !strings.HasPrefix(path, "/") {
		return errors.New(`is not "METHOD /path" or "$default"`)
	}
	if !slices.Contains(methods[:], method) {
		return fmt.Errorf("method %q is not one of %s", method, strings.Join(methods[:], ", "))
	}
	if method != "ANY" {
		r.method = method
	}
	names := map[string]bool{}
	parts := strings.Split(path[1:], "/")
	for i, part := range parts {
		if part == "" && path != "/" {
			return errors.New("a segment is empty: no route ends in a slash")
		}
		s, err := newSegment(part)
		if err != nil {
			return err
		}
		if s.kind == greedy && i < len(parts)-1 {
			return fmt.Errorf("greedy variable {%s+} is not the last segment", s.text)
		}
		if s.kind != literal && names[s.text] {
			return fmt.Errorf("variable %q is used twice", s.text)
		}
		names[s.text] = s.kind != literal
		r.segments = append(r.segments, s)
		r.class = max(r.class, s.kind)
	}
	return nil
}

func newSegment(part string) (segment, error) {
	if !strings.ContainsAny(part, "{}") {
		return segment{literal, part}, nil
	}
	name, ok := strings.CutPrefix(part, "{")
	name, closed := strings.CutSuffix(name, "}")
	name, all := strings.CutSuffix(name, "+")
	if !ok || !closed || name == "" || strings.ContainsAny(name, "{}+") {
		return segment{}, fmt.Errorf("segment %q is not a literal, {name} or {name+}", part)
	}
	if all {
		return segment{greedy, name}, nil
	}
	return segment{variable, name}, nil
}

// bySpecificity sorts routes: exact paths first, then those with variables, greedy ones
// and $default; then by the first segment that differs; then a method before ANY.
func bySpecificity(a, b *route) int {
	if c := cmp.Compare(a.class, b.class); c != 0 {
		return c
	}
	for i := range min(len(a.segments), len(b.segments)) {
		if c := cmp.Compare(a.segments[i].kind, b.segments[i].kind); c != 0 {
			return c
		}
	}
	if c := cmp.Compare(len(b.segments), len(a.segments)); c != 0 {
		return c
	}
	return strings.Compare(b.method, a.method)
}

// match finds the route of a request. Like API Gateway, it matches the decoded path: an
// encoded slash also separates segments.
func match(routes []*route, method, path string) (*route, map[string]string) {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for _, r := range routes {
		if r.method != "" && r.method != method {
			continue
		}
		if params, ok := r.accept(parts); ok {
			return r, params
		}
	}
	return nil, nil
}

func (r *route) accept(parts []string) (map[string]string, bool) {
	if r.class == catchAll {
		return nil, true
	}
	if len(parts) < len(r.segments) || len(parts) > len(r.segments) && r.class != greedy {
		return nil, false
	}
	params := map[string]string{}
	for i, s := range r.segments {
		part := parts[i]
		if s.kind == greedy {
			part = strings.Join(parts[i:], "/")
		}
		if s.kind == literal && part != s.text || s.kind != literal && part == "" {
			return nil, false
		}
		if s.kind != literal {
			params[s.text] = part
		}
	}
	return params, true
}
