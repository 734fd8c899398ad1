package main

import (
	"context"
	"net/http"
	"strings"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/web"
)

// closed answers for a link that is unknown or cannot be read.
func (h *handler) closed(ctx context.Context, r web.Request, err error) web.Response {
	frame := h.frame(r)
	switch {
	case fault.Is(err, fault.NotFound) && h.fallback != "" && !strings.HasPrefix(r.RawPath, "/api/"):
		return redirect(r, http.StatusFound, h.fallback, "no-store")
	case fault.Is(err, fault.NotFound):
		return refuse(r, http.StatusNotFound, frame.NotFound())
	}
	h.after.Do(ctx, h.useless)
	return h.busy(ctx, r, "link cannot be read", err)
}
