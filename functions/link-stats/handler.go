package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

type linkStore interface {
	Get(ctx context.Context, code string) (link.Link, error)
}

type counters interface {
	Period(ctx context.Context, link string, from, to time.Time, fine bool) (*click.Period, error)
}

type handler struct {
	links linkStore
	stats counters
	now   func() time.Time
}

// Handle answers 200 with the clicks of a time span, as JSON or CSV. What is
// not the caller's does not exist for them.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.LinksRead, "from", "to", "unit", "tz", "top", "compare")
	if err != nil {
		return web.Response{}, err
	}
	now := h.now()
	wanted, err := parseSpan(r.Query, now)
	if err != nil {
		return web.Response{}, err
	}
	l, err := link.Owned(ctx, h.links.Get, r.Path("code"), caller.Owns)
	if err != nil {
		return web.Response{}, err
	}
	s, err := h.collect(ctx, l, wanted, now)
	if err != nil {
		return web.Response{}, err
	}
	response := web.JSON(http.StatusOK, s)
	if r.Prefers("application/json", "text/csv") == "text/csv" {
		table, err := s.csv()
		if err != nil {
			return web.Response{}, err
		}
		response = web.Bytes(http.StatusOK, "text/csv; charset=utf-8; header=present", table).
			With("Content-Disposition", fmt.Sprintf("attachment; filename=%q", l.Code+"-clicks.csv"))
	}
	return response.With("Cache-Control", "private, no-cache").With("Vary", "Accept"), nil
}

// collect reads the counters of a span and, to compare, of the time before it.
func (h *handler) collect(ctx context.Context, l link.Link, wanted span, now time.Time) (stats, error) {
	var period, before *click.Period
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		period, err = h.stats.Period(groupCtx, l.ID, wanted.from, wanted.to, wanted.unit == minute)
		return err
	})
	from, to := wanted.previous()
	if wanted.compare {
		group.Go(func() (err error) {
			before, err = h.stats.Period(groupCtx, l.ID, from, to, wanted.unit == minute)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return stats{}, err
	}
	s, err := newStats(wanted, l, period, now)
	if err == nil && wanted.compare {
		var previous totals
		previous, err = newTotals(from, to, before)
		s.Previous = &previous
	}
	return s, err
}
