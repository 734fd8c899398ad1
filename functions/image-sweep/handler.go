package main

import (
	"context"
	"iter"
	"log/slog"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/metric"
)

type (
	finder interface {
		Overdue(ctx context.Context, now time.Time) iter.Seq2[image.Overdue, error]
		Remains(ctx context.Context, id string) (image.Image, error)
	}
	imageStore interface {
		finder
		ender
		renewer
	}
	ender interface {
		GiveUp(ctx context.Context, i image.Image) error
		Purge(ctx context.Context, id string, now time.Time) error
	}
	renewer interface {
		Postpone(ctx context.Context, i image.Image, due time.Time) error
		Renew(ctx context.Context, before, renewed image.Image) error
	}
	starter interface {
		Start(ctx context.Context, event any) error
	}
	contentStore interface {
		ClaimForDeletion(ctx context.Context, c image.Claim, now time.Time) (claimed bool, err error)
		Delete(ctx context.Context, c image.Claim) error
	}
	linkStore interface {
		Drop(ctx context.Context, code, id string, now time.Time) error
	}
	remover interface {
		Delete(ctx context.Context, key string) error
	}
	folderStore interface {
		List(ctx context.Context, prefix string) (keys []string, err error)
		remover
	}
)

// handler may run any number of times at once: each of its writes has a
// condition, and who clears away a content holds a claim to it.
type handler struct {
	images   imageStore
	contents contentStore
	links    linkStore
	uploads  remover
	results  folderStore
	resize   starter
	now      func() time.Time
	log      *slog.Logger
}

type result struct {
	Images   int `json:"images"` // looked after
	Contents int `json:"contents"`
}

// Handle looks after one image, or after all that are overdue as far as the
// time allows. An item that fails does not hold up the others; it stays where the
// next sweep finds it.
func (h *handler) Handle(ctx context.Context, e image.Sweep) (result, error) {
	if e.ID != "" {
		return result{Images: 1}, h.one(ctx, e.ID)
	}
	return h.all(ctx)
}

// one clears away what a deleted image leaves.
func (h *handler) one(ctx context.Context, id string) error {
	img, err := h.images.Remains(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || img.Status != image.Deleted {
		return err
	}
	return h.purge(ctx, img)
}

// image does what is overdue for an image, by its status.
func (h *handler) image(ctx context.Context, id string) error {
	img, err := h.images.Remains(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || img.Due().After(h.now()) { // it has changed since it was listed
		return err
	}
	switch {
	case img.Status == image.Pending:
		return h.giveUp(ctx, img, image.RefuseExpired())
	case img.Status == image.Processing:
		metric.Count(ctx, h.log, "ImagesUnprocessed", 1)
		return h.giveUp(ctx, img, image.RefuseUnprocessed())
	case img.Status == image.Deleted:
		return h.purge(ctx, img)
	case img.Renewing:
		return h.renew(ctx, img)
	default:
		return nil
	}
}
