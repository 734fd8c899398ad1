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
)

type imageStore interface {
	Get(ctx context.Context, id string) (image.Image, error)
	Begin(ctx context.Context, id string, now time.Time) error
	Finish(ctx context.Context, i image.Image) error
}

type contentStore interface {
	Claim(ctx context.Context, c image.Claim, now time.Time) (content image.Content, made bool, err error)
	Finish(ctx context.Context, c image.Claim, content image.Content) error
	Release(ctx context.Context, c image.Claim) error
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
	uploads  source
	results  target
	render   func(context.Context, []byte, image.Info, image.Recipe) (render.Result, error)
	limits   image.Limits
	recipe   image.Recipe
	now      func() time.Time
	wait     func(context.Context, time.Duration) error
	log      *slog.Logger
}

// Handle turns one uploaded object into a picture. It may be called any number
// of times for the same object, in any order and at once: the record of the
// picture is the last write, and the first that is final stays. A refusal of
// the file is final; any other error is passing and asks for another try.
func (h *handler) Handle(ctx context.Context, object batch.Object) error {
	id, ok := image.IDOfUpload(object.Key)
	if !ok {
		h.log.WarnContext(ctx, "object is no upload", "key", object.Key)
		return nil
	}
	picture, err := h.images.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		h.log.WarnContext(ctx, "upload of no known picture", "id", id)
		return nil
	}
	if err != nil || picture.Done() {
		return err
	}
	started := h.now()
	if err := h.images.Begin(ctx, id, started); err != nil {
		return err
	}
	picture.Content, err = h.process(ctx, picture.Upload, object)
	picture.Status, picture.Modified = image.Ready, h.now()
	if refusal, ok := errors.AsType[*image.Refusal](err); ok {
		picture.Status, picture.Refusal = image.Failed, refusal
		h.log.InfoContext(ctx, "picture refused", "id", id, "code", string(refusal.Code), "limit", refusal.Limit, "actual", refusal.Actual)
	} else if err != nil {
		return err
	}
	if err := h.images.Finish(ctx, picture); err != nil {
		return err
	}
	h.log.InfoContext(ctx, "picture done", "id", id, "status", string(picture.Status), "bytes", object.Size,
		"width", picture.Content.Width, "height", picture.Content.Height, "ms", h.now().Sub(started).Milliseconds())
	return nil
}

// process returns what the object became, if it is what was declared and what
// may be decoded.
func (h *handler) process(ctx context.Context, declared image.Upload, object batch.Object) (image.Content, error) {
	if object.Size > h.limits.Bytes {
		return image.Content{}, image.RefuseSize(h.limits.Bytes, object.Size)
	}
	data, err := h.uploads.Get(ctx, object.Key, h.limits.Bytes)
	if fault.Is(err, fault.TooLarge) {
		return image.Content{}, image.RefuseSize(h.limits.Bytes, max(object.Size, h.limits.Bytes+1))
	}
	if err != nil {
		return image.Content{}, err
	}
	if err := declared.Verify(data); err != nil {
		return image.Content{}, err
	}
	info, err := h.limits.Inspect(data)
	if err != nil {
		return image.Content{}, err
	}
	if string(info.Type) != declared.ContentType {
		h.log.InfoContext(ctx, "picture is of another type than declared", "key", object.Key, "type", string(info.Type), "declared", declared.ContentType)
	}
	return h.content(ctx, declared.SHA256, data, info)
}
