// Package awsjson serves the JSON protocol of AWS SDKs: the operation is in the header
// X-Amz-Target; requests and answers are JSON objects.
package awsjson

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

const maxBody = 1 << 20

// Error is an error for the caller, with the service's code.
type Error struct{ Code, Message string }

// Error implements error.
func (e *Error) Error() string { return e.Message }

// Fault returns an *Error.
func Fault(code, format string, args ...any) error {
	return &Error{code, fmt.Sprintf(format, args...)}
}

// Handler serves a service whose operations are named "service.Operation". It decodes all
// requests into a Q. If call returns an error other than *Error, the answer is an internal
// error.
func Handler[Q any](service string, call func(operation string, q Q) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		operation, _ := strings.CutPrefix(r.Header.Get("X-Amz-Target"), service+".")
		var q Q
		var answer any
		err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&q)
		if err != nil {
			err = Fault("SerializationException", "the request is not the JSON of %s: %v", operation, err)
		} else {
			answer, err = call(operation, q)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Header().Set("X-Amzn-Requestid", rand.Text())
		if err == nil {
			_ = json.NewEncoder(w).Encode(answer)
			return
		}
		status, shown := http.StatusBadRequest, &Error{}
		if !errors.As(err, &shown) {
			status, shown = http.StatusInternalServerError, &Error{"InternalFailure", err.Error()}
		}
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]string{"__type": shown.Code, "message": shown.Message})
	})
}
