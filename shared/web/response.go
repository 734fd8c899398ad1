package web

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/aws/aws-lambda-go/events"
)

// Response is an answer before it is encoded. Its headers belong to it alone:
// With copies, so that no two answers ever share a map.
type Response struct {
	Status  int
	Headers map[string]string
	cookies []string
	body    any // nil, string, []byte, or a value to be encoded as JSON
}

// JSON answers with v encoded as JSON.
func JSON(status int, v any) Response {
	return Response{Status: status, body: jsonBody{v}}.With("Content-Type", "application/json")
}

// HTML answers with a page. The caller has escaped what needs it.
func HTML(status int, page string) Response {
	return Response{Status: status, body: page}.With("Content-Type", "text/html; charset=utf-8")
}

// Text answers with plain text.
func Text(status int, text string) Response {
	return Response{Status: status, body: text}.With("Content-Type", "text/plain; charset=utf-8")
}

// Bytes answers with data of the given media type.
func Bytes(status int, contentType string, data []byte) Response {
	return Response{Status: status, body: data}.With("Content-Type", contentType)
}

// Empty answers without a body.
func Empty(status int) Response { return Response{Status: status} }

// With returns the response with a header set.
func (r Response) With(name, value string) Response {
	headers := make(map[string]string, len(r.Headers)+1)
	maps.Copy(headers, r.Headers)
	headers[name] = value
	r.Headers = headers
	return r
}

// WithCookie returns the response with one more cookie set.
func (r Response) WithCookie(c *http.Cookie) Response {
	r.cookies = append(slices.Clone(r.cookies), c.String())
	return r
}

type jsonBody struct{ value any }

func (r Response) encode() (events.APIGatewayV2HTTPResponse, error) {
	out := events.APIGatewayV2HTTPResponse{StatusCode: r.Status, Headers: r.Headers, Cookies: r.cookies}
	switch body := r.body.(type) {
	case nil:
	case string:
		out.Body = body
	case []byte:
		out.Body, out.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	case jsonBody:
		encoded, err := json.Marshal(body.value)
		if err != nil {
			return out, fmt.Errorf("encode response: %w", err)
		}
		out.Body = string(encoded)
	}
	return out, nil
}
