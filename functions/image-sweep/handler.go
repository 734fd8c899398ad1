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

// handler may run any number of times concurrently: each of its writes has a
// condition, and a process must claim a content before it deletes it.
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
	Images   int `json:"images"` // handled
	Contents int `json:"contents"`
}

// Handle handles one image, or all overdue ones as far as time allows. An item
// that fails does not block the others, and stays in the index for the next sweep.
func (h *handler) Handle(ctx context.Context, e image.Sweep) (result, error) {
	if e.ID != "" {
		return result{Images: 1}, h.one(ctx, e.ID)
	}
	return h.all(ctx)
}

// one deletes the remains of a deleted image.
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

// image handles an overdue image according to its status.
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
