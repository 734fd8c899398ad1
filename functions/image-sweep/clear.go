package main

import (
	"context"
	"fmt"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

const (
	lease    = time.Minute     // of a claim, when nothing else says how long we may run
	farewell = 2 * time.Second // before our end, when no more work is begun
)

// bury removes the link to a deleted picture, its file, the contents that nobody else
// uses and, when no file can arrive any more, the last of its record.
func (h *handler) bury(ctx context.Context, picture image.Image) error {
	if picture.Upload.Code != "" {
		if err := h.links.Drop(ctx, picture.Upload.Code, picture.ID); err != nil {
			return err
		}
	}
	if err := h.uploads.Delete(ctx, image.UploadKey(picture.ID)); err != nil {
		return err
	}
	for _, recipe := range picture.Recipes {
		if err := h.clear(ctx, picture.Upload.SHA256, recipe); err != nil {
			return err
		}
	}
	return h.images.Forget(ctx, picture.ID, h.now())
}

// clear removes a content that no picture uses: its files first, so that there
// is a record as long as there is a file. Meanwhile nobody can make it again;
// who wants to, waits for our claim to end. What somebody else is busy with is
// left to a later sweep.
func (h *handler) clear(ctx context.Context, sha256, recipe string) error {
	claim := image.Claim{SHA256: sha256, Recipe: recipe, Token: image.NewID(), Until: h.until(ctx)}
	doomed, err := h.contents.Condemn(ctx, claim, h.now())
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	if err != nil || !doomed {
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
	return h.contents.Forget(ctx, claim)
}

// until is when a claim made now ends: when this environment is certain to have
// been stopped, so that it deletes nothing that somebody else has made again.
func (h *handler) until(ctx context.Context) time.Time {
	if deadline, ok := ctx.Deadline(); ok {
		return deadline.Add(farewell + time.Second)
	}
	return h.now().Add(lease)
}

// early ends the work before the function's time does.
func (h *handler) early(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-farewell))
}
