package main

import (
	"context"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/web"
)

type imageStore interface {
	Get(ctx context.Context, id string) (image.Image, error)
}

type handler struct {
	images imageStore
	site   string // where variants are served
	now    func() time.Time
}

// Handle answers 200 with the picture, or 304 when the caller has seen it so.
// Another owner's picture does not exist.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller("images:read")
	if err != nil {
		return web.Response{}, err
	}
	unknown := fault.New(fault.NotFound, "There is no such picture.")
	id := r.Path("id")
	if !image.ValidID(id) {
		return web.Response{}, unknown
	}
	picture, err := h.images.Get(ctx, id)
	if err != nil {
		return web.Response{}, err
	}
	if !caller.Owns(picture.Owner) {
		return web.Response{}, unknown
	}
	view := picture.View(h.site, h.now())
	tag, err := web.Digest(view)
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, view).Tagged(r, tag), nil
}
