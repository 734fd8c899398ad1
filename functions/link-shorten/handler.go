package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/metric"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

type codeSource interface {
	Next(private bool) (string, error)
}

type linkStore interface {
	Make(ctx context.Context, l link.Link, r table.IdempotencyRecord) error
	Repeated(ctx context.Context, r table.IdempotencyRecord, now time.Time) (table.IdempotencyRecord, error)
}

type hostRules interface {
	Current(ctx context.Context) link.Hosts
}

type handler struct {
	hosts hostRules
	site  link.Site
	codes codeSource
	links linkStore
	newID func(at time.Time) string
	now   func() time.Time
	log   *slog.Logger
}

// Handle answers 201 with the link. A request whose Idempotency-Key was used
// gets the first answer again, before its content is judged: what was in the
// future then may be in the past now.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.LinksWrite)
	if err != nil {
		return web.Response{}, err
	}
	var draft link.Draft
	mistakes := r.JSON(&draft)
	idempotencyKey, err := r.IdempotencyKey()
	if err := fault.Join(mistakes, err); err != nil {
		_, others := draft.Link(caller.Owner, h.site.Obeying(h.hosts.Current(ctx)), h.now())
		return web.Response{}, fault.Join(err, others)
	}
	asked, err := newRecord(caller.Owner, idempotencyKey, draft)
	if err != nil {
		return web.Response{}, err
	}
	if asked.Key != "" {
		if again, err := h.repeat(ctx, asked); !fault.Is(err, fault.NotFound) {
			return again, err
		}
	}
	wanted, err := draft.Link(caller.Owner, h.site.Obeying(h.hosts.Current(ctx)), h.now())
	if err != nil {
		return web.Response{}, err
	}
	answer, err := h.make(ctx, wanted, asked)
	if errors.Is(err, table.ErrRepeated) {
		return h.repeat(ctx, asked)
	}
	if err != nil {
		return web.Response{}, err
	}
	return respond(answer), nil
}

// repeat answers as the first request with the key was answered. It is a
// NotFound fault when there was none.
func (h *handler) repeat(ctx context.Context, asked table.IdempotencyRecord) (web.Response, error) {
	first, err := h.links.Repeated(ctx, asked, h.now())
	if err != nil {
		return web.Response{}, err
	}
	return respond(first), nil
}

// make stores the link with the answer.
func (h *handler) make(ctx context.Context, wanted link.Link, asked table.IdempotencyRecord) (answer table.IdempotencyRecord, err error) {
	taken, err := wanted.Assign(h.codes.Next, func(l link.Link) error {
		l.ID = h.newID(l.CreatedAt)
		if answer, err = complete(asked, l.View(h.site, 0, l.CreatedAt)); err != nil {
			return err
		}
		return h.links.Make(ctx, l, answer)
	})
	if taken > 0 {
		metric.Count(ctx, h.log, "CodeRetries", taken)
	}
	return answer, err
}
