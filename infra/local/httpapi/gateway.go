package httpapi

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	maxBody     = 10 << 20
	maxHeaders  = 10_240
	maxTimeout  = 30 * time.Second
	urlTimeout  = 15*time.Minute + 10*time.Second // of function URLs; the function's own time-out is shorter
	authTimeout = 10 * time.Second
)

var errTimeout = errors.New("httpapi: the integration timed out")

type gateway struct {
	Config
	routes      []*route // most specific first
	authorizers map[string]*authorizer
	stage       *bucket
}

// New checks the configuration and returns the stage as a handler. The error lists all
// invalid settings.
func New(c Config) (http.Handler, error) {
	g, err := newGateway(c)
	if c.Invoke == nil {
		err = errors.Join(errors.New("httpapi: the setting Invoke is required"), err)
	}
	if err != nil {
		return nil, err
	}
	return g, nil
}

// Check returns an error that lists all invalid settings. Invoke and AccessLog may be nil.
func (c Config) Check() error {
	_, err := newGateway(c)
	return err
}

func newGateway(c Config) (*gateway, error) {
	c = withDefaults(c)
	g := &gateway{Config: c, authorizers: map[string]*authorizer{}}
	var problems []error
	bucket, err := newBucket(c.Throttle, c.Now)
	problems = append(problems, err)
	g.stage = bucket
	for _, a := range c.Authorizers {
		made, err := newAuthorizer(a)
		if g.authorizers[a.Name] != nil {
			err = fmt.Errorf("authorizer %q is defined twice", a.Name)
		}
		problems = append(problems, err)
		g.authorizers[a.Name] = made
	}
	limit := maxTimeout
	if c.FunctionURL {
		limit = urlTimeout
	}
	g.routes, err = newRoutes(c.Routes, g.authorizers, limit, c.Now)
	problems = append(problems, err)
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("httpapi: %w", err)
	}
	return g, nil
}

