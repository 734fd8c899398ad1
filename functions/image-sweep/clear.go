package main

import (
	"context"
	"fmt"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

const (
	lease  = time.Minute     // of a claim, when nothing else says how long we may run
	margin = 2 * time.Second // before our end, when no more work is begun
)

// purge deletes the link to a deleted image, its file, the contents that nobody else
// uses and, when no file can arrive any more, the last of its record.
func (h *handler) purge(ctx context.Context, img image.Image) error {
	if img.Upload.Code != "" {
		if err := h.links.Drop(ctx, img.Upload.Code, img.ID, h.now()); err != nil {
			return err
		}
	}
	if err := h.uploads.Delete(ctx, image.UploadKey(img.ID)); err != nil {
		return err
	}
	for _, recipe := range img.Recipes {
		if err := h.clear(ctx, img.Upload.SHA256, recipe); err != nil {
			return err
		}
	}
	return h.images.Purge(ctx, img.ID, h.now())
}

// clear removes a content that no image uses: its files first, so that there
// is a record as long as there is a file. Meanwhile nobody can make it again;
// who wants to, waits for our claim to end. What somebody else is busy with is
// left to a later sweep.
func (h *handler) clear(ctx context.Context, sha256, recipe string) error {
	claim := image.Claim{SHA256: sha256, Recipe: recipe, Token: image.NewID(), Until: h.until(ctx)}
	claimed, err := h.contents.ClaimForDeletion(ctx, claim, h.now())
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	if err != nil || !claimed {
		return err
	}
	ctx, cancel := h.early(ctx)
	defer cancel()
	keys, err := h.results.List(ctx, image.Folder(sha256, recipe))
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := h.results.Delete(ctx, key); err != nil {
			return fmt.Errorf("clear content %s: %w", sha256, err)
		}
	}
	return h.contents.Delete(ctx, claim)
}

// until is when a claim made now ends: when this environment is certain to have
// been stopped, so that it deletes nothing that somebody else has made again.
func (h *handler) until(ctx context.Context) time.Time {
	if deadline, ok := ctx.Deadline(); ok {
		return deadline.Add(margin + time.Second)
	}
	return h.now().Add(lease)
}

// early ends the work before the function's time does.
func (h *handler) early(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-margin))
}
