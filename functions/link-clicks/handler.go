package main

import (
	"context"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/dates"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

type linkStore interface {
	Get(ctx context.Context, code string) (link.Link, error)
}

type clickStore interface {
	Page(ctx context.Context, link string, from, to time.Time, after string, limit int, now time.Time) (found []click.Click, next string, err error)
}

type handler struct {
	links   linkStore
	clicks  clickStore
	cursors web.Cursors
	now     func() time.Time
}

type page struct {
	Items []view `json:"items"`
	Next  string `json:"next,omitempty"`
}

// Handle answers 200 with a page of the link's clicks, latest first, as JSON or CSV, and
// the cursor of the next page when there may be more. Another owner's link does not exist.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.LinksRead, "from", "to", "limit", "cursor")
	if err != nil {
		return web.Response{}, err
	}
	limit, err := r.ExportLimit()
	if err != nil {
		return web.Response{}, err
	}
	now := h.now()
	from, to, mistakes := dates.Span(r.Query("from"), r.Query("to"), dates.UTC)
	if err := fault.Fields(mistakes...); err != nil {
		return web.Response{}, err
	}
	if to.IsZero() {
		to = now.Add(time.Minute) // clocks differ
	}
	l, err := link.Owned(ctx, h.links.Get, r.Path("code"), caller.Owns)
	if err != nil {
		return web.Response{}, err
	}
	list := "clicks of " + l.ID + " " + r.Query("from") + " " + r.Query("to")
	after, err := h.cursors.Open(list, r.Query("cursor"))
	if err != nil {
		return web.Response{}, err
	}
	clicks, next, err := h.clicks.Page(ctx, l.ID, from, to, after, limit, now)
	if err != nil {
		return web.Response{}, err
	}
	out := page{Items: make([]view, len(clicks)), Next: h.cursors.Seal(list, next)}
	for i, c := range clicks {
		out.Items[i] = newView(c)
	}
	response := web.JSON(http.StatusOK, out)
	if r.WantsCSV() {
		if response, err = r.CSV(l.Code+"-clicks.csv", columns(), rows(out.Items)); err != nil {
			return web.Response{}, err
		}
	}
	return response.With("Cache-Control", "private, no-cache").With("Vary", "Accept").Linked(r, out.Next), nil
}
