package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

type linkStore interface {
	Get(ctx context.Context, code string) (link.Link, error)
}

type counters interface {
	Days(ctx context.Context, link string, from, to time.Time) ([]click.DayCount, error)
}

type handler struct {
	links linkStore
	stats counters
	now   func() time.Time
}

// Handle answers 200 with the clicks of a time span, as JSON or CSV. What is
// not the caller's does not exist for them.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.LinksRead)
	if err != nil {
		return web.Response{}, err
	}
	wanted, err := parseSpan(r.Query("from"), r.Query("to"), r.Query("unit"), h.now())
	if err != nil {
		return web.Response{}, err
	}
	l, err := link.Owned(ctx, h.links.Get, r.Path("code"), caller.Owns)
	if err != nil {
		return web.Response{}, err
	}
	s, err := h.collect(ctx, l.ID, wanted)
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

// collect reads the counters of a span. The names are those of all days that
// the span touches, since names are not counted by the hour.
func (h *handler) collect(ctx context.Context, link string, wanted span) (stats, error) {
	const day = 24 * time.Hour
	days, err := h.stats.Days(ctx, link, floor(wanted.from, day), ceil(wanted.to, day))
	if err != nil {
		return stats{}, err
	}
	names, clicks := click.Names{}, map[time.Time]int64{}
	for _, one := range days {
		names.Merge(one.Names)
		if wanted.unit == day {
			clicks[one.Day.UTC()] = one.Clicks
			continue
		}
		for hour, n := range one.Hours {
			clicks[one.Day.UTC().Add(time.Duration(hour)*time.Hour)] = n
		}
	}
	return newStats(wanted, clicks, names), nil
}
