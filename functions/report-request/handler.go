package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/report"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

type starter interface {
	Start(ctx context.Context, event any) error
}

type recordStore interface {
	Claim(ctx context.Context, r table.IdempotencyRecord, now time.Time) error
	Repeated(ctx context.Context, r table.IdempotencyRecord, now time.Time) (table.IdempotencyRecord, error)
}

// handler starts report-run for a requested report.
type handler struct {
	run     starter
	records recordStore
	now     func() time.Time
}

// order is report-run's event.
type order struct {
	report.Request
	Owner string `json:"owner"`
}

// accepted names the report to come.
type accepted struct {
	ID string `json:"id"`
	report.Request
}

// Handle answers 202 as soon as the request is stored. Location is the address of
// the report; an existing one is replaced. An admin may name another owner;
// "*" is the whole stage.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.ReportsWrite, "owner")
	if err != nil {
		return web.Response{}, err
	}
	var wanted report.Request
	mistakes := r.JSON(&wanted)
	idempotencyKey, err := r.IdempotencyKey()
	if err := fault.Join(mistakes, wanted.Check(h.now()), err); err != nil {
		return web.Response{}, err
	}
	owner, err := caller.For(r.Query("owner"))
	if err != nil {
		return web.Response{}, err
	}
	if err := h.claim(ctx, caller.Owner, idempotencyKey, order{wanted, owner}); err != nil {
		return web.Response{}, err
	}
	if err := h.run.Start(ctx, order{wanted, owner}); err != nil {
		return web.Response{}, err
	}
	id := report.ID(wanted.Period, wanted.Date, owner)
	return web.JSON(http.StatusAccepted, accepted{id, wanted}).
		With("Location", "/api/reports/"+id).
		With("Cache-Control", "no-store"), nil
}

// claim returns a Mismatch fault if the caller has used the key, if there is one, for another
// order. The same order may be started again, which makes the same report: whether the first
// request got as far as that is not known.
func (h *handler) claim(ctx context.Context, caller, idempotencyKey string, o order) error {
	if idempotencyKey == "" {
		return nil
	}
	digest, err := link.Digest(o, false, "")
	if err != nil {
		return err
	}
	record := table.IdempotencyRecord{Owner: caller, Key: idempotencyKey, Request: "POST /api/reports " + digest, Status: http.StatusAccepted}
	err = h.records.Claim(ctx, record, h.now())
	if errors.Is(err, table.ErrRepeated) {
		_, err = h.records.Repeated(ctx, record, h.now())
	}
	return err
}
