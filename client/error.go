package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Error is an answer of the API that reports a failure.
type Error struct {
	Status   int
	Title    string
	Detail   string // a sentence for a person
	Instance string // the ID of the request, for the service's operators
	Fields   []Field
	// RetryAfter is how long the service asks to wait, 0 if it doesn't.
	RetryAfter time.Duration
	ETag       string // of the current version, if the status is 412
}

// Field is a mistake in a field of the request.
type Field struct {
	Name    string `json:"field"`
	Message string `json:"message"`
}

// Error returns the answer's sentence, or the meaning of its status.
func (e *Error) Error() string {
	if e.Detail != "" {
		return e.Detail
	}
	return fmt.Sprintf("%s (%d)", e.Title, e.Status)
}

// StatusOf returns the HTTP status of an error that the API answered, or 0.
func StatusOf(err error) int {
	if answer, ok := errors.AsType[*Error](err); ok {
		return answer.Status
	}
	return 0
}

// failure reads an answer that reports a failure, and closes it. API Gateway's own answers have only a message.
func failure(response *http.Response, now time.Time) *Error {
	defer response.Body.Close()
	e := &Error{
		Status: response.StatusCode, Title: http.StatusText(response.StatusCode),
		RetryAfter: retryAfter(response.Header.Get("Retry-After"), now), ETag: response.Header.Get("ETag"),
	}
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if !strings.HasSuffix(kind, "json") {
		return e
	}
	const most = 1 << 20
	text, err := io.ReadAll(io.LimitReader(response.Body, most))
	var body struct {
		Title, Detail, Instance, Message string
		Errors                           []Field
	}
	if err != nil || json.Unmarshal(text, &body) != nil {
		return e
	}
	if body.Title != "" {
		e.Title = body.Title
	}
	e.Detail, e.Instance, e.Fields = body.Detail, body.Instance, body.Errors
	if e.Detail == "" && body.Message != e.Title {
		e.Detail = body.Message
	}
	return e
}

// retryAfter reads a Retry-After header: seconds or a date.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(max(seconds, 0)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}
