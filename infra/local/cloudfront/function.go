package cloudfront

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/dop251/goja"
)

const (
	maxSource = 10 << 10
	// maxRun ends infinite loops. It is far above the real limit (about 1 ms), so
	// correct functions do not fail on a busy machine.
	maxRun = time.Second
)

// function is a compiled CloudFront Function. Each request gets a new runtime, so globals
// do not survive: functions cannot rely on that in AWS either.
type function struct {
	prelude, program *goja.Program
}

func compile(source string) (*function, error) {
	if len(source) > maxSource {
		return nil, fmt.Errorf("the function's code is %d bytes, over the limit of %d", len(source), maxSource)
	}
	program, err := goja.Compile("function.js", source, true)
	if err != nil {
		return nil, fmt.Errorf("the function does not compile: %w", err)
	}
	limits, err := goja.Compile("prelude.js", prelude, true)
	if err != nil {
		return nil, err
	}
	return &function{limits, program}, nil
}

// item is a header, cookie or query parameter in an event.
type item struct {
	Value      string `json:"value"`
	MultiValue []item `json:"multiValue,omitempty"`
	Attributes string `json:"attributes,omitempty"`
}

// items maps names to values and preserves their order.
type items struct {
	names []string
	by    map[string]item
}

func (l *items) add(name, value string) {
	if l.by == nil {
		l.by = map[string]item{}
	}
	i, again := l.by[name]
	if !again {
		l.names = append(l.names, name)
		l.by[name] = item{Value: value}
		return
	}
	if len(i.MultiValue) == 0 {
		i.MultiValue = []item{{Value: i.Value}}
	}
	i.MultiValue = append(i.MultiValue, item{Value: value})
	l.by[name] = i
}

func (l items) each(do func(name string, i item)) {
	for _, name := range l.names {
		values := l.by[name].MultiValue
		if len(values) == 0 {
			values = []item{l.by[name]}
		}
		for _, i := range values {
			do(name, i)
		}
	}
}

func (l items) object(vm *goja.Runtime) *goja.Object {
	o := vm.NewObject()
	for _, name := range l.names {
		one := vm.NewObject()
		one.Set("value", l.by[name].Value)
		if many := l.by[name].MultiValue; len(many) > 0 {
			var list []any
			for _, i := range many {
				list = append(list, map[string]any{"value": i.Value})
			}
			one.Set("multiValue", vm.NewArray(list...))
		}
		o.Set(name, one)
	}
	return o
}

// readItems converts an object that a function returned.
func readItems(vm *goja.Runtime, v goja.Value, what string) (items, error) {
	l := items{by: map[string]item{}}
	if empty(v) {
		return l, nil
	}
	o, ok := v.(*goja.Object)
	if !ok {
		return l, fmt.Errorf("%s is not an object", what)
	}
	for _, name := range o.Keys() {
		var i item
		one, ok := o.Get(name).(*goja.Object)
		if !ok || vm.ExportTo(one, &i) != nil || empty(one.Get("value")) && len(i.MultiValue) == 0 {
			return l, fmt.Errorf("%s.%s is not {value: …}", what, name)
		}
		l.names = append(l.names, name)
		l.by[name] = i
	}
	return l, nil
}

func empty(v goja.Value) bool { return v == nil || goja.IsUndefined(v) || goja.IsNull(v) }

// run calls the function and applies its changes to the request. It returns the response
// that the function created, or nil if the request continues to the origin.
func (f *function) run(r *http.Request, b *behavior, d *distribution, id string) (*made, error) {
	vm := goja.New()
	vm.SetFieldNameMapper(goja.TagFieldNameMapper("json", true))
	timer := time.AfterFunc(maxRun, func() { vm.Interrupt("took too long") })
	defer timer.Stop()
	console(vm, d.Output)
	modules(vm)
	if _, err := vm.RunProgram(f.prelude); err != nil {
		return nil, err
	}
	if _, err := vm.RunProgram(f.program); err != nil {
		return nil, err
	}
	handler, ok := goja.AssertFunction(vm.Get("handler"))
	if !ok {
		return nil, errors.New("there is no function named handler")
	}
	before := collect(r, b)
	result, err := handler(goja.Undefined(), before.event(vm, r, d, id))
	if err != nil {
		return nil, err
	}
	if p, ok := result.Export().(*goja.Promise); ok {
		if p.State() != goja.PromiseStateFulfilled {
			return nil, fmt.Errorf("the promise is not fulfilled: %v", p.Result())
		}
		result = p.Result()
	}
	if _, ok := result.(*goja.Object); !ok {
		return nil, errors.New("the function returned neither a request nor a response")
	}
	o := result.ToObject(vm)
	if !empty(o.Get("statusCode")) {
		return readResponse(vm, o)
	}
	return nil, before.apply(vm, o, r)
}

func console(vm *goja.Runtime, out io.Writer) {
	log := func(c goja.FunctionCall) goja.Value {
		var words []string
		for _, a := range c.Arguments {
			words = append(words, a.String())
		}
		fmt.Fprintln(out, strings.Join(words, " "))
		return goja.Undefined()
	}
	vm.Set("console", map[string]any{"log": log, "error": log})
}

// parts are the headers, cookies and query parameters of a request in an event.
type parts struct {
	headers, cookies, query items
}

