package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/report"
)

// maxProgress is more than any saved progress has, in bytes: two bounded builders.
const maxProgress = 4 << 20

// progress is how far a run has come. It is saved between invocations, under a
// separate key for each slice, and never changed: a slice that is delivered twice or
// retried begins at the same point.
type progress struct {
	Run   string          `json:"run"`
	Slice int             `json:"slice"`
	Date  string          `json:"date"`
	Only  string          `json:"only,omitempty"`  // the one requested owner
	After string          `json:"after,omitempty"` // the last owner whose report is written
	Owner *report.Builder `json:"owner,omitempty"` // the owner being added up
	Past  bool            `json:"past,omitempty"`  // the day is added up, the day before is being read
	Page  string          `json:"page,omitempty"`  // where the day's, or day before's, next page begins
	Stage *report.Builder `json:"stage"`           // all owners that are done

	owners []string
}

func newProgress(run, date, only string) *progress {
	return &progress{Run: run, Date: date, Only: only, Stage: report.NewBuilder(report.Stage, date)}
}

func (p *progress) key() string { return fmt.Sprintf("partial/%s-%s/%d.json", p.Date, p.Run, p.Slice) }

// next returns the owner whose report is being made, "" if all are done.
func (p *progress) next() string {
	for _, owner := range p.owners {
		if owner > p.After {
			return owner
		}
	}
	return ""
}

// begin starts an owner, unless that has been done.
func (p *progress) begin(owner string) {
	if p.Owner == nil || p.Owner.Owner != owner {
		p.Owner, p.Past, p.Page = report.NewBuilder(owner, p.Date), false, ""
	}
}

// finish closes the owner whose report is written.
func (p *progress) finish() {
	p.Stage.Merge(p.Owner)
	p.After, p.Owner, p.Past, p.Page = p.Owner.Owner, nil, false, ""
}

// load reads saved progress.
func (h *handler) load(ctx context.Context, key string) (*progress, error) {
	saved, err := h.files.Get(ctx, key, maxProgress)
	if err != nil {
		return nil, fmt.Errorf("load progress: %w", err)
	}
	var p progress
	if err := json.Unmarshal(saved, &p); err != nil {
		return nil, fmt.Errorf("load progress %s: %w", key, err)
	}
	return &p, nil
}

// handOver saves the progress and starts the invocation that continues with it.
func (h *handler) handOver(ctx context.Context, p *progress) (key string, err error) {
	p.Slice++
	saved, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("save progress: %w", err)
	}
	if err := h.files.Put(ctx, blob.Object{Key: p.key(), ContentType: "application/json", Body: saved}); err != nil {
		return "", fmt.Errorf("save progress: %w", err)
	}
	return p.key(), h.self.Start(ctx, event{After: p.key()})
}

// listOwners reads once an invocation whose reports there are to write.
func (h *handler) listOwners(ctx context.Context, p *progress) error {
	if p.Only != "" {
		p.owners = []string{p.Only}
		return nil
	}
	owners, err := h.owners.Owners(ctx)
	if err != nil {
		return fmt.Errorf("list owners: %w", err)
	}
	slices.Sort(owners)
	p.owners = slices.Compact(owners)
	return nil
}

// until is when the last quarter of the invocation's time begins.
func (h *handler) until(ctx context.Context) time.Time {
	now := h.now()
	deadline, ok := ctx.Deadline()
	if !ok {
		return now.Add(time.Hour)
	}
	return now.Add(deadline.Sub(now) * 3 / 4)
}

func requestID(ctx context.Context) string {
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		return lc.AwsRequestID
	}
	return "local"
}
