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
	List(ctx context.Context, owner, after string, limit int) (found []image.Image, next string, err error)
}

type handler struct {
	images  imageStore
	cursors web.Cursors
	site    string // where variants are served
	now     func() time.Time
}

type page struct {
	Items []image.View `json:"items"`
	Next  string       `json:"next,omitempty"`
}

// Handle answers 200 with a page of the caller's own images and, if there
// may be more, the cursor of the next page; or 304 if the page is unchanged since
// the caller's last request.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.ImagesRead, "limit", "cursor")
	if err != nil {
		return web.Response{}, err
	}
	limit, err := r.Limit()
	if err != nil {
		return web.Response{}, err
	}
	list := "images of " + caller.Owner
	after, err := h.cursors.Open(list, r.Query("cursor"))
	if err != nil {
		return web.Response{}, err
	}
	found, next, err := h.images.List(ctx, caller.Owner, after, limit)
	if err != nil {
		return web.Response{}, err
	}
	out := page{Items: make([]image.View, len(found)), Next: h.cursors.Seal(list, next)}
	for i, img := range found {
		out.Items[i] = img.View(h.site, h.now())
	}
	tag, err := web.Digest(out)
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, out).Tagged(r, tag), nil
}
