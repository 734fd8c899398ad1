package web

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
)

// MaxBody is the largest request body in bytes that a handler reads.
const MaxBody = 64 << 10

// Request is what a visitor asked, as API Gateway tells it.
type Request struct {
	events.APIGatewayV2HTTPRequest
}

// Path returns a variable of the route, "" when there is none.
func (r Request) Path(name string) string { return r.PathParameters[name] }

// Query returns a parameter of the query string, "" when there is none.
func (r Request) Query(name string) string { return r.QueryStringParameters[name] }

// Values returns all values of a parameter of the query string, in their order.
func (r Request) Values(name string) []string {
	query, _ := url.ParseQuery(r.RawQueryString) // what is malformed is left out
	return query[name]
}

// Header returns a header's value, "" when there is none. API Gateway sends
// names in lower case.
func (r Request) Header(name string) string { return r.Headers[strings.ToLower(name)] }

// Body returns the decoded body. Over MaxBody bytes it is a TooLarge fault.
func (r Request) Body() ([]byte, error) {
	body := []byte(r.APIGatewayV2HTTPRequest.Body)
	if r.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(r.APIGatewayV2HTTPRequest.Body)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, "The body is not valid base64.", err)
		}
		body = decoded
	}
	if len(body) > MaxBody {
		return nil, fault.New(fault.TooLarge, fmt.Sprintf("The body has %d bytes; at most %d are taken.", len(body), MaxBody))
	}
	return body, nil
}

// JSON decodes the body into the struct that v points to, as Decode does.
func (r Request) JSON(v any) error {
	body, err := r.Body()
	if err != nil {
		return err
	}
	return Decode(body, v)
}

// Decode decodes a body into the struct that v points to. The body must be one JSON
// object in UTF-8, and each of its members a field of the struct, by exactly its name
// and once. A field can be null only if its type decodes JSON itself, and not be "" or 0 if
// its tag is `web:"filled"`. Mistakes are a fault that names the fields if possible.
func Decode(body []byte, v any) error {
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return fault.New(fault.Invalid, "The body is empty; a JSON object is expected.")
	case !utf8.Valid(body):
		return errNotUTF8
	case body[0] != '{': // encoding/json decodes null into any struct
		return fault.New(fault.Invalid, "The body must be a JSON object.")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	err := decoder.Decode(v)
	wrong, isType := errors.AsType[*json.UnmarshalTypeError](err)
	if err != nil && (!isType || wrong.Field == "") {
		return fault.Wrap(fault.Invalid, "The body is not a valid JSON object.", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "The body goes on after its JSON object.")
	}
	if replaced(body) {
		return errNotUTF8
	}
	mistakes := members(body, v)
	if isType {
		mistakes = append(mistakes, wrongType(v, wrong))
	}
	return fault.Fields(mistakes...)
}

const maxKey = 255 // bytes of an idempotency key

// IdempotencyKey is the header of this name, "" when there is none. One that is too long is
// an Invalid fault.
func (r Request) IdempotencyKey() (string, error) {
	key := r.Header("Idempotency-Key")
	if len(key) > maxKey {
		return "", fault.Fields(fault.Field{
			Name: "Idempotency-Key", Message: fmt.Sprintf("It has %d bytes; at most %d are allowed.", len(key), maxKey),
		})
	}
	return key, nil
}

// Unavailable is the name in an authorizer's context, beside no owner, that lets a
// request pass whose key could not be checked: Caller then fails with an error that
// is answered 503, where an authorizer's own error would become the gateway's bare 500.
const Unavailable = "unavailable"

// Caller is who asks, as the authorizer found out from the API key.
type Caller struct {
	Owner  string
	Scopes []key.Scope
}

// Caller returns who asks, if their key has the scope or is an admin's;
// otherwise a Denied fault that names the scope. If the key could not be checked,
// the error is none of the caller's and answered 503.
func (r Request) Caller(scope key.Scope) (Caller, error) {
	if r.RequestContext.Authorizer == nil {
		return Caller{}, fault.New(fault.Denied, "An API key is needed.")
	}
	context := r.RequestContext.Authorizer.Lambda
	if unavailable, _ := context[Unavailable].(string); unavailable != "" {
		return Caller{}, errUnavailable
	}
	owner, _ := context["owner"].(string)
	scopes, _ := context["scopes"].(string)
	caller := Caller{Owner: owner}
	for _, scope := range strings.Fields(scopes) {
		caller.Scopes = append(caller.Scopes, key.Scope(scope))
	}
	if owner == "" {
		return Caller{}, fault.New(fault.Denied, "An API key is needed.")
	}
	if !caller.has(scope) && !caller.has(key.Admin) {
		return Caller{}, fault.New(fault.Denied, "Your API key lacks the scope "+string(scope)+".")
	}
	return caller, nil
}

// Owns reports whether the caller may see and change what owner made.
func (c Caller) Owns(owner string) bool { return c.Owner == owner || c.Admin() }

// Admin reports whether the caller is an admin.
func (c Caller) Admin() bool { return c.has(key.Admin) }

func (c Caller) has(scope key.Scope) bool { return slices.Contains(c.Scopes, scope) }

// Prefers returns the first media type of the Accept header, in the visitor's
// order of quality, that is offered; the first offer when there is no header
// or nothing fits. It understands `*/*` and `type/*`.
func (r Request) Prefers(offers ...string) string {
	best, bestQuality := offers[0], 0.0
	for entry := range strings.SplitSeq(r.Header("accept"), ",") {
		mediaType, quality := parseAccept(entry)
		if quality <= bestQuality {
			continue
		}
		for _, offer := range offers {
			if accepts(mediaType, offer) {
				best, bestQuality = offer, quality
				break
			}
		}
	}
	return best
}

// maxLanguages is how many languages of a visitor are looked at.
const maxLanguages = 20

// Languages returns the visitor's languages in their order of preference, in lower
// case, such as de-at. One of quality 0 is not among them.
func (r Request) Languages() []string {
	type wanted struct {
		language string
		quality  float64
	}
	var all []wanted
	for entry := range strings.SplitSeq(r.Header("accept-language"), ",") {
		language, quality := parseAccept(entry)
		if quality > 0 && language != "" && len(all) < maxLanguages {
			all = append(all, wanted{language, quality})
		}
	}
	slices.SortStableFunc(all, func(a, b wanted) int { return cmp.Compare(b.quality, a.quality) })
	languages := make([]string, len(all))
	for i, w := range all {
		languages[i] = w.language
	}
	return languages
}

// parseAccept reads an entry of Accept or Accept-Language.
func parseAccept(entry string) (value string, quality float64) {
	mediaType, parameters, _ := strings.Cut(entry, ";")
	quality = 1
	for _, parameter := range strings.Split(parameters, ";") {
		if value, ok := strings.CutPrefix(strings.TrimSpace(parameter), "q="); ok {
			parsed, err := strconv.ParseFloat(value, 64)
			if err != nil || !(parsed >= 0 && parsed <= 1) { // NaN is neither
				return "", 0
			}
			quality = parsed
		}
	}
	return strings.ToLower(strings.TrimSpace(mediaType)), quality
}

func accepts(pattern, mediaType string) bool {
	if pattern == "*/*" || pattern == mediaType {
		return true
	}
	kind, ok := strings.CutSuffix(pattern, "/*")
	return ok && strings.HasPrefix(mediaType, kind+"/")
}
