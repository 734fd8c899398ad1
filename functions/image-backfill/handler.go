package main

import (
	"context"
	"fmt"
	"time"

	"github.com/minim-dev/minim/shared/image"
)

// pageSize is how many items of the table are read at a time.
const pageSize = 200

type imageStore interface {
	Ready(ctx context.Context, after string, limit int) (found []image.Image, next string, err error)
}

type starter interface {
	Start(ctx context.Context, event any) error
}

type handler struct {
	images imageStore
	resize starter
	recipe string // the current one's name
	now    func() time.Time
}

// event says where to go on.
type event struct {
	After string `json:"after"` // position of an earlier result; "" is the start
	Count bool   `json:"count"` // only count what is to be done
}

type result struct {
	Looked int    `json:"looked"`          // pictures that are ready
	Older  int    `json:"older"`           // of them, those by an older recipe, which are made anew now
	After  string `json:"after,omitempty"` // where the next invocation goes on; absent at the end
}

// Handle walks on for half of its time. It may be repeated from any position:
// what is up to date is left alone, and image-resize makes no variants twice.
// Pictures keep their old variants, too, since pages may show them.
func (h *handler) Handle(ctx context.Context, e event) (result, error) {
	until := h.now().Add(time.Minute)
	if deadline, ok := ctx.Deadline(); ok {
		until = h.now().Add(deadline.Sub(h.now()) / 2)
	}
	done := result{After: e.After}
	for {
		found, next, err := h.images.Ready(ctx, done.After, pageSize)
		if err != nil {
			return result{}, err
		}
		for _, picture := range found {
			done.Looked++
			if picture.Recipe == h.recipe {
				continue
			}
			done.Older++
			if e.Count {
				continue
			}
			if err := h.resize.Start(ctx, image.Renewal{Renew: picture.ID}); err != nil {
				return result{}, fmt.Errorf("picture %s: %w", picture.ID, err)
			}
		}
		if done.After = next; next == "" || !h.now().Before(until) {
			return done, nil
		}
	}
}
