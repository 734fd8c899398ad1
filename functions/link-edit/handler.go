package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

// tries is how often the link may change between reading and writing, if the caller does
// not care which version they edit.
const tries = 3

type linkStore interface {
	Get(ctx context.Context, code string) (link.Link, error)
}

type editor interface {
	Edit(ctx context.Context, before, after link.Link, by string, now time.Time) (link.Link, error)
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

// Handle answers 200 with the link as it is now. With If-Match it is only changed in the
// version that the caller has seen; otherwise the answer is 412 with the entity tag of the
// current version. Another owner's link does not exist.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.LinksWrite)
	if err != nil {
		return web.Response{}, err
	}
	var edit link.Edit
	if err := r.JSON(&edit); err != nil {
		return web.Response{}, err
	}
	for try := 1; ; try++ {
		before, err := link.Owned(ctx, h.links.Get, r.Path("code"), caller.Owns)
		if err != nil {
			return web.Response{}, err
		}
		if seen := r.Header("If-Match"); seen != "" && !before.Seen(seen) {
			return web.Stale(r, before.VersionTag()), nil
		}
		after, err := h.edit(ctx, before, edit, caller.Owner)
		if errors.Is(err, table.ErrChanged) && try < tries {
			continue
		}
		if err != nil {
			return web.Response{}, err
		}
		return h.show(ctx, after)
	}
}

func (h *handler) edit(ctx context.Context, before link.Link, edit link.Edit, by string) (link.Link, error) {
	now := h.now()
	if before.Status(now) == link.Deleted {
		return link.Link{}, fault.New(fault.Conflict, "The link is deleted. Restore it first.")
	}
	after, err := edit.Apply(before, h.site, now)
	if err != nil || len(link.Changes(before, after)) == 0 {
		return after, err
	}
	return h.editor.Edit(ctx, before, after, by, now)
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
