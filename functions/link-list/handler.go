package main

import (
	"context"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

type linkList interface {
	Page(ctx context.Context, owner string, q link.Query, after string, limit int, now time.Time) (found []table.Counted, next string, err error)
}

type handler struct {
	site    link.Site
	links   linkList
	cursors web.Cursors
	now     func() time.Time
}

type page struct {
	Items []link.View `json:"items"`
	Next  string      `json:"next,omitempty"`
}

// Handle answers 200 with a page of the caller's links that the query selects, as JSON or CSV, and, when
// there may be more, the cursor of the next page; or 304 when the caller has seen the same
// page. An admin may ask for the links of another owner.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.LinksRead, "limit", "cursor", "q", "tag", "anyTag", "notTag", "status", "host", "from", "to", "clicked", "sort", "owner")
	if err != nil {
		return web.Response{}, err
	}
	owner, err := caller.For(r.Query("owner"))
	if err != nil {
		return web.Response{}, err
	}
	limit, err := r.ExportLimit()
	if err != nil {
		return web.Response{}, err
	}
	query, err := link.ParseQuery(r.Values)
	if err != nil {
		return web.Response{}, err
	}
	list := "links of " + owner + " " + query.Name()
	after, err := h.cursors.Open(list, r.Query("cursor"))
	if err != nil {
		return web.Response{}, err
	}
	now := h.now()
	found, next, err := h.links.Page(ctx, owner, query, after, limit, now)
	if err != nil {
		return web.Response{}, err
	}
	out := page{Items: make([]link.View, len(found)), Next: h.cursors.Seal(list, next)}
	for i, one := range found {
		out.Items[i] = one.Link.View(h.site, one.Clicks, now)
	}
	if r.WantsCSV() {
		response, err := r.CSV("links.csv", columns(), rows(out.Items))
		return response.With("Cache-Control", "private, no-cache").With("Vary", "Accept").Linked(r, out.Next), err
	}
	tag, err := web.Digest(out)
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, out).Tagged(r, tag).With("Vary", "Accept").Linked(r, out.Next), nil
}
