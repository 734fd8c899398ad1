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
// not care which version they delete.
const tries = 3

type linkStore interface {
	Get(ctx context.Context, code string) (link.Link, error)
}

type editor interface {
	Delete(ctx context.Context, l link.Link, by string, now time.Time) (link.Link, error)
	Free(ctx context.Context, l link.Link) error
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
	caller, err := r.Caller(key.LinksWrite)
	if err != nil {
		return web.Response{}, err
	}
	free := r.Query("free")
	if free != "" && free != "true" && free != "false" {
		return web.Response{}, fault.Fields(fault.Field{Name: "free", Message: "It must be true or false."})
	}
	for try := 1; ; try++ {
		l, err := link.Owned(ctx, h.links.Get, r.Path("code"), caller.Owns)
		if err != nil {
			return web.Response{}, err
		}
		if seen := r.Header("If-Match"); seen != "" && !l.Seen(seen) {
			return web.Stale(r, l.VersionTag()), nil
		}
		err = h.delete(ctx, l, free == "true", caller.Owner)
		if errors.Is(err, table.ErrChanged) && try < tries {
			continue
		}
		if err != nil {
			return web.Response{}, err
		}
		return web.Empty(http.StatusNoContent), nil
	}
}

func (h *handler) delete(ctx context.Context, l link.Link, free bool, by string) (err error) {
	if now := h.now(); l.Status(now) != link.Deleted {
		if l, err = h.editor.Delete(ctx, l, by, now); err != nil {
			return err
		}
	}
	if !free {
		return nil
	}
	return h.editor.Free(ctx, l)
}
