package web

import (
	"net/http"

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
