package main

import (
	"context"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

type linkStore interface {
	Get(ctx context.Context, code string) (link.Link, error)
}

type clickCounter interface {
	Total(ctx context.Context, code string) (int64, error)
}

type handler struct {
	site  link.Site
	links linkStore
	stats clickCounter
	now   func() time.Time
}

// Handle answers 200 with the link, or 304 when the caller has seen it so.
// What is not the caller's does not exist for them.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller("links:read")
	if err != nil {
		return web.Response{}, err
	}
	unknown := fault.New(fault.NotFound, "You have no such link.")
	code := r.Path("code")
	if !link.ValidCode(code) {
		return web.Response{}, unknown
	}
	l, err := h.links.Get(ctx, code)
	if fault.Is(err, fault.NotFound) {
		return web.Response{}, unknown
	}
	if err != nil {
		return web.Response{}, err
	}
	if !caller.Owns(l.Owner) {
		return web.Response{}, unknown
	}
	clicks, err := h.stats.Total(ctx, code)
	if err != nil {
		return web.Response{}, err
	}
	view := l.View(h.site, clicks, h.now())
	tag, err := view.ETag()
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, view).Tagged(r, tag), nil
}
