package guard

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// refusal is the reason why a request is rejected.
type refusal struct {
	kind kind
	// For accessDenied.
	user, action, resource string
	explicit               bool // denied by a Deny statement
	// For unsupported.
	message string
}

type kind int

const (
	accessDenied kind = iota
	missingKey        // the request is not signed
	unknownKey        // the access key is unknown
	unsupported       // the local cloud does not know which actions the request needs
)

// Error implements error.
func (x *refusal) Error() string {
	switch x.kind {
	case missingKey:
		return "Missing Authentication Token"
	case unknownKey:
		return "The security token included in the request is invalid."
	case unsupported:
		return x.message
	}
	return x.sentence(x.action, x.resource)
}

// sentence returns AWS's message about a missing permission. Services spell the action and
// resource in different ways.
func (x *refusal) sentence(action, resource string) string {
	text := fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s", x.user, action, resource)
	if x.explicit {
		return text + " with an explicit deny in an identity-based policy"
	}
	return fmt.Sprintf("%s because no identity-based policy allows the %s action", text, action)
}

func unknown(format string, args ...any) *refusal {
	return &refusal{kind: unsupported, message: fmt.Sprintf(format, args...)}
}

// code returns the error code for the JSON protocols.
func (x *refusal) code() string {
	switch x.kind {
	case missingKey:
		return "MissingAuthenticationTokenException"
	case unknownKey:
		return "UnrecognizedClientException"
	case unsupported:
		return "UnknownOperationException"
	}
	return "AccessDeniedException"
}

// answerJSON answers in the format of the services with JSON protocols.
func answerJSON(w http.ResponseWriter, contentType string, status int, body any) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Amzn-Requestid", rand.Text())
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// xmlError is an error of S3.
type xmlError struct {
	XMLName                          xml.Name `xml:"Error"`
	Code, Message, RequestId, HostId string
}

func (e xmlError) text() []byte {
	e.RequestId, e.HostId = rand.Text(), rand.Text()
	text, _ := xml.Marshal(e) // cannot fail: only strings
	return append([]byte(xml.Header), text...)
}

// maxBody is larger than the request limits of all services with JSON protocols.
const maxBody = 20 << 20

// body reads the body of a request and restores it for later readers.
func body(r *http.Request, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	if int64(len(data)) > limit {
		return nil, errors.New("the request is too large")
	}
	r.Body = io.NopCloser(bytes.NewReader(data))
	return data, nil
}

// drain reads the rest of a rejected request, so the client can read the answer.
func drain(r *http.Request) {
	const most = 64 << 20
	_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, most))
}
