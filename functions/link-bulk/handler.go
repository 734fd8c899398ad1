package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

const maxItems = 100

type codeSource interface {
	Next(private bool) (string, error)
}

type linkStore interface {
	Get(ctx context.Context, code string) (link.Link, error)
}

type linkMaker interface {
	Make(ctx context.Context, l link.Link, r table.IdempotencyRecord) error
	Claim(ctx context.Context, r table.IdempotencyRecord, now time.Time) error
	Repeated(ctx context.Context, r table.IdempotencyRecord, now time.Time) (table.IdempotencyRecord, error)
}

type linkEditor interface {
	Edit(ctx context.Context, before, after link.Link, by string, now time.Time) (link.Link, error)
	Delete(ctx context.Context, l link.Link, by string, now time.Time) (link.Link, error)
	Free(ctx context.Context, l link.Link, by string, now time.Time) error
}

type hostRules interface {
	Current(ctx context.Context) link.Hosts
}

type handler struct {
	hosts  hostRules
	site   link.Site
	codes  codeSource
	links  linkStore
	maker  linkMaker
	editor func(r table.IdempotencyRecord) linkEditor // stores the record with a change, if it has a key
	newID  func(at time.Time) string
	now    func() time.Time
	log    *slog.Logger
}

type request struct {
	Items []json.RawMessage `json:"items"`
}

type response struct {
	Results []result `json:"results"`
}

// Handle answers 200 with one result for each item, in their order. Items that name the
// same code are handled one after the other, others at the same time. A request that is
// sent again with its Idempotency-Key gets the same results, but for items that were not
// reached or refused: these are handled now.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.LinksWrite)
	if err != nil {
		return web.Response{}, err
	}
	var asked request
	if err := r.JSON(&asked); err != nil {
		return web.Response{}, err
	}
	if n := len(asked.Items); n == 0 || n > maxItems {
		return web.Response{}, fault.Fields(fault.Field{Name: "items", Message: fmt.Sprintf("There are %d items; from 1 to %d are allowed.", n, maxItems)})
	}
	items, mistakes := make([]item, len(asked.Items)), make([]error, len(asked.Items))
	for n, text := range asked.Items {
		items[n], mistakes[n] = parse(text)
	}
	record, again, err := h.begin(ctx, r, caller.Owner, asked, slices.ContainsFunc(items, item.hasPassword))
	if err != nil {
		return web.Response{}, err
	}
	b := &batch{handler: h, site: h.site.Obeying(h.hosts.Current(ctx)), request: r, caller: caller, record: record, again: again}
	return web.JSON(http.StatusOK, response{b.run(ctx, items, mistakes)}), nil
}

// begin claims the request's idempotency key, if it has one, and returns whether the same
// request was sent before. Another request with the key is a Mismatch fault.
func (h *handler) begin(ctx context.Context, r web.Request, owner string, asked request, password bool) (record table.IdempotencyRecord, again bool, err error) {
	record = table.IdempotencyRecord{Owner: owner}
	if record.Key, err = r.IdempotencyKey(); err != nil || record.Key == "" {
		return record, false, err
	}
	digest, err := link.Digest(asked, password, owner+"\x00"+record.Key)
	if err != nil {
		return record, false, err
	}
	record.Request = "POST /api/links/bulk " + digest
	err = h.maker.Claim(ctx, record, h.now())
	if !errors.Is(err, table.ErrRepeated) {
		return record, false, err
	}
	_, err = h.maker.Repeated(ctx, record, h.now())
	return record, true, err
}
