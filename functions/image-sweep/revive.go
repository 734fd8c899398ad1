package main

import (
	"context"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

func (h *handler) giveUp(ctx context.Context, img image.Image, refusal *image.Refusal) error {
	img.Refusal, img.Modified = refusal, h.now()
	h.log.InfoContext(ctx, "image given up", "id", img.ID, "code", string(refusal.Code))
	return h.images.GiveUp(ctx, img)
}

// renew starts the creation of variants that are overdue. After an hour of attempts
// the image keeps the old ones.
func (h *handler) renew(ctx context.Context, img image.Image) error {
	now := h.now()
	if now.Sub(img.Modified) > image.UploadTimeout {
		h.log.WarnContext(ctx, "image keeps its old variants", "id", img.ID)
		kept := img.Renewed(img.Recipe, img.Content, img.Crops)
		kept.Modified = now
		if err := h.images.Renew(ctx, img, kept); !fault.Is(err, fault.Conflict) {
			return err
		}
		return nil // it has changed in the meantime, and has a new deadline
	}
	if err := h.images.Postpone(ctx, img, now.Add(image.Attempts)); err != nil {
		return err
	}
	return h.resize.Start(ctx, image.Renewal{Renew: img.ID})
}
