package main

import (
	"context"
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
	Restore(ctx context.Context, l link.Link, by string, now time.Time) (link.Link, error)
}

type clickCounter interface {
	Total(ctx context.Context, link string) (int64, error)
}

type handler struct {
	site   link.Site
	links  linkStore
	editor editor
	stats  clickCounter
	now    func() time.Time
}

// Handle answers 200 with the link, which leads on from then on. It is possible for
// link.RestoreTime after the deletion. Another owner's link does not exist.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.LinksWrite)
	if err != nil {
		return web.Response{}, err
	}
	l, err := link.Owned(ctx, h.links.Get, r.Path("code"), caller.Owns)
	if err != nil {
		return web.Response{}, err
	}
	if seen := r.Header("If-Match"); seen != "" && !l.Seen(seen) {
		return web.Stale(r, l.VersionTag()), nil
	}
	now := h.now()
	switch {
	case l.Status(now) != link.Deleted:
		return web.Response{}, fault.New(fault.Conflict, "The link is not deleted.")
	case now.Sub(l.DeletedAt) > link.RestoreTime:
		return web.Response{}, fault.New(fault.Conflict, "The link was deleted more than 30 days ago and cannot be restored.")
	case l.Image != "":
		return web.Response{}, fault.New(fault.Conflict, "The link was deleted with its image and cannot be restored.")
	}
	if l, err = h.editor.Restore(ctx, l, caller.By(), now); err != nil {
		return web.Response{}, err
	}
	clicks, err := h.stats.Total(ctx, l.ID)
	if err != nil {
		return web.Response{}, err
	}
	view := l.View(h.site, clicks, now)
	tag, err := view.ETag()
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, view).With("ETag", tag).With("Cache-Control", "private, no-cache"), nil
}
