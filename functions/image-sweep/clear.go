package main

import (
	"context"
	"fmt"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

const (
	lease  = time.Minute     // of a claim, if the context has no deadline
	margin = 2 * time.Second // before the deadline, in which no more work is started
)

// purge deletes the link to a deleted image, its file, the contents that no other
// image uses and, when no file can arrive any more, its record.
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

// clear deletes a content that no image uses: its files first, so that every file
// has a record. Its claim prevents other processes from making the content again in
// the meantime. If another process holds the claim, a later sweep deletes it.
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
			return fmt.Errorf("delete content %s: %w", sha256, err)
		}
	}
	return h.contents.Delete(ctx, claim)
}

// until returns when a claim made now expires: after this environment has certainly
// been stopped, so that it deletes nothing that another process has made again.
func (h *handler) until(ctx context.Context) time.Time {
	if deadline, ok := ctx.Deadline(); ok {
		return deadline.Add(margin + time.Second)
	}
	return h.now().Add(lease)
}

// early ends the work before the function's deadline.
func (h *handler) early(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-margin))
}
