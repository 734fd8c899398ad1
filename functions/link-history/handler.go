package main

import (
	"context"
	"net/http"

	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

type linkStore interface {
	Get(ctx context.Context, code string) (link.Link, error)
}

type historyStore interface {
	List(ctx context.Context, id, after string, limit int) (events []link.Event, next string, err error)
}

type handler struct {
	links   linkStore
	history historyStore
	cursors web.Cursors
}

type page struct {
	Items []link.Event `json:"items"`
	Next  string       `json:"next,omitempty"`
}

// Handle answers 200 with a page of the link's changes, latest first, and the cursor of the
// next page when there may be more. Another owner's link does not exist.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.LinksRead, "limit", "cursor")
	if err != nil {
		return web.Response{}, err
	}
	limit, err := r.Limit()
	if err != nil {
		return web.Response{}, err
	}
	l, err := link.Owned(ctx, h.links.Get, r.Path("code"), caller.Owns)
	if err != nil {
		return web.Response{}, err
	}
	list := "history of " + l.ID
	after, err := h.cursors.Open(list, r.Query("cursor"))
	if err != nil {
		return web.Response{}, err
	}
	events, next, err := h.history.List(ctx, l.ID, after, limit)
	if err != nil {
		return web.Response{}, err
	}
	out := page{Items: append([]link.Event{}, events...), Next: h.cursors.Seal(list, next)}
	tag, err := web.Digest(out)
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, out).Tagged(r, tag), nil
}
