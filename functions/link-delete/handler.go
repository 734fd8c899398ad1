package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

type linkStore interface {
	Get(ctx context.Context, code string) (link.Link, error)
}

type editor interface {
	Delete(ctx context.Context, l link.Link, by string, now time.Time) (link.Link, error)
	Free(ctx context.Context, l link.Link, by string, now time.Time) error
}

type handler struct {
	links  linkStore
	editor editor
	now    func() time.Time
}

// Handle answers 204 when the link is deleted. Visitors get 410 from then on, and its code
// stays taken. With free=true the link is gone for good and its codes can be used again,
// also if it was deleted before. Another owner's link does not exist.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.LinksWrite, "free")
	if err != nil {
		return web.Response{}, err
	}
	free, err := r.Flag("free")
	if err != nil {
		return web.Response{}, err
	}
	_, err = link.Revise(ctx, h.links.Get, r.Path("code"), r.Header("If-Match"), caller.Owns, func(l link.Link) (link.Link, error) {
		if free {
			if err := l.FreePermitted(caller.Admin()); err != nil {
				return link.Link{}, err
			}
			return link.Link{}, h.editor.Free(ctx, l, caller.By(), h.now())
		}
		return h.editor.Delete(ctx, l, caller.By(), h.now())
	})
	if stale, ok := errors.AsType[*link.StaleError](err); ok {
		return web.Stale(r, stale.Tag), nil
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.Empty(http.StatusNoContent), nil
}
