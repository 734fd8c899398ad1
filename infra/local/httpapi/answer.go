package httpapi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// answer is the response to the client.
type answer struct {
	status  int
	header  http.Header
	body    []byte
	message string // only in the gateway's own answers
}

// refuse returns an error response of the gateway, in API Gateway's format.
func refuse(status int, message string) *answer {
	return &answer{status, http.Header{"Content-Type": {"application/json"}}, marshal(map[string]string{"message": message}), message}
}

// interpret converts a function's result to an answer: a response with a statusCode,
// or any other JSON, which becomes the body of a 200 response. It returns an error for
// a malformed response.
func interpret(out []byte) (*answer, error) {
	if !json.Valid(out) {
		return nil, errors.New("the response is not JSON")
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(out, &fields) == nil && fields["statusCode"] != nil {
		return response(fields)
	}
	body := bytes.TrimSpace(out)
	var text string
	if body[0] == '"' && json.Unmarshal(out, &text) == nil {
		body = []byte(text)
	}
	return &answer{status: http.StatusOK, header: http.Header{"Content-Type": {"application/json"}}, body: body}, nil
}

func response(fields map[string]json.RawMessage) (*answer, error) {
	a := &answer{header: http.Header{}}
	var headers map[string]any
	var cookies []string
	var body string
	var encoded bool
	parts := []struct {
		name string
		into any
	}{
		{"statusCode", &a.status}, {"headers", &headers}, {"cookies", &cookies}, {"body", &body}, {"isBase64Encoded", &encoded},
	}
	for _, p := range parts {
		raw := fields[p.name]
		if raw == nil {
			continue
		}
		if err := decode(raw, p.into); err != nil {
			return nil, fmt.Errorf("%s of the response: %w", p.name, err)
		}
	}
	if a.status < 200 || a.status > 599 {
		return nil, fmt.Errorf("statusCode %d of the response is not valid", a.status)
	}
	for _, name := range slices.Sorted(maps.Keys(headers)) { // if a name occurs in two spellings, the last in sort order wins
		switch v := headers[name].(type) {
		case nil:
		case string, bool, json.Number:
			a.header.Set(name, fmt.Sprint(v))
		default:
			return nil, fmt.Errorf("header %q of the response is not a string", name)
		}
	}
	if own := a.header["Set-Cookie"]; len(cookies) > 0 { // the field "cookies" comes first
		a.header["Set-Cookie"] = append(slices.Clone(cookies), own...)
	}
	a.body = []byte(body)
	if encoded {
		decoded, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			return nil, fmt.Errorf("body of the response: %w", err)
		}
		a.body = decoded
	}
	if len(a.body) > 0 && a.header.Get("Content-Type") == "" {
		a.header.Set("Content-Type", "text/plain;charset=utf-8")
	}
	return a, nil
}

// decode parses JSON. It does not convert numbers, so they keep their spelling.
func decode(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(into)
}

// send writes the answer and returns the number of bytes of the body that were sent.
// Content-Length is always the real length of the body, even if the function set
// another one. HEAD gets the header without the body.
func (a *answer) send(w http.ResponseWriter, head bool) int {
	h := w.Header()
	for name, values := range a.header {
		if name != "Content-Length" && !slices.Contains(hopByHop[:], name) {
			h[name] = values
		}
	}
	if a.status == http.StatusNoContent || a.status == http.StatusNotModified {
		w.WriteHeader(a.status)
		return 0
	}
	if h.Get("Content-Type") == "" {
		h["Content-Type"] = nil // prevents content sniffing by net/http
	}
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	if head {
		return 0
	}
	n, _ := w.Write(a.body) // an error means that the client has gone
	return n
}
