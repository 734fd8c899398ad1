package lambda

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// failure describes a failed invocation or initialisation.
type failure struct {
	kind    string // the error type, such as Runtime.ExitError
	status  string // as REPORT names it: error or timeout
	payload []byte // the caller's response
	refusal *Error // instead of payload, if the function is not to blame
}

func newFailure(kind, message string) *failure {
	payload, _ := json.Marshal(struct {
		Message string `json:"errorMessage"`
		Type    string `json:"errorType"`
	}{message, kind}) // two strings always marshal
	return &failure{kind: kind, status: "error", payload: payload}
}

func ended(requestID, reason string) *failure {
	return newFailure("Runtime.ExitError", fmt.Sprintf("RequestId: %s Error: %s", requestID, reason))
}

func timedOut(requestID string, after time.Duration) *failure {
	f := newFailure("Sandbox.Timedout", fmt.Sprintf("RequestId: %s Error: %s", requestID, timeoutMessage(after)))
	f.status = "timeout"
	return f
}

func timeoutMessage(after time.Duration) string {
	return fmt.Sprintf("Task timed out after %.2f seconds", after.Seconds())
}

func (f *failure) result(requestID string) Result {
	return Result{Payload: f.payload, FunctionError: unhandled, RequestID: requestID}
}

func notFound(arn string) *Error {
	return &Error{Status: http.StatusNotFound, Type: "ResourceNotFoundException", Message: "Function not found: " + arn}
}

func throttled(reason string) *Error {
	return &Error{Status: http.StatusTooManyRequests, Type: "TooManyRequestsException", Message: "Rate Exceeded.", Reason: reason}
}

func tooLarge(limit int, operation string) *Error {
	return &Error{Status: http.StatusRequestEntityTooLarge, Type: "RequestTooLargeException",
		Message: fmt.Sprintf("Request must be smaller than %d bytes for the %s operation", limit, operation)}
}

func closing() *Error {
	return &Error{Status: http.StatusServiceUnavailable, Type: "ServiceException", Message: "The local Lambda platform is closing."}
}

// checkPayload returns the event for the function. An empty payload becomes an empty object.
func checkPayload(payload []byte, limit int, operation string) ([]byte, error) {
	switch {
	case len(payload) == 0:
		return []byte("{}"), nil
	case len(payload) > limit:
		return nil, tooLarge(limit, operation)
	case !json.Valid(payload):
		return nil, &Error{Status: http.StatusBadRequest, Type: "InvalidRequestContentException",
			Message: "Could not parse request body into json"}
	}
	return payload, nil
}