func withDefaults(c Config) Config {
	defaults := []struct {
		setting *string
		value   string
	}{
		{&c.APIID, "local"}, {&c.AccountID, "000000000000"}, {&c.Region, "us-east-1"}, {&c.Stage, "$default"},
	}
	for _, d := range defaults {
		if *d.setting == "" {
			*d.setting = d.value
		}
	}
	if c.Domain == "" {
		c.Domain = c.APIID + ".execute-api." + c.Region + ".amazonaws.com"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.NewID == nil {
		c.NewID = newID
	}
	if c.AccessLog != nil {
		c.AccessLog = &lineWriter{w: c.AccessLog}
	}
	return c
}

// newID returns a request ID in API Gateway's format: 15 characters and "=".
func newID() string {
	var b [11]byte
	rand.Read(b[:]) // never fails
	return base64.URLEncoding.EncodeToString(b[:])
}

// exchange is the state of one request in the gateway.
type exchange struct {
	*http.Request
	g      *gateway
	id     string
	at     time.Time
	path   string // the path to match with routes: decoded, without the stage
	source string // the peer's address
	route  *route
	params map[string]string
	claims map[string]any // the authorizer's context
	token  *token         // accepted by a JWT authorizer

	// For the access log:
	took     time.Duration // duration of the integration
	returned int           // the function's own status; 0 for none
	problem  string        // the error of the function or authorizer
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{Request: decoded(r), g: g, id: g.NewID(), at: g.Now(), source: peer(r)}
	x.path = x.URL.Path
	a := x.answer()
	g.CORS.decorate(r.Header.Get("Origin"), a.header)
	a.header.Set("Apigw-Requestid", x.id)
	length := a.send(w, r.Method == http.MethodHead)
	if g.AccessLog != nil {
		io.WriteString(g.AccessLog, x.logLine(a, length)+"\n")
	}
}

// decoded returns the request as API Gateway sees it. API Gateway decodes the path
// first, so an encoded question mark also ends the path.
func decoded(r *http.Request) *http.Request {
	path, _, cut := strings.Cut(r.URL.Path, "?")
	if !cut {
		return r
	}
	r = r.Clone(r.Context())
	r.URL.Path, r.URL.RawPath = path, ""
	return r
}

// peer returns the address of the client's end of the connection. Behind CloudFront it
// is an address of CloudFront.
func peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func (x *exchange) answer() *answer {
	if headerBytes(x.Request) > maxHeaders {
		return refuse(http.StatusRequestHeaderFieldsTooLarge, "Request Header Fields Too Large")
	}
	if x.ContentLength > maxBody {
		return refuse(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
	}
	if !x.g.FunctionURL && health(x.path) {
		return &answer{status: http.StatusOK, header: http.Header{"Content-Type": {"text/plain"}}, body: []byte("Healthy Connection")}
	}
	if !x.enterStage() {
		return refuse(http.StatusNotFound, "Not Found")
	}
	if a := x.g.CORS.preflight(x.Request); a != nil {
		return a
	}
	if x.route, x.params = match(x.g.routes, x.Method, x.path); x.route == nil || !known(x.Method) {
		x.route = nil
		return refuse(http.StatusNotFound, "Not Found")
	}
	if b := x.bucket(); !b.take() {
		return refuse(http.StatusTooManyRequests, "Too Many Requests")
	}
	if a := x.authorize(); a != nil {
		return a
	}
	if x.g.Signed && (x.g.Allowed == nil || !x.g.Allowed(x.Request, x.route.Function)) {
		a := refuse(http.StatusForbidden, "Forbidden")
		a.body = marshal(map[string]string{"Message": "Forbidden"})
		return a
	}
	body, err := io.ReadAll(io.LimitReader(x.Body, maxBody+1))
	if err != nil {
		x.problem = err.Error()
		return refuse(http.StatusBadRequest, "Bad Request")
	}
	if len(body) > maxBody {
		return refuse(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
	}
	return x.integrate(body)
}

// health reports whether API Gateway answers a path itself, for every API.
func health(path string) bool { return path == "/ping" || path == "/sping" }

// enterStage removes the stage from the path. It returns false if the path has another
// stage. $default is not part of paths.
func (x *exchange) enterStage() bool {
	if x.g.Stage == "$default" {
		return true
	}
	rest, ok := strings.CutPrefix(x.path, "/"+x.g.Stage)
	if !ok || rest != "" && rest[0] != '/' {
		return false
	}
	x.path = "/" + strings.TrimPrefix(rest, "/")
	return true
}

func (x *exchange) bucket() *bucket {
	if x.route.bucket != nil {
		return x.route.bucket
	}
	return x.g.stage
}

func (x *exchange) integrate(body []byte) *answer {
	began := x.g.Now()
	out, err := x.call(x.route.Function, x.event(body), x.route.Timeout)
	x.took = x.g.Now().Sub(began)
	if err != nil {
		x.problem = err.Error()
		if x.g.FunctionURL {
			return refuseURL(err)
		}
		if errors.Is(err, errTimeout) || errors.Is(err, ErrThrottled) {
			return refuse(http.StatusServiceUnavailable, "Service Unavailable")
		}
		if errors.Is(err, ErrTooLarge) {
			return refuse(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		}
		return refuse(http.StatusInternalServerError, "Internal Server Error")
	}
	a, err := interpret(out)
	if err != nil {
		x.problem = err.Error()
		if x.g.FunctionURL {
			return refuseURL(err)
		}
		return refuse(http.StatusInternalServerError, "Internal Server Error")
	}
	x.returned = a.status
	return a
}

// refuseURL returns the error response of a function URL.
func refuseURL(err error) *answer {
	status, message := http.StatusBadGateway, "Internal Server Error"
	switch {
	case errors.Is(err, ErrThrottled):
		status, message = http.StatusTooManyRequests, "Rate Exceeded."
	case errors.Is(err, ErrTooLarge):
		status, message = http.StatusRequestEntityTooLarge, "Request Entity Too Large"
	}
	a := refuse(status, message)
	a.body = marshal(map[string]string{"Message": message})
	if status == http.StatusBadGateway {
		a.header, a.body = http.Header{"Content-Type": {"text/plain"}}, []byte(message)
	}
	return a
}

// known reports whether routes may have a method. ANY does not include other methods, such as TRACE.
func known(method string) bool { return method != "ANY" && slices.Contains(methods[:], method) }

// call invokes a function and waits for at most limit; after that the invocation still
// continues. It also returns an error if the function itself fails.
func (x *exchange) call(function string, payload []byte, limit time.Duration) ([]byte, error) {
	type result struct {
		out     []byte
		problem string
		err     error
	}
	done := make(chan result, 1)
	ctx := context.WithoutCancel(x.Context())
	go func() {
		out, problem, err := x.g.Invoke(ctx, function, payload)
		done <- result{out, problem, err}
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case r := <-done:
		if r.err == nil && r.problem != "" {
			r.err = fmt.Errorf("function %s: %s", function, r.problem)
		}
		return r.out, r.err
	case <-timer.C:
		return nil, errTimeout
	}
}

// headerBytes returns the size of the request line and the headers.
func headerBytes(r *http.Request) int {
	const frame = len(": \r\n")
	n := len(r.Method) + len(r.URL.RequestURI()) + len(r.Proto) + frame + len("Host") + len(r.Host) + frame
	for name, values := range r.Header {
		for _, v := range values {
			n += len(name) + len(v) + frame
		}
	}
	return n
}
