package main

import (
	"context"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/key"
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

// Handle answers 200 with the image, or 304 if it is unchanged since the
// caller's last request. Another owner's image is not found.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.ImagesRead)
	if err != nil {
		return web.Response{}, err
	}
	img, err := image.Owned(ctx, h.images.Get, r.Path("id"), caller.Owns)
	if err != nil {
		return web.Response{}, err
	}
	view := img.View(h.site, h.now())
	tag, err := web.Digest(view)
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, view).Tagged(r, tag), nil
}
