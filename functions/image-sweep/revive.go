package main

import (
	"context"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

func (h *handler) giveUp(ctx context.Context, picture image.Image, refusal *image.Refusal) error {
	picture.Refusal, picture.Modified = refusal, h.now()
	h.log.InfoContext(ctx, "picture given up", "id", picture.ID, "code", string(refusal.Code))
	return h.images.GiveUp(ctx, picture)
}

// renew has the variants of a picture made that should have been made by now.
// After an hour of that the picture keeps the old ones.
func (h *handler) renew(ctx context.Context, picture image.Image) error {
	now := h.now()
	if now.Sub(picture.Modified) > image.Patience {
		h.log.WarnContext(ctx, "picture keeps its old variants", "id", picture.ID)
		kept := picture.Renewed(picture.Recipe, picture.Content, picture.Crops)
		kept.Modified = now
		if err := h.images.Renew(ctx, picture, kept); !fault.Is(err, fault.Conflict) {
			return err
		}
		return nil // it has changed meanwhile, and is due anew
	}
	if err := h.images.Postpone(ctx, picture, now.Add(image.Attempts)); err != nil {
		return err
	}
	return h.resize.Start(ctx, image.Renewal{Renew: picture.ID})
}
