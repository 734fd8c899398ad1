package web

import (
	"context"
	"errors"
	"net"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"github.com/minim-dev/minim/shared/fault"
)

// status is the only table of faults to HTTP statuses.
func status(code fault.Code) int {
	switch code {
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.Denied:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Mismatch:
		return http.StatusUnprocessableEntity
	default:
		return http.StatusInternalServerError
	}
}

// errUnavailable is the error of a request that could not be judged because a
// service did not answer.
var errUnavailable = errors.New("a service did not answer")

// unavailable reports whether err, which is no fault, is likely to pass: a call to
// AWS failed in each of its tries, or time ran out.
func unavailable(err error) bool {
	if _, isFault := errors.AsType[*fault.Error](err); isFault {
		return false
	}
	_, gaveUp := errors.AsType[*retry.MaxAttemptsError](err)
	timeout, isNet := errors.AsType[net.Error](err)
	return gaveUp || isNet && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errUnavailable)
}
