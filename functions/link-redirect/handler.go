package main

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

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
	api      web.Routes // they answer all but other methods
	links    linkStore
	forget   func(code string) // that it is unknown
	clicks   clickQueue
	after    afterwards
	useless  func(context.Context) error // ends an environment that has no copies while the table is away
	limits   *limiter
	attempts attemptStore
	abuse    abuseStore
	visitors *visitors
	random   func() float64 // in [0, 1)
	fallback string         // where unknown codes lead; "" shows a page instead
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
	code := asked(r)
	if possible := h.methods(r.RawPath, code); len(possible) > 0 && !slices.Contains(possible, r.RequestContext.HTTP.Method) {
		allow := strings.Join(possible, ", ")
		return secure(web.ProblemResponse(r, http.StatusMethodNotAllowed, "Possible methods here: "+allow+".")).With("Allow", allow)
	}
	code, preview := strings.CutSuffix(code, "+")
	code, drawn := strings.CutSuffix(code, ".qr")
	now := h.now()
	l, err := h.find(ctx, code)
	switch {
	case err != nil:
		if preview { // the site asks so whether a code is free; once it is taken, it must lead somewhere
			h.forget(code)
		}
		return h.closed(ctx, r, err)
	case !preview && !drawn:
		return h.follow(ctx, r, l, now)
	case l.Status(now) != link.Active:
		l.ExpiredURL = "" // instead, the visitor learns why there is nothing to show
		return h.ended(r, l, l.Decide(link.Visit{Time: now}))
	case preview && r.RequestContext.HTTP.Method == http.MethodPost:
		return h.report(ctx, r, l, code, now)
	case preview:
		return h.preview(r, l)
	default:
		return h.code(r, l)
	}
}

// methods returns the methods that are possible at a path, none if it leads nowhere by any
// method.
func (h *handler) methods(path, code string) []string {
	switch possible := h.api.Methods(path); {
	case possible != nil:
		return possible
	case strings.Contains(code, "/"):
		return nil
	case strings.HasSuffix(code, ".qr"):
		return []string{http.MethodGet, http.MethodHead}
	}
	return []string{http.MethodGet, http.MethodHead, http.MethodPost}
}

// asked is the path without its slashes: the code, if the path has only one part. A
// path that ends in a slash does not match /{code}, and comes by the default route.
func asked(r web.Request) string {
	if code := r.Path("code"); code != "" {
		return code
	}
	return strings.TrimSuffix(strings.TrimPrefix(r.RawPath, "/"), "/")
}

// find reads the link of a code, or else of the code without what may not belong to it.
func (h *handler) find(ctx context.Context, code string) (link.Link, error) {
	l, err := h.get(ctx, code)
	for _, trimmed := range link.Trim(code) {
		if trimmed != code && fault.Is(err, fault.NotFound) {
			l, err = h.get(ctx, trimmed)
		}
	}
	return l, err
}

func (h *handler) get(ctx context.Context, code string) (link.Link, error) {
	if !link.ValidCode(code) {
		return link.Link{}, fault.New(fault.NotFound, "No code looks like this.")
	}
	return h.links.Get(ctx, code)
}
