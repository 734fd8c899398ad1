package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/minim-dev/minim/shared/batch"
	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/render"
	"github.com/minim-dev/minim/shared/metric"
)

type imageStore interface {
	Get(ctx context.Context, id string) (image.Image, error)
	Begin(ctx context.Context, id string, now time.Time) error
	recorder
}

type recorder interface {
	Finish(ctx context.Context, i image.Image) error
	Renew(ctx context.Context, before, renewed image.Image) error
	Refuse(ctx context.Context, i image.Image) error
}

type contentStore interface {
	Claim(ctx context.Context, c image.Claim, now time.Time) (content image.Content, made bool, err error)
	Finish(ctx context.Context, c image.Claim, content image.Content) error
	Release(ctx context.Context, c image.Claim) error
}

type linkStore interface {
	Lead(ctx context.Context, code, id, url string, now time.Time) error
	Release(ctx context.Context, code, id string) error
}

type source interface {
	Get(ctx context.Context, key string, limit int64) ([]byte, error)
}

type target interface {
	Create(ctx context.Context, o blob.Object) error
}

type handler struct {
	images   imageStore
	contents contentStore
	links    linkStore
	site     string // where variants are served
	uploads  source
	results  target
	render   func(context.Context, []byte, image.Info, image.Recipe) (render.Result, error)
	limits   image.Limits
	recipe   image.Recipe
	now      func() time.Time
	wait     func(context.Context, time.Duration) error
	log      *slog.Logger
}

// Handle turns one uploaded object into an image. It may be called any number of
// times for the same object, in any order and concurrently: the image's record is
// written last, and the first final one is kept. A rejection of the file is final;
// any other error is temporary and retried. image-sweep deletes the object of an
// image that was deleted in the meantime.
func (h *handler) Handle(ctx context.Context, object batch.Object) error {
	id, ok := image.IDOfUpload(object.Key)
	if !ok {
		h.log.WarnContext(ctx, "object is not an upload", "key", object.Key)
		return nil
	}
	img, err := h.images.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		h.log.WarnContext(ctx, "upload without an image", "id", id)
		return nil
	}
	if err != nil {
		return err
	}
	if img.Final() {
		return h.release(ctx, img) // the attempt that rejected it may not have released its code
	}
	started := h.now()
	if err := h.images.Begin(ctx, id, started); err != nil {
		return err
	}
	file, err := h.open(ctx, img, object)
	if err == nil {
		img, err = h.finish(ctx, img, file)
	}
	if refusal, ok := errors.AsType[*image.Refusal](err); ok {
		return h.refuse(ctx, img, refusal)
	}
	if err != nil {
		return err
	}
	metric.Count(ctx, h.log, "ImagesReady", 1)
	h.log.InfoContext(ctx, "image ready", "id", id, "bytes", object.Size, "took", img.Content.Took,
		"width", img.Content.Width, "height", img.Content.Height, "ms", h.now().Sub(started).Milliseconds())
	return nil
}

// file is a checked file that can be decoded.
type file struct {
	sha256 string
	data   []byte
	info   image.Info
}

// open reads the object and checks that it matches its declaration and is safe to decode.
func (h *handler) open(ctx context.Context, img image.Image, object batch.Object) (file, error) {
	declared := img.Upload
	if object.Size > h.limits.Bytes {
		return file{}, image.RefuseSize(h.limits.Bytes, object.Size)
	}
	data, err := h.uploads.Get(ctx, object.Key, h.limits.Bytes)
	if fault.Is(err, fault.TooLarge) {
		return file{}, image.RefuseSize(h.limits.Bytes, max(object.Size, h.limits.Bytes+1))
	}
	if err != nil {
		return file{}, err
	}
	if err := declared.Verify(data); err != nil {
		return file{}, err
	}
	info, err := h.limits.Inspect(data)
	if err != nil {
		return file{}, err
	}
	if string(info.Type) != declared.ContentType {
		h.log.InfoContext(ctx, "image has another type than declared", "id", img.ID, "type", string(info.Type), "declared", declared.ContentType)
	}
	return file{declared.SHA256, data, info}, nil
}
