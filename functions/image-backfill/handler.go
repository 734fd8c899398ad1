package main

import (
	"context"
	"fmt"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

const (
	// pageSize is how many items of the table are read at a time.
	pageSize = 200
	// defaultRate leaves most of the ten environments of a new account to visitors,
	// because image-resize takes a second or two per image.
	defaultRate = 2
	maxRate     = 100
)

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
}

// event sets the position to continue from, and the rate.
type event struct {
	After string `json:"after"` // position of an earlier result; "" is the start
	Count bool   `json:"count"` // only count the images to renew
	Rate  int    `json:"rate"`  // images to start a second; 0 is defaultRate
}

type result struct {
	Looked int    `json:"looked"`          // images that are ready
	Older  int    `json:"older"`           // of them, those made with an older recipe, which are renewed
	After  string `json:"after,omitempty"` // where the next invocation continues; absent at the end
}

// Handle reads the table for half of its time. It can be repeated from any position:
// it skips images that are up to date, and image-resize makes no variants twice.
// Images keep their old variants, because pages may show them.
//
// It starts image-resize at an even rate, because each start needs an environment
// at once: without a limit a large table would take all that the account has.
func (h *handler) Handle(ctx context.Context, e event) (result, error) {
	if e.Rate == 0 {
		e.Rate = defaultRate
	}
	if e.Rate < 0 || e.Rate > maxRate {
		return result{}, fault.New(fault.Invalid, fmt.Sprintf("rate is %d; it must be 1 to %d", e.Rate, maxRate))
	}
	half := time.Minute
	if deadline, ok := ctx.Deadline(); ok {
		half = time.Until(deadline) / 2
	}
	walking, cancel := context.WithTimeout(ctx, half)
	defer cancel()
	done := result{After: e.After}
	var pace <-chan time.Time // when the next image may be started; nil: at once
	for {
		found, next, err := h.images.Ready(ctx, done.After, pageSize)
		if err != nil {
			return result{}, err
		}
		for _, img := range found {
			if img.Recipe != h.recipe && !e.Count {
				if pace != nil {
					select {
					case <-pace:
					case <-walking.Done():
						return done, nil
					}
				}
				pace = time.After(time.Second / time.Duration(e.Rate))
				if err := h.resize.Start(ctx, image.Renewal{Renew: img.ID}); err != nil {
					return result{}, fmt.Errorf("renew image %s: %w", img.ID, err)
				}
			}
			done.Looked++
			if img.Recipe != h.recipe {
				done.Older++
			}
			done.After = img.ID
		}
		if done.After = next; next == "" || walking.Err() != nil {
			return done, nil
		}
	}
}
