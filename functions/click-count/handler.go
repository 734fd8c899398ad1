package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/table"
)

// parallel is how many links' clicks are counted at a time.
const parallel = 8

type clickStore interface {
	Count(ctx context.Context, group []click.Click) (milestone bool, err error)
}

type rankStore interface {
	Refresh(ctx context.Context, latest click.Click) error
}

type handler struct {
	clicks clickStore
	ranks  rankStore
	log    *slog.Logger
}

// Handle counts the clicks of a batch and returns an error for each message that
// must be redelivered: those of a group that was not counted in time, and those that
// are not clicks, which end in the dead-letter queue.
func (h *handler) Handle(ctx context.Context, records []events.SQSMessage) []error {
	failures := make([]error, len(records))
	clicks := make([]click.Click, 0, len(records))
	places := map[string][]int{} // of a click's messages in the batch, by its id
	for i, record := range records {
		c, err := click.Decode([]byte(record.Body))
		if err != nil {
			failures[i] = err
			continue
		}
		clicks = append(clicks, c)
		places[c.ID] = append(places[c.ID], i)
	}
	var wait sync.WaitGroup
	slots := make(chan struct{}, parallel)
	for _, groups := range click.Groups(clicks, table.ClickGroup) {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			for _, group := range groups { // one after the other: they share a counter
				err := h.count(ctx, group)
				for _, c := range group {
					for _, i := range places[c.ID] {
						failures[i] = err // no two groups share a place
					}
				}
			}
		})
	}
	wait.Wait()
	return failures
}

// count counts a group unless the batch's deadline has passed. It turns a panic into
// an error: in a goroutine of its own it would end the whole environment.
func (h *handler) count(ctx context.Context, group []click.Click) (err error) {
	if ctx.Err() != nil {
		return fmt.Errorf("not counted: %w", context.Cause(ctx))
	}
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	milestone, err := h.clicks.Count(ctx, group)
	if err != nil || !milestone {
		return err
	}
	latest := slices.MaxFunc(group, func(a, b click.Click) int { return a.At.Compare(b.At) })
	if err := h.ranks.Refresh(ctx, latest); err != nil { // the clicks are counted, and the next milestone refreshes it
		h.log.WarnContext(ctx, "link not ranked", "link", latest.Link, "error", err)
	}
	return nil
}
