package cloudfront

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

type distribution struct {
	Config
	behaviors []*behavior // the default one last
	via       string
}

type behavior struct {
	Behavior
	origin   Origin
	second   *Origin   // of an origin group; nil: none
	statuses []int     // on which the second origin is used
	viewer   *function // nil: none
}

// New checks the configuration, compiles the functions, and returns the distribution as a
// handler. The error lists all invalid settings.
func New(c Config) (http.Handler, error) {
	d, err := newDistribution(c)
	if err != nil {
		return nil, err
	}
	for _, b := range d.behaviors {
		if b.origin.Handler == nil || b.second != nil && b.second.Handler == nil {
			return nil, fmt.Errorf("cloudfront: origin %q has no handler", b.Origin)
		}
	}
	return d, nil
}

// Check returns an error that lists all invalid settings. The handlers of origins and Output may be nil.
func (c Config) Check() error {
	_, err := newDistribution(c)
	return err
}

func newDistribution(c Config) (*distribution, error) {
	if c.ID == "" {
		c.ID = "LOCAL00000000"
	}
	if c.Domain == "" {
		c.Domain = "local.cloudfront.net"
	}
	if c.Output == nil {
		c.Output = io.Discard
	}
	d := &distribution{Config: c, via: fmt.Sprintf("1.1 %s (CloudFront)", c.Domain)}
	var problems []error
	for id, origin := range c.Origins {
		for name := range origin.Headers {
			if isReserved(name) {
				problems = append(problems, fmt.Errorf("origin %q: CloudFront does not add %s to requests", id, name))
			}
		}
	}
	last := c.Default
	last.PathPattern = "*"
	for _, b := range append(slices.Clone(c.Behaviors), last) {
		made, err := d.newBehavior(b)
		if err != nil {
			problems = append(problems, fmt.Errorf("behaviour %q: %w", b.PathPattern, err))
		}
		d.behaviors = append(d.behaviors, made)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("cloudfront: %w", err)
	}
	return d, nil
}

func (d *distribution) newBehavior(b Behavior) (*behavior, error) {
	var problems []error
	made := &behavior{Behavior: b}
	id := b.Origin
	if group, ok := d.Groups[id]; ok {
		second, known := d.Origins[group.Second]
		if !known {
			problems = append(problems, fmt.Errorf("no origin %q", group.Second))
		}
		id, made.second, made.statuses = group.First, &second, group.Statuses
	}
	origin, known := d.Origins[id]
	made.origin = origin
	if b.PathPattern == "" {
		problems = append(problems, errors.New("PathPattern is empty"))
	}
	if !known {
		problems = append(problems, fmt.Errorf("no origin %q", id))
	}
	if len(b.AllowedMethods) == 0 {
		made.AllowedMethods = []string{http.MethodGet, http.MethodHead}
	}
	for _, p := range b.Forward {
		problems = append(problems, p.check())
	}
	if b.ViewerRequest != "" {
		f, err := compile(b.ViewerRequest)
		problems = append(problems, err)
		made.viewer = f
	}
	return made, errors.Join(problems...)
}

// matches reports whether a pattern matches a whole path. On a mismatch it only goes back
// to the last star: to retry earlier stars cannot help.
func matches(pattern, path string) bool {
	pattern = "/" + strings.TrimPrefix(pattern, "/")
	star, retry := -1, 0
	i := 0
	for j := 0; j < len(path); {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, retry = i, j
			i++
		case i < len(pattern) && (pattern[i] == '?' || pattern[i] == path[j]):
			i++
			j++
		case star >= 0:
			retry++
			i, j = star+1, retry
		default:
			return false
		}
	}
	return strings.Trim(pattern[i:], "*") == ""
}

// normalize returns the path for matching, without dot segments and unnecessary escapes.
// Origins get the original path.
func normalize(escaped string) string {
	plain := escapes.ReplaceAllStringFunc(escaped, func(s string) string {
		c, _ := url.PathUnescape(s)
		if unreserved.MatchString(c) {
			return c
		}
		return s
	})
	parts := strings.Split(strings.TrimPrefix(plain, "/"), "/")
	var kept []string
	for i, part := range parts {
		dots := part == "." || part == ".."
		if part == ".." && len(kept) > 0 {
			kept = kept[:len(kept)-1]
		}
		if !dots {
			kept = append(kept, part)
		} else if i == len(parts)-1 {
			kept = append(kept, "")
		}
	}
	return "/" + strings.Join(kept, "/")
}

