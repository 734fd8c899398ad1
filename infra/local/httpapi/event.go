package httpapi

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// event is an event of payload format 2.0, for integrations and for authorizers.
// Authorizers get the first three parts and no body.
type event struct {
	Version               string            `json:"version"`
	Type                  string            `json:"type,omitempty"`
	RouteARN              string            `json:"routeArn,omitempty"`
	IdentitySource        []string          `json:"identitySource,omitempty"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        requestContext    `json:"requestContext"`
	Body                  string            `json:"body,omitempty"`
	PathParameters        map[string]string `json:"pathParameters,omitempty"`
	IsBase64Encoded       *bool             `json:"isBase64Encoded,omitempty"`
	StageVariables        map[string]string `json:"stageVariables,omitempty"`
}

type requestContext struct {
	AccountID    string         `json:"accountId"`
	APIID        string         `json:"apiId"`
	Authorizer   *authorization `json:"authorizer,omitempty"`
	DomainName   string         `json:"domainName"`
	DomainPrefix string         `json:"domainPrefix"`
	HTTP         httpContext    `json:"http"`
	RequestID    string         `json:"requestId"`
	RouteKey     string         `json:"routeKey"`
	Stage        string         `json:"stage"`
	Time         string         `json:"time"`
	TimeEpoch    int64          `json:"timeEpoch"`
}

// authorization is the output of the route's authorizer.
type authorization struct {
	Lambda *map[string]any `json:"lambda,omitempty"`
	JWT    *token          `json:"jwt,omitempty"`
}

type httpContext struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

const clf = "02/Jan/2006:15:04:05 -0700"

// event returns the payload for the integration.
func (x *exchange) event(body []byte) []byte {
	e := x.envelope(len(body))
	if x.claims != nil {
		e.RequestContext.Authorizer = &authorization{Lambda: &x.claims}
	}
	if x.token != nil {
		e.RequestContext.Authorizer = &authorization{JWT: x.token}
	}
	encoded := len(body) > 0 && !isText(x.Header.Get("Content-Type"))
	e.IsBase64Encoded = &encoded
	e.Body = string(body)
	if encoded {
		e.Body = base64.StdEncoding.EncodeToString(body)
	}
	return marshal(e)
}

// envelope returns the fields that integrations and authorizers have in common. As in
// AWS, rawPath is decoded despite its name (/a%20b becomes "/a b"), and the query string
// is unchanged.
func (x *exchange) envelope(length int) event {
	g := x.g
	prefix, _, _ := strings.Cut(g.Domain, ".")
	return event{
		Version:               "2.0",
		RouteKey:              x.route.Key,
		RawPath:               x.URL.Path,
		RawQueryString:        x.URL.RawQuery,
		Cookies:               cookies(x.Header),
		Headers:               x.headers(length),
		QueryStringParameters: queryParameters(x.URL.RawQuery),
		RequestContext: requestContext{
			AccountID: g.AccountID, APIID: g.APIID, DomainName: g.Domain, DomainPrefix: prefix,
			HTTP:      httpContext{x.Method, x.URL.Path, x.Proto, x.source, x.UserAgent()},
			RequestID: x.id, RouteKey: x.route.Key, Stage: g.Stage,
			Time: x.at.UTC().Format(clf), TimeEpoch: x.at.UnixMilli(),
		},
		PathParameters: x.params,
		StageVariables: g.StageVariables,
	}
}

// marshal encodes JSON like API Gateway, without escaping &, < and >.
func marshal(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // cannot fail: only strings and decoded JSON
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// isText reports whether a body is passed as text. All other bodies, including forms,
// are encoded as Base64.
func isText(contentType string) bool {
	media, _, _ := mime.ParseMediaType(contentType)
	switch media {
	case "application/json", "application/xml", "application/javascript":
		return true
	}
	return strings.HasPrefix(media, "text/")
}

// hopByHop are the headers that apply to one connection. They are not forwarded.
var hopByHop = [...]string{"Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

func (x *exchange) headers(length int) map[string]string {
	h := x.Header.Clone()
	for _, name := range hopByHop {
		h.Del(name)
	}
	h.Del("Cookie")
	h.Set("Host", x.Host)
	if x.ContentLength >= 0 {
		length = int(x.ContentLength)
	}
	h.Set("Content-Length", fmt.Sprint(length))
	proto, port := "http", "80"
	if x.TLS != nil {
		proto, port = "https", "443"
	}
	if _, p, err := net.SplitHostPort(x.Host); err == nil {
		port = p
	}
	h.Set("X-Forwarded-Proto", proto)
	h.Set("X-Forwarded-Port", port)
	h.Set("X-Forwarded-For", strings.Join(append(h.Values("X-Forwarded-For"), peer(x.Request)), ", "))
	if h.Get("X-Amzn-Trace-Id") == "" {
		var b [12]byte
		rand.Read(b[:]) // never fails
		h.Set("X-Amzn-Trace-Id", fmt.Sprintf("Root=1-%08x-%x", x.at.Unix(), b))
	}
	joined := make(map[string]string, len(h))
	for name, values := range h {
		joined[strings.ToLower(name)] = strings.Join(values, ",")
	}
	return joined
}

func cookies(h http.Header) []string {
	var list []string
	for _, line := range h.Values("Cookie") {
		for c := range strings.SplitSeq(line, ";") {
			if c = strings.TrimSpace(c); c != "" {
				list = append(list, c)
			}
		}
	}
	return list
}

// queryParameters decodes a query string. The values of a repeated key are joined with
// commas. Text with invalid escapes is not decoded.
func queryParameters(raw string) map[string]string {
	m := map[string]string{}
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		k, v, _ := strings.Cut(pair, "=")
		k, v = unescape(k), unescape(v)
		if before, ok := m[k]; ok {
			v = before + "," + v
		}
		m[k] = v
	}
	return m
}

func unescape(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}
