package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

type linkStore interface {
	Get(ctx context.Context, code string) (link.Link, error)
}

type editor interface {
	Edit(ctx context.Context, before, after link.Link, by string, now time.Time) (link.Link, error)
}

type clickCounter interface {
	Total(ctx context.Context, link string) (int64, error)
}

type hostRules interface {
	Current(ctx context.Context) link.Hosts
}

type handler struct {
	hosts  hostRules
	site   link.Site
	links  linkStore
	editor editor
	stats  clickCounter
	now    func() time.Time
}

// Handle answers 200 with the link as it is now. With If-Match it is only changed in the
// version that the caller has seen; otherwise the answer is 412 with the entity tag of the
// current version. Another owner's link does not exist.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.LinksWrite)
	if err != nil {
		return web.Response{}, err
	}
	var edit link.Edit
	malformed := r.JSON(&edit)
	if malformed != nil && fault.Of(malformed).Fields == nil { // nothing could be read
		return web.Response{}, malformed
	}
	site := h.site.Obeying(h.hosts.Current(ctx))
	after, err := link.Revise(ctx, h.links.Get, r.Path("code"), r.Header("If-Match"), caller.Owns, func(before link.Link) (link.Link, error) {
		if err := edit.Permitted(before, caller.Admin()); err != nil {
			return link.Link{}, err
		}
		now := h.now()
		after, err := edit.Apply(before, site, now)
		if err = fault.Join(malformed, err); err != nil || len(link.Changes(before, after)) == 0 {
			return after, err
		}
		return h.editor.Edit(ctx, before, after, caller.By(), now)
	})
	if stale, ok := errors.AsType[*link.StaleError](err); ok {
		return web.Stale(r, stale.Tag), nil
	}
	if err != nil {
		return web.Response{}, err
	}
	return h.show(ctx, after)
}

func (h *handler) show(ctx context.Context, l link.Link) (web.Response, error) {
	clicks, err := h.stats.Total(ctx, l.ID)
	if err != nil {
		return web.Response{}, err
	}
	view := l.View(h.site, clicks, h.now())
	tag, err := view.ETag()
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, view).With("ETag", tag).With("Cache-Control", "private, no-cache"), nil
}
