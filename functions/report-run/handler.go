package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/mail"
	"github.com/minim-dev/minim/shared/report"
	"github.com/minim-dev/minim/shared/report/html"
)

type (
	ownerLister interface {
		Owners(ctx context.Context) ([]string, error) // in order
	}
	counters interface {
		OwnerDay(ctx context.Context, owner string, day time.Time, after string) (days []click.DayCount, next string, err error)
	}
	linkGetter interface {
		Get(ctx context.Context, code string) (link.Link, error)
	}
	fileStore interface {
		Put(ctx context.Context, o blob.Object) error
		Get(ctx context.Context, key string, limit int64) ([]byte, error)
		remover
	}
	remover interface {
		List(ctx context.Context, prefix string) (keys []string, err error)
		Delete(ctx context.Context, key string) error
	}
	recorder interface {
		Put(ctx context.Context, s report.Summary) (recorded bool, err error)
		ClaimMail(ctx context.Context, id string) (mine bool, err error)
		ReturnMail(ctx context.Context, id string) error
	}
	mailer interface {
		Wanted() bool
		Send(ctx context.Context, m mail.Message) error
	}
	starter interface {
		Start(ctx context.Context, event any) error
	}
)

// handler writes the report of each owner's day and, last, that of the whole
// stage. An event that is delivered twice or retried writes the same reports again;
// only their creation time differs.
type handler struct {
	owners  ownerLister
	stats   counters
	links   linkGetter
	files   fileStore
	reports recorder
	self    starter
	mail    mailer
	page    *html.Renderer
	site    string
	now     func() time.Time
	newID   func() string // of a set of files
	log     *slog.Logger
}

// event selects the reports to write. Empty: today's so far.
type event struct {
	ScheduledAt time.Time `json:"scheduledAt,omitzero"` // from the schedule: the last day that had ended then
	Period      string    `json:"period,omitempty"`
	Date        string    `json:"date,omitempty"`
	Owner       string    `json:"owner,omitempty"` // only this owner's report
	After       string    `json:"after,omitempty"` // continue from this saved progress, which contains everything else
}

type result struct {
	Reports []string `json:"reports"`         // the ids written by this invocation
	After   string   `json:"after,omitempty"` // where another invocation continues
}

// Handle writes as many reports as three quarters of its time allow. If there is
// more to do, it saves its progress and invokes itself to continue.
func (h *handler) Handle(ctx context.Context, e event) (result, error) {
	done, err := h.run(ctx, e)
	if err != nil {
		h.log.ErrorContext(ctx, "reports failed", "error", err)
		return result{}, err
	}
	h.log.InfoContext(ctx, "reports written", "reports", len(done.Reports), "after", done.After)
	return done, nil
}

func (h *handler) run(ctx context.Context, e event) (result, error) {
	p, err := h.begin(ctx, e)
	if err != nil {
		return result{}, err
	}
	written, until := []string{}, h.until(ctx)
	for {
		id, last, err := h.step(ctx, p)
		if err != nil {
			return result{}, err
		}
		if id != "" {
			written = append(written, id)
		}
		if last {
			return result{Reports: written}, nil
		}
		if !h.now().Before(until) {
			after, err := h.handOver(ctx, p)
			return result{Reports: written, After: after}, err
		}
	}
}

// begin turns an event into progress: none yet, or what was saved.
func (h *handler) begin(ctx context.Context, e event) (*progress, error) {
	if e.After != "" {
		return h.load(ctx, e.After)
	}
	if e.Owner == report.Stage {
		e.Owner = "" // the report of the whole stage is the sum of all owners'
	}
	now, run := h.now(), ""
	switch {
	case !e.ScheduledAt.IsZero():
		e.Period, e.Date = report.Daily, report.DayBefore(e.ScheduledAt)
		run = e.ScheduledAt.UTC().Format("20060102T150405Z") // the same for a schedule that fires twice
	case e == event{}:
		e.Period, e.Date = report.Daily, report.Today(now)
	}
	if err := (report.Request{Period: e.Period, Date: e.Date}).Check(now); err != nil {
		return nil, err
	}
	if run == "" {
		run = requestID(ctx) // the same if Lambda retries
	}
	return newProgress(run, e.Date, e.Owner), nil
}
