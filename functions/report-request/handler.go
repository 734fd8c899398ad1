package main

import (
	"context"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/report"
	"github.com/minim-dev/minim/shared/web"
)

type starter interface {
	Start(ctx context.Context, event any) error
}

// handler starts report-run for a requested report.
type handler struct {
	run starter
	now func() time.Time
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
	if err := r.JSON(&wanted); err != nil {
		return web.Response{}, err
	}
	if err := wanted.Check(h.now()); err != nil {
		return web.Response{}, err
	}
	owner, err := caller.For(r.Query("owner"))
	if err != nil {
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
