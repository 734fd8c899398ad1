package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/metric"
	"github.com/minim-dev/minim/shared/queue"
	"github.com/minim-dev/minim/shared/web"
)

const (
	// visitorTimeout is how long a visitor may wait for the queue, which mostly takes a
	// few milliseconds.
	visitorTimeout = 250 * time.Millisecond
	// sendTimeout is how long a click may keep the environment busy after that.
	sendTimeout = 2 * time.Second
)

// count sends a click before the answer: a visitor who was
// redirected is counted, whatever becomes of this process. If the queue does not
// accept it in time, the visitor is redirected anyway, and the click is sent once
// more after the response; a click that the queue gets twice counts once.
//
// The metric ClicksLost counts clicks that certainly did not reach the queue, and
// ClicksUnconfirmed those of which only the confirmation is missing.
func (h *handler) count(ctx context.Context, r web.Request, l link.Link, c click.Click, at time.Time) {
	c.ID, c.Link, c.Code, c.Owner, c.At = h.newID(at), l.ID, l.Code, l.Owner, at
	if c.Bot == "" {
		_, c.Scan = link.Scanned(r.RawQueryString)
		c.SetLanguage(r.Languages())
		if click.Trackable(r.Header) {
			c.Visitor = h.visitors.ID(ctx, r, at)
		}
	}
	first := h.send(ctx, c, visitorTimeout)
	if first == nil {
		return
	}
	h.after.Do(ctx, func(ctx context.Context) error {
		second := h.send(ctx, c, sendTimeout)
		switch {
		case second == nil:
		case queue.Unsent(first) && queue.Unsent(second):
			metric.Count(ctx, h.log, "ClicksLost", 1)
		default:
			metric.Count(ctx, h.log, "ClicksUnconfirmed", 1)
		}
		return second
	})
}

func (h *handler) send(ctx context.Context, c click.Click, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	message, err := json.Marshal(c)
	if err == nil {
		err = h.clicks.Send(ctx, string(message))
	}
	if err != nil {
		return fmt.Errorf("send click: %w", err)
	}
	return nil
}
