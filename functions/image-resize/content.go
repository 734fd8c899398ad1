package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/metric"
)

const (
	look    = 250 * time.Millisecond // between two checks of another process's claim
	looks   = 20                     // then the attempt fails, and the platform retries
	lease   = time.Minute            // of a claim, if the context has no deadline
	margin  = 2 * time.Second        // before the deadline, to release a claim
	rounds  = 3                      // of making variants that are deleted before they are recorded
	forever = "public, max-age=31536000, immutable"
)

// finish makes the variants and records them. If they are deleted in between,
// because all other images of the same file were deleted, it makes them again.
func (h *handler) finish(ctx context.Context, img image.Image, f file) (image.Image, error) {
	for range rounds {
		content, err := h.content(ctx, f, h.recipe)
		if err != nil {
			return img, err
		}
		img.Status, img.Refusal, img.Modified = image.Ready, nil, h.now()
		img.Recipe, img.Content = h.recipe.Name(), content
		if err := h.lead(ctx, img); err != nil {
			return img, err
		}
		if err := h.images.Finish(ctx, img); !fault.Is(err, fault.Conflict) {
			return img, err
		}
	}
	return img, fmt.Errorf("variants of %s were deleted %d times while being recorded", img.ID, rounds)
}

// content returns the variants of the file by the recipe. They are made once: a
// second caller gets those of the first, or waits for them.
func (h *handler) content(ctx context.Context, f file, recipe image.Recipe) (image.Content, error) {
	claim := image.Claim{SHA256: f.sha256, Recipe: recipe.Name(), Token: image.NewID(), Until: h.until(ctx)}
	for range looks {
		content, made, err := h.contents.Claim(ctx, claim, h.now())
		switch {
		case made:
			return content, nil
		case err == nil:
			return h.make(ctx, claim, f, recipe)
		case !fault.Is(err, fault.Conflict):
			return image.Content{}, err
		}
		if err := h.wait(ctx, look); err != nil {
			return image.Content{}, err
		}
	}
	return image.Content{}, fmt.Errorf("another process is still making content %s", f.sha256)
}

// until returns when a claim made now expires: after this environment has certainly
// been stopped, so that no two processes work on one content.
func (h *handler) until(ctx context.Context) time.Time {
	if deadline, ok := ctx.Deadline(); ok {
		return deadline.Add(time.Second)
	}
	return h.now().Add(lease)
}

// make creates the content under the claim. If it fails, it releases the claim at
// once; the work ends early enough for that.
func (h *handler) make(ctx context.Context, claim image.Claim, f file, recipe image.Recipe) (image.Content, error) {
	work := ctx
	if deadline, ok := ctx.Deadline(); ok {
		early, cancel := context.WithDeadline(ctx, deadline.Add(-margin))
		defer cancel()
		work = early
	}
	content, err := h.store(work, f, recipe)
	if err == nil {
		err = h.contents.Finish(ctx, claim, content)
	}
	if err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), margin) // ctx may have ended
		defer cancel()
		return image.Content{}, errors.Join(err, h.contents.Release(ctx, claim))
	}
	return content, nil
}

// store renders the variants and stores those that do not exist yet: a name always
// has the same bytes.
func (h *handler) store(ctx context.Context, f file, recipe image.Recipe) (image.Content, error) {
	result, err := h.render(ctx, f.data, f.info, recipe)
	if err != nil {
		return image.Content{}, err
	}
	if result.Truncated {
		h.log.InfoContext(ctx, "truncated image accepted", "sha256", f.sha256)
	}
	content := image.Content{
		Type: f.info.Type, Width: result.Width, Height: result.Height,
		Color: result.Color, Placeholder: result.Placeholder, ThumbHash: result.ThumbHash,
		Took: image.Took{
			Decode: result.Took.Decode.Milliseconds(), Resize: result.Took.Resize.Milliseconds(), Encode: result.Took.Encode.Milliseconds(),
		},
	}
	began := h.now()
	var puts sync.WaitGroup
	failed := make([]error, len(result.Files))
	for i, file := range result.Files {
		key := recipe.Key(f.sha256, file.Name, file.Type)
		content.Variants = append(content.Variants, image.Variant{
			Name: file.Name, Key: key, Type: file.Type, Width: file.Width, Height: file.Height, Bytes: int64(len(file.Body)),
		})
		puts.Go(func() {
			err := h.results.Create(ctx, blob.Object{Key: key, ContentType: string(file.Type), CacheControl: forever, Body: file.Body})
			if !fault.Is(err, fault.Conflict) {
				failed[i] = err
			}
		})
	}
	puts.Wait()
	upload := h.now().Sub(began)
	content.Took.Upload = upload.Milliseconds()
	metric.Millis(ctx, h.log, map[string]time.Duration{
		"DecodeMillis": result.Took.Decode, "ResizeMillis": result.Took.Resize, "EncodeMillis": result.Took.Encode, "UploadMillis": upload,
	})
	return content, errors.Join(failed...)
}

// lead points the image's short link, if it has one, to its largest variant.
func (h *handler) lead(ctx context.Context, img image.Image) error {
	if img.Upload.Code == "" {
		return nil
	}
	return h.links.Lead(ctx, img.Upload.Code, img.ID, h.site+"/"+img.Content.Largest().Key, h.now())
}

// refuse records that the file is rejected.
func (h *handler) refuse(ctx context.Context, img image.Image, refusal *image.Refusal) error {
	img.Status, img.Refusal, img.Modified = image.Failed, refusal, h.now()
	metric.CountBy(ctx, h.log, "ImagesRefused", 1, "code", string(refusal.Code))
	h.log.InfoContext(ctx, "image refused", "id", img.ID, "code", string(refusal.Code), "limit", refusal.Limit, "actual", refusal.Actual)
	if err := h.images.Refuse(ctx, img); err != nil {
		return err
	}
	return h.release(ctx, img)
}

// release frees the code of an image that has failed permanently.
func (h *handler) release(ctx context.Context, img image.Image) error {
	if img.Status != image.Failed || img.Upload.Code == "" {
		return nil
	}
	return h.links.Release(ctx, img.Upload.Code, img.ID)
}

// wait sleeps, or returns early when the context ends.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
