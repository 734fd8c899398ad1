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

// refusal is why a request does not get through.
type refusal struct {
	kind kind
	// Of accessDenied.
	user, action, resource string
	explicit               bool // by a statement that denies
	// Of unsupported.
	message string
}

type kind int

const (
	accessDenied kind = iota
	missingKey        // the request is not signed
	unknownKey        // with a key that nobody has
	unsupported       // the local cloud cannot tell what the request needs
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

// sentence says in AWS's words what is missing; services differ in how they spell
// action and resource.
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

// code is the refusal's name in the JSON protocols.
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

// answerJSON answers as the services do that speak JSON.
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
	text, _ := xml.Marshal(e) // texts always marshal
	return append([]byte(xml.Header), text...)
}

// maxBody is more than any of the services takes that send their input as JSON.
const maxBody = 20 << 20

// body reads the body of a request and puts it back.
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

// drain takes what a refused client still wants to send, so that it reads its answer.
func drain(r *http.Request) {
	const most = 64 << 20
	_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, most))
}