var (
	escapes    = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	unreserved = regexp.MustCompile(`^[A-Za-z0-9._~-]$`)
)

func (d *distribution) find(r *http.Request) *behavior {
	p := normalize(r.URL.EscapedPath())
	i := slices.IndexFunc(d.behaviors, func(b *behavior) bool { return matches(b.PathPattern, p) })
	return d.behaviors[i] // the default behaviour matches all paths
}

// ServeHTTP handles a request with the behaviour for the viewer's path. If a function
// rewrites the path, the behaviour remains the same.
func (d *distribution) ServeHTTP(w http.ResponseWriter, viewer *http.Request) {
	id := newID()
	b := d.find(viewer)
	out := &writer{ResponseWriter: w, policy: b.ResponseHeaders, via: d.via, id: id, hit: "Miss"}
	if strings.ContainsFunc(viewer.URL.Path, isControl) {
		out.fail(http.StatusBadRequest, "Error", "Bad request: the path has a control character.")
		return
	}
	if problem := b.refuse(viewer); problem != "" {
		out.fail(http.StatusForbidden, "Error", problem)
		return
	}
	r := viewer.Clone(viewer.Context())
	addViewerHeaders(r)
	if b.viewer != nil {
		made, err := b.viewer.run(r, b, d, id)
		if err != nil {
			fmt.Fprintf(d.Output, "viewer-request function of %q: %v\n", b.PathPattern, err)
			out.fail(http.StatusServiceUnavailable, "FunctionExecutionError",
				"The CloudFront function associated with the CloudFront distribution is invalid or could not run.")
			return
		}
		if made != nil {
			made.send(out)
			return
		}
	}
	if r.URL.Path == "/" && d.DefaultRootObject != "" {
		r.URL.Path, r.URL.RawPath = "/"+d.DefaultRootObject, ""
	}
	if b.Compress && r.Method == http.MethodGet && acceptsGzip(viewer.Header) {
		out.compress = true
	}
	defer out.close()
	b.ask(out, r, viewer, d.via, id)
}

// ask sends the request to the origin, and on failure to the second one of its group.
func (b *behavior) ask(w http.ResponseWriter, r, viewer *http.Request, via, id string) {
	again := r.Clone(r.Context())
	b.forward(r, viewer, b.origin, via, id)
	if b.second == nil {
		b.origin.Handler.ServeHTTP(w, r)
		return
	}
	first := &attempt{ResponseWriter: w, header: http.Header{}, statuses: b.statuses}
	b.origin.Handler.ServeHTTP(first, r)
	if !first.failed {
		return
	}
	b.forward(again, viewer, *b.second, via, id)
	b.second.Handler.ServeHTTP(w, again)
}

// attempt is the response of the first origin. It is discarded if it has one of the statuses.
type attempt struct {
	http.ResponseWriter
	header        http.Header
	statuses      []int
	wrote, failed bool
}

func (a *attempt) Header() http.Header { return a.header }

func (a *attempt) WriteHeader(status int) {
	if a.wrote {
		return
	}
	a.wrote, a.failed = true, slices.Contains(a.statuses, status)
	if a.failed {
		return
	}
	maps.Copy(a.ResponseWriter.Header(), a.header)
	a.ResponseWriter.WriteHeader(status)
}

func (a *attempt) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.failed {
		return len(p), nil
	}
	return a.ResponseWriter.Write(p)
}

// isControl reports whether a character is a control character, which paths must not contain. The server itself
// rejects invalid escapes.
func isControl(c rune) bool { return c < ' ' || c == 0x7f }

func (b *behavior) refuse(r *http.Request) string {
	if !slices.Contains(b.AllowedMethods, r.Method) {
		return "This distribution is not configured to allow the HTTP request method that was used for this request."
	}
	if r.Method == http.MethodGet && r.ContentLength != 0 {
		return "Bad request: a GET request must not have a body."
	}
	return ""
}

// newID returns a request ID in CloudFront's format.
func newID() string {
	var b [40]byte
	rand.Read(b[:]) // never fails
	return base64.URLEncoding.EncodeToString(b[:])
}
