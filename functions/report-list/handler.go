package main

import (
	"context"
	"net/http"

	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/report"
	"github.com/minim-dev/minim/shared/web"
)

type lister interface {
	List(ctx context.Context, owner, after string, limit int) (found []report.Summary, next string, err error)
}

// handler lists the caller's reports. An admin may name another owner; "*" is
// the whole stage.
type handler struct {
	reports lister
	cursors web.Cursors
}

type page struct {
	Items []report.Summary `json:"items"`
	Next  string           `json:"next,omitempty"` // absent on the last page
}

// Handle answers with a page of reports and the cursor of the next one.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.ReportsRead, "limit", "cursor", "owner")
	if err != nil {
		return web.Response{}, err
	}
	owner, err := caller.For(r.Query("owner"))
	if err != nil {
		return web.Response{}, err
	}
	limit, err := r.Limit()
	if err != nil {
		return web.Response{}, err
	}
	list := "reports " + owner
	after, err := h.cursors.Open(list, r.Query("cursor"))
	if err != nil {
		return web.Response{}, err
	}
	found, next, err := h.reports.List(ctx, owner, after, limit)
	if err != nil {
		return web.Response{}, err
	}
	answer := page{Items: append([]report.Summary{}, found...), Next: h.cursors.Seal(list, next)}
	return web.JSON(http.StatusOK, answer).With("Cache-Control", "private, no-cache"), nil
}
