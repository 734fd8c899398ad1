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

// Flag returns a parameter of the query string that is true or false, false when there is none. Any other value is an
// Invalid fault.
func (r Request) Flag(name string) (bool, error) {
	switch r.Query(name) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, fault.Fields(fault.Field{Name: name, Message: "It must be true or false."})
}

// Values returns all values of a parameter of the query string, in their order.
func (r Request) Values(name string) []string {
	query, _ := url.ParseQuery(r.RawQueryString) // what is malformed is left out
	return query[name]
}

// Header returns a header's value, "" when there is none. API Gateway sends
// names in lower case.
func (r Request) Header(name string) string { return r.Headers[strings.ToLower(name)] }

// Cookie returns a cookie's value, "" when there is none. Of several cookies of the name, the first one counts.
func (r Request) Cookie(name string) string {
	for _, pair := range r.Cookies {
		if value, ok := strings.CutPrefix(strings.TrimSpace(pair), name+"="); ok {
			return value
		}
	}
	return ""
}

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
	body = bytes.Trim(body, " \t\r\n") // JSON knows no other blanks (RFC 8259, section 2)
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
