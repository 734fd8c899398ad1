package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/web"
)

type imageStore interface {
	Get(ctx context.Context, id string) (image.Image, error)
	Edit(ctx context.Context, i image.Image) error
}

type starter interface {
	Start(ctx context.Context, event any) error
}

type handler struct {
	images imageStore
	resize starter
	site   string // where variants are served
	now    func() time.Time
	log    *slog.Logger
}

// Handle answers 200 with the changed image. After a change of the focus it keeps
// its old crops until the new ones are made, and is marked as renewing. With
// If-Match the image must be unchanged since the caller read it, otherwise the
// answer is 412. Another owner's image is not found.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.ImagesWrite)
	if err != nil {
		return web.Response{}, err
	}
	var edit image.Edit
	malformed := r.JSON(&edit)
	if malformed != nil && fault.Of(malformed).Fields == nil { // nothing could be read
		return web.Response{}, malformed
	}
	before, err := image.Owned(ctx, h.images.Get, r.Path("id"), caller.Owns)
	if err != nil {
		return web.Response{}, err
	}
	if seen := r.Header("If-Match"); seen != "" {
		tag, err := web.Digest(before.View(h.site, h.now()))
		if err != nil {
			return web.Response{}, err
		}
		if !web.Holds(seen, tag) {
			return web.ProblemResponse(r, http.StatusPreconditionFailed, "The image has changed since you read it."), nil
		}
	}
	after, err := edit.Apply(before.At(h.now()))
	if err = fault.Join(malformed, err); err != nil {
		return web.Response{}, err
	}
	after.Status, after.Refusal, after.Modified = before.Status, before.Refusal, h.now()
	if err := h.images.Edit(ctx, after); err != nil {
		return web.Response{}, err
	}
	h.renew(ctx, after)
	view := after.View(h.site, h.now())
	tag, err := web.Digest(view)
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, view).With("ETag", tag).With("Cache-Control", "private, no-cache"), nil
}

// renew starts the creation of the crops. If that fails, image-sweep starts it later.
func (h *handler) renew(ctx context.Context, i image.Image) {
	if !i.Renewing {
		return
	}
	if err := h.resize.Start(ctx, image.Renewal{Renew: i.ID}); err != nil {
		h.log.ErrorContext(ctx, "renewal not started", "id", i.ID, "error", err)
	}
}
