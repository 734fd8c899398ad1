package main

import (
	"context"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

type linkStore interface {
	Get(ctx context.Context, code string) (link.Link, error)
}

type clickCounter interface {
	Total(ctx context.Context, link string) (int64, error)
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
	caller, err := r.Caller(key.LinksRead)
	if err != nil {
		return web.Response{}, err
	}
	l, err := link.Owned(ctx, h.links.Get, r.Path("code"), caller.Owns)
	if err != nil {
		return web.Response{}, err
	}
	clicks, err := h.stats.Total(ctx, l.ID)
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
