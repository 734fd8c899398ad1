package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

var (
	errDeleted = errors.New("its owner has deleted the link")
	errExpired = errors.New("the link has expired")
	errPending = errors.New("the destination does not exist yet")
)

// open returns why a link is not followed now, if it is not.
func open(l link.Link, now time.Time) error {
	switch l.Status(now) {
	case link.Deleted:
		return errDeleted
	case link.Expired:
		return errExpired
	case link.Pending:
		return errPending
	}
	return nil
}

// closed answers for a link that is not followed.
func (h *handler) closed(ctx context.Context, r web.Request, err error) web.Response {
	frame := h.frame(r)
	switch {
	case fault.Is(err, fault.NotFound) && h.fallback != "" && !strings.HasPrefix(r.RawPath, "/api/"):
		return redirect(r, http.StatusFound, h.fallback, "no-store")
	case fault.Is(err, fault.NotFound):
		return refuse(r, http.StatusNotFound, frame.NotFound())
	case errors.Is(err, errPending):
		return refuse(r, http.StatusNotFound, frame.NotReady()).With("Retry-After", "5")
	case errors.Is(err, errDeleted):
		return refuse(r, http.StatusGone, frame.Removed())
	case errors.Is(err, errExpired):
		return refuse(r, http.StatusGone, frame.Expired())
	}
	h.log.ErrorContext(ctx, "link cannot be read", "error", err)
	h.after.Do(ctx, h.useless)
	return refuse(r, http.StatusServiceUnavailable, frame.Busy()).With("Retry-After", "5")
}
