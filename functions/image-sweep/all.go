package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/minim-dev/minim/shared/image"
)

const (
	// parallel is how many items are handled at a time: the number of
	// idle connections of a client.
	parallel = 32
	// reported is how many failures the error lists.
	reported = 10
)

// all handles all overdue items. If time runs out, the next sweep continues.
func (h *handler) all(ctx context.Context) (result, error) {
	ctx, cancel := h.early(ctx)
	defer cancel()
	var (
		work   errgroup.Group
		mu     sync.Mutex
		done   result
		failed []error
	)
	work.SetLimit(parallel)
	finish := func(item image.Overdue, err error) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err != nil && ctx.Err() != nil: // stopped, not failed
		case err != nil:
			failed = append(failed, err)
		case item.Image != "":
			done.Images++
		default:
			done.Contents++
		}
	}
	for item, err := range h.images.Overdue(ctx, h.now()) {
		if err != nil {
			finish(item, err)
		}
		if err != nil || ctx.Err() != nil {
			break
		}
		work.Go(func() error {
			finish(item, h.overdue(ctx, item))
			return nil
		})
	}
	work.Wait()
	if done != (result{}) {
		h.log.InfoContext(ctx, "swept", "images", done.Images, "contents", done.Contents)
	}
	if ctx.Err() != nil {
		h.log.WarnContext(ctx, "sweep ran out of time")
	}
	return done, summary(failed)
}

func (h *handler) overdue(ctx context.Context, item image.Overdue) error {
	if item.Image == "" {
		return h.clear(ctx, item.SHA256, item.Recipe)
	}
	if err := h.image(ctx, item.Image); err != nil {
		return fmt.Errorf("sweep image %s: %w", item.Image, err)
	}
	return nil
}

// summary joins the first failures, so that the error stays readable.
func summary(failed []error) error {
	if more := len(failed) - reported; more > 0 {
		failed = append(failed[:reported], fmt.Errorf("and %d more", more))
	}
	return errors.Join(failed...)
}
