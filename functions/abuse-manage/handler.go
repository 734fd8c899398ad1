package main

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

// parallel is how many links are read at the same time.
const parallel = 8

type abuseStore interface {
	List(ctx context.Context, after string, limit int) (reports []link.Abuse, next string, err error)
	Remove(ctx context.Context, id string) error
}

type linkStore interface {
	Get(ctx context.Context, code string) (link.Link, error)
}

type handler struct {
	site    link.Site
	reports abuseStore
	links   linkStore
	cursors web.Cursors
	now     func() time.Time
}

// report is a visitor's report, and the link as it is now.
type report struct {
	ID       string   `json:"id"`
	At       string   `json:"at"`
	Reason   string   `json:"reason"`
	Text     string   `json:"text"`
	Code     string   `json:"code"`
	Link     string   `json:"link"`
	ShortURL string   `json:"shortUrl"`
	Found    *current `json:"current"` // null: the link is gone for good
}

type current struct {
	Code   string      `json:"code"`
	Owner  string      `json:"owner"`
	URL    string      `json:"url"`
	Status link.Status `json:"status"`
}

type page struct {
	Items []report `json:"items"`
	Next  string   `json:"next,omitempty"`
}

// Handle answers GET with a page of the abuse reports, latest first, and DELETE with 204
// when the report is removed. Only admins may ask.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	if r.RequestContext.HTTP.Method == http.MethodDelete {
		return h.remove(ctx, r)
	}
	if _, err := r.Caller(key.Admin, "limit", "cursor"); err != nil {
		return web.Response{}, err
	}
	limit, err := r.Limit()
	if err != nil {
		return web.Response{}, err
	}
	after, err := h.cursors.Open("abuse", r.Query("cursor"))
	if err != nil {
		return web.Response{}, err
	}
	found, next, err := h.reports.List(ctx, after, limit)
	if err != nil {
		return web.Response{}, err
	}
	items, err := h.show(ctx, found)
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, page{items, h.cursors.Seal("abuse", next)}).With("Cache-Control", "no-store"), nil
}

// remove deletes a report. One that does not exist is deleted already.
func (h *handler) remove(ctx context.Context, r web.Request) (web.Response, error) {
	if _, err := r.Caller(key.Admin); err != nil {
		return web.Response{}, err
	}
	id := r.Path("id")
	if !link.ValidAbuseID(id) {
		return web.Response{}, fault.New(fault.NotFound, "There is no such report.")
	}
	return web.Empty(http.StatusNoContent), h.reports.Remove(ctx, id)
}

func (h *handler) show(ctx context.Context, found []link.Abuse) ([]report, error) {
	items := make([]report, len(found))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for n, r := range found {
		items[n] = report{
			ID: r.ID, At: r.At.Format("2006-01-02T15:04:05.000Z"), Reason: r.Reason, Text: r.Text, Code: r.Code, Link: r.Link, ShortURL: h.site.ShortURL(r.Code),
		}
		group.Go(func() (err error) {
			items[n].Found, err = h.current(ctx, r)
			return err
		})
	}
	return items, group.Wait()
}

// current returns the reported link as it is now, nil if it is gone for good. Its code may
// be another link's now.
func (h *handler) current(ctx context.Context, r link.Abuse) (*current, error) {
	l, err := h.links.Get(ctx, r.Code)
	if fault.Is(err, fault.NotFound) || err == nil && l.ID != r.Link {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &current{l.Code, l.Owner, l.URL, l.Status(h.now())}, nil
}
