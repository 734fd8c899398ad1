package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/metric"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

// parallel is how many items are handled at the same time. The hash of a password takes
// 19 MiB.
const parallel = 8

// result is what became of an item: a status as of a single request, and the link as it is
// now or what was wrong.
type result struct {
	Status   int          `json:"status"`
	ID       string       `json:"id,omitempty"`
	Code     string       `json:"code,omitempty"`
	ShortURL string       `json:"shortUrl,omitempty"`
	URL      string       `json:"url,omitempty"`
	ETag     string       `json:"etag,omitempty"`
	Problem  *web.Problem `json:"problem,omitempty"`
}

// batch is one request.
type batch struct {
	*handler
	site    link.Site // with the rules about hosts
	request web.Request
	caller  web.Caller
	record  table.IdempotencyRecord // without a key, if the request has none
	again   bool                    // the request was sent before
}

// run handles all items. An item that fails changes nothing and stops no other one.
func (b *batch) run(ctx context.Context, items []item, mistakes []error) []result {
	results := make([]result, len(items))
	for _, wave := range waves(items) {
		var group errgroup.Group
		group.SetLimit(parallel)
		for _, n := range wave {
			group.Go(func() error {
				results[n] = b.result(ctx, n, items[n], mistakes[n])
				return nil
			})
		}
		_ = group.Wait() // there are no errors: each has become a result
	}
	return results
}

func (b *batch) result(ctx context.Context, n int, one item, mistake error) result {
	if mistake != nil {
		return b.failed(ctx, mistake)
	}
	record := b.record
	if record.Key != "" {
		record.Key += "\x00" + strconv.Itoa(n) // no header contains a NUL
	}
	if b.again {
		if first, err := b.repeat(ctx, record); !fault.Is(err, fault.NotFound) {
			return b.orFailed(ctx, first, err)
		}
	}
	done, err := b.handle(ctx, one, record)
	if err != nil && record.Key != "" { // the same request, sent at the same time, may have been first
		if first, err := b.repeat(ctx, record); err == nil {
			return first
		}
	}
	return b.orFailed(ctx, done, err)
}

func (b *batch) orFailed(ctx context.Context, done result, err error) result {
	if err != nil {
		return b.failed(ctx, err)
	}
	return done
}

func (b *batch) failed(ctx context.Context, err error) result {
	var problem web.Problem
	if stale, ok := errors.AsType[*link.StaleError](err); ok {
		problem = web.StaleProblem(b.request, stale.Tag)
		return result{Status: problem.Status, ETag: stale.Tag, Problem: &problem}
	}
	problem = web.Judge(ctx, b.log, b.request, err)
	return result{Status: problem.Status, Problem: &problem}
}

// repeat returns the recorded result of an item, or a NotFound fault if there is none: it
// was not reached, or refused.
func (b *batch) repeat(ctx context.Context, record table.IdempotencyRecord) (result, error) {
	first, err := b.maker.Repeated(ctx, record, b.now())
	if err != nil {
		return result{}, err
	}
	var done result
	if err := json.Unmarshal([]byte(first.Body), &done); err != nil {
		return result{}, fmt.Errorf("decode result: %w", err)
	}
	return done, nil
}

func (b *batch) handle(ctx context.Context, one item, record table.IdempotencyRecord) (result, error) {
	switch {
	case one.Create != nil:
		return b.create(ctx, *one.Create, record)
	case one.Edit != nil:
		return b.edit(ctx, one.Edit.Code, one.Edit.IfMatch, record, func(link.Link) link.Edit { return one.Edit.Changes })
	case one.Tag != nil:
		return b.edit(ctx, one.Tag.Code, one.Tag.IfMatch, record, one.Tag.edit)
	default:
		return b.delete(ctx, *one.Delete, record)
	}
}

func (b *batch) create(ctx context.Context, draft link.Draft, record table.IdempotencyRecord) (done result, err error) {
	wanted, err := draft.Link(b.caller.Owner, b.site, b.now())
	if err != nil {
		return result{}, err
	}
	taken, err := wanted.Assign(b.codes.Next, func(l link.Link) error {
		l.ID = b.newID(l.CreatedAt)
		done = b.shown(http.StatusCreated, l)
		with, err := recorded(record, done)
		if err != nil {
			return err
		}
		return b.maker.Make(ctx, l, with)
	})
	if taken > 0 {
		metric.Count(ctx, b.log, "CodeRetries", taken)
	}
	return done, err
}

func (b *batch) edit(ctx context.Context, code, ifMatch string, record table.IdempotencyRecord, change func(link.Link) link.Edit) (result, error) {
	after, err := link.Revise(ctx, b.links.Get, code, ifMatch, b.caller.Owns, func(before link.Link) (link.Link, error) {
		now, wanted := b.now(), change(before)
		if err := wanted.Permitted(before, b.caller.Admin()); err != nil {
			return link.Link{}, err
		}
		after, err := wanted.Apply(before, b.site, now)
		if err != nil || len(link.Changes(before, after)) == 0 {
			return after, err
		}
		next := after
		next.Version++
		with, err := recorded(record, b.shown(http.StatusOK, next))
		if err != nil {
			return link.Link{}, err
		}
		return b.editor(with).Edit(ctx, before, after, b.caller.By(), now)
	})
	if err != nil {
		return result{}, err
	}
	return b.shown(http.StatusOK, after), nil
}

func (b *batch) delete(ctx context.Context, r removal, record table.IdempotencyRecord) (result, error) {
	done := result{Status: http.StatusNoContent}
	with, err := recorded(record, done)
	if err != nil {
		return result{}, err
	}
	_, err = link.Revise(ctx, b.links.Get, r.Code, r.IfMatch, b.caller.Owns, func(l link.Link) (link.Link, error) {
		if r.Free {
			if err := l.FreePermitted(b.caller.Admin()); err != nil {
				return link.Link{}, err
			}
			return link.Link{}, b.editor(with).Free(ctx, l, b.caller.By(), b.now())
		}
		return b.editor(with).Delete(ctx, l, b.caller.By(), b.now())
	})
	return done, err
}

func (b *batch) shown(status int, l link.Link) result {
	return result{Status: status, ID: l.ID, Code: l.Code, ShortURL: b.site.ShortURL(l.Code), URL: l.URL, ETag: l.VersionTag()}
}

// recorded adds the result to the record of an item.
func recorded(record table.IdempotencyRecord, done result) (table.IdempotencyRecord, error) {
	body, err := json.Marshal(done)
	if err != nil {
		return table.IdempotencyRecord{}, fmt.Errorf("encode result: %w", err)
	}
	record.Status, record.Body = done.Status, string(body)
	return record, nil
}