// collect returns the parts of a request. A function sees the viewer's headers, and those
// headers of CloudFront that the behaviour's policies name.
func collect(r *http.Request, b *behavior) parts {
	var p parts
	p.headers.add("host", r.Host)
	for name, values := range r.Header {
		own := strings.HasPrefix(name, "Cloudfront-")
		if name == "Cookie" || disallowed(strings.ToLower(name)) || own && !b.forwards(func(p RequestPolicy) bool { return p.Headers.header(name) }) {
			continue
		}
		for _, v := range values {
			p.headers.add(strings.ToLower(name), v)
		}
	}
	for _, line := range r.Header.Values("Cookie") {
		for c := range strings.SplitSeq(line, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(c), "=")
			p.cookies.add(name, value)
		}
	}
	for pair := range strings.SplitSeq(r.URL.RawQuery, "&") {
		if name, value, _ := strings.Cut(pair, "="); pair != "" {
			p.query.add(name, value)
		}
	}
	return p
}

func (p parts) event(vm *goja.Runtime, r *http.Request, d *distribution, id string) goja.Value {
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		address = r.RemoteAddr
	}
	request := vm.NewObject()
	request.Set("method", r.Method)
	request.Set("uri", r.URL.EscapedPath())
	request.Set("querystring", p.query.object(vm))
	request.Set("headers", p.headers.object(vm))
	request.Set("cookies", p.cookies.object(vm))
	event := vm.NewObject()
	event.Set("version", "1.0")
	event.Set("context", map[string]any{
		"distributionDomainName": d.Domain, "distributionId": d.ID, "endpoint": d.Domain,
		"eventType": "viewer-request", "requestId": id,
	})
	event.Set("viewer", map[string]any{"ip": address})
	event.Set("request", request)
	return event
}

// apply changes the request to the one that the function returned. Parts without changes
// keep the viewer's spelling.
func (p parts) apply(vm *goja.Runtime, o *goja.Object, r *http.Request) error {
	if m := o.Get("method"); empty(m) || m.String() != r.Method {
		return errors.New("the function changed the method")
	}
	uri := o.Get("uri")
	if empty(uri) || !strings.HasPrefix(uri.String(), "/") {
		return errors.New("request.uri does not begin with a slash")
	}
	path, err := url.PathUnescape(uri.String())
	if err != nil {
		return fmt.Errorf("request.uri: %w", err)
	}
	r.URL.Path, r.URL.RawPath = path, uri.String()
	query, err := readItems(vm, o.Get("querystring"), "request.querystring")
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(query.by, p.query.by) && len(query.by)+len(p.query.by) > 0 {
		var pairs []string
		query.each(func(name string, i item) { pairs = append(pairs, name+"="+i.Value) })
		r.URL.RawQuery = strings.Join(pairs, "&")
	}
	headers, err := readItems(vm, o.Get("headers"), "request.headers")
	if err != nil {
		return err
	}
	if err := checkHeaders(p.headers, headers); err != nil {
		return err
	}
	cookies, err := readItems(vm, o.Get("cookies"), "request.cookies")
	if err != nil {
		return err
	}
	p.replace(r, headers, cookies)
	return nil
}

func (p parts) replace(r *http.Request, headers, cookies items) {
	for _, name := range p.headers.names {
		r.Header.Del(name)
	}
	headers.each(func(name string, i item) {
		if name = strings.ToLower(name); name == "host" {
			r.Host = i.Value
		} else {
			r.Header.Add(name, i.Value)
		}
	})
	r.Header.Del("Cookie")
	var list []string
	cookies.each(func(name string, i item) { list = append(list, name+"="+i.Value) })
	if len(list) > 0 {
		r.Header.Set("Cookie", strings.Join(list, "; "))
	}
}

// made is a response that a function created.
type made struct {
	status  int
	headers items
	cookies items
	body    []byte
}

func readResponse(vm *goja.Runtime, o *goja.Object) (*made, error) {
	m := &made{status: int(o.Get("statusCode").ToInteger())}
	if m.status < 100 || m.status > 599 {
		return nil, fmt.Errorf("statusCode %d is not valid", m.status)
	}
	var err error
	if m.headers, err = readItems(vm, o.Get("headers"), "response.headers"); err != nil {
		return nil, err
	}
	if err := checkHeaders(items{}, m.headers); err != nil {
		return nil, err
	}
	if m.cookies, err = readItems(vm, o.Get("cookies"), "response.cookies"); err != nil {
		return nil, err
	}
	body := o.Get("body")
	if empty(body) {
		return m, nil
	}
	if _, ok := body.(*goja.Object); !ok {
		m.body = []byte(body.String())
		return m, nil
	}
	var b struct {
		Encoding string `json:"encoding"`
		Data     string `json:"data"`
	}
	if err := vm.ExportTo(body, &b); err != nil {
		return nil, fmt.Errorf("response.body: %w", err)
	}
	m.body = []byte(b.Data)
	if b.Encoding == "base64" {
		m.body, err = base64.StdEncoding.DecodeString(b.Data)
	}
	return m, err
}

func (m *made) send(w *writer) {
	w.hit = "FunctionGeneratedResponse"
	m.headers.each(func(name string, i item) { w.Header().Add(name, i.Value) })
	m.cookies.each(func(name string, i item) {
		c := name + "=" + i.Value
		if i.Attributes != "" {
			c += "; " + i.Attributes
		}
		w.Header().Add("Set-Cookie", c)
	})
	w.WriteHeader(m.status)
	w.Write(m.body) // an error means that the viewer has gone
}
