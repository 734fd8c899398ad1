package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

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
	links    linkStore
	clicks   clickQueue
	after    afterwards
	useless  func(context.Context) error // ends an environment that has no copies while the table is away
	fallback string                      // where unknown codes lead; "" shows a page instead
	now      func() time.Time
	newID    func(at time.Time) string
	log      *slog.Logger
}

// Handle answers with a redirect, or with a page that tells why there is none.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	response := h.follow(ctx, r)
	if r.RequestContext.HTTP.Method == http.MethodHead {
		response = web.Response{Status: response.Status, Headers: response.Headers} // without a body
	}
	return response, nil
}

func (h *handler) follow(ctx context.Context, r web.Request) web.Response {
	now := h.now()
	l, err := h.find(ctx, r.Path("code"))
	switch {
	case fault.Is(err, fault.NotFound) && h.fallback != "":
		return redirect(http.StatusFound, h.fallback, "no-store")
	case fault.Is(err, fault.NotFound):
		return page(r, http.StatusNotFound, "No such link", "This link does not exist. Please check it for typing mistakes.")
	case err != nil:
		h.log.ErrorContext(ctx, "link cannot be read", "error", err)
		h.after.Do(ctx, h.useless)
		return page(r, http.StatusServiceUnavailable, "Just a moment", "This link cannot be followed right now. Please try again in a few seconds.").
			With("Retry-After", "5")
	case l.Status(now) == link.Pending:
		return page(r, http.StatusNotFound, "Not ready yet", "What this link leads to is still being prepared. Please try again in a few seconds.").
			With("Retry-After", "5")
	case l.Status(now) == link.Deleted:
		return page(r, http.StatusGone, "This link was deleted", "The owner of this link has deleted it.")
	case l.Status(now) == link.Disabled:
		return page(r, http.StatusGone, "This link is disabled", "The owner of this link has disabled it for now.")
	case l.Status(now) == link.Expired:
		return page(r, http.StatusGone, "This link has expired", "Whoever made this link has limited its time, and the time is over.")
	}
	h.count(ctx, r, l, now)
	return redirect(l.Redirect, l.URL, caching(l, now))
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
