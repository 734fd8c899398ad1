package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

// trailing is what programs that find links in a text take for a part of them.
const trailing = ".,;:!?)]}>'\"*_~`’”»…"

type linkStore interface {
	Get(ctx context.Context, code string) (link.Link, error)
}

type clickQueue interface {
	Send(ctx context.Context, body string) error
}

type afterwards interface {
	Do(ctx context.Context, work func(context.Context) error)
}

type handler struct {
	site     link.Site
	links    linkStore
	clicks   clickQueue
	after    afterwards
	useless  func(context.Context) error // ends an environment that has no copies while the table is away
	fallback string                      // where unknown codes lead; "" shows a page instead
	now      func() time.Time
	newID    func(at time.Time) string
	log      *slog.Logger
}

// Handle answers with a redirect, a preview (/{code}+), a QR code (/{code}.qr), or a
// page that says why there is no redirect.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	response := h.answer(ctx, r)
	if r.RequestContext.HTTP.Method == http.MethodHead {
		response = web.Response{Status: response.Status, Headers: response.Headers} // without a body
	}
	return response, nil
}

func (h *handler) answer(ctx context.Context, r web.Request) web.Response {
	code, preview := strings.CutSuffix(asked(r), "+")
	code, drawn := strings.CutSuffix(code, ".qr")
	now := h.now()
	l, err := h.find(ctx, code)
	if err == nil {
		err = open(l, now)
	}
	switch {
	case err != nil:
		return h.closed(ctx, r, err)
	case preview:
		return h.preview(r, l)
	case drawn:
		return h.code(r, l)
	case l.Title != "" && click.Social(r.Header("user-agent")):
		return h.card(r, l)
	}
	h.count(ctx, r, l, now)
	return redirect(r, l.Redirect, l.URL, caching(l, now))
}

// asked is the path without its slashes: the code, if the path has only one part. A
// path that ends in a slash does not match /{code}, and comes by the default route.
func asked(r web.Request) string {
	if code := r.Path("code"); code != "" {
		return code
	}
	return strings.TrimSuffix(strings.TrimPrefix(r.RawPath, "/"), "/")
}

// find reads the link, if need be without what may not belong to its code.
func (h *handler) find(ctx context.Context, code string) (link.Link, error) {
	l, err := h.get(ctx, code)
	if trimmed := strings.TrimRight(code, trailing); trimmed != code && fault.Is(err, fault.NotFound) {
		return h.get(ctx, trimmed)
	}
	return l, err
}

func (h *handler) get(ctx context.Context, code string) (link.Link, error) {
	if !link.ValidCode(code) {
		return link.Link{}, fault.New(fault.NotFound, "No code looks like this.")
	}
	return h.links.Get(ctx, code)
}

// caching lets nobody keep an answer but, for a short while, the visitor to
// whom the link was promised to be permanent, and never beyond its expiry.
func caching(l link.Link, now time.Time) string {
	if l.Redirect != http.StatusMovedPermanently && l.Redirect != http.StatusPermanentRedirect {
		return "private, max-age=0, must-revalidate"
	}
	keep := 5 * time.Minute
	if !l.ExpiresAt.IsZero() {
		keep = min(keep, l.ExpiresAt.Sub(now))
	}
	return fmt.Sprintf("private, max-age=%d", int(keep.Seconds()))
}
