package report

import (
	"context"
	"strings"

	"github.com/minim-dev/minim/shared/fault"
)

// maxID is more than the id of any report has.
const maxID = 64

// Owned returns the report with the id, read by get, if owns says so of its
// owner. Every other report, and what can be no id, is the same NotFound fault:
// so callers cannot find out which ones exist.
func Owned(ctx context.Context, get func(ctx context.Context, id string) (Summary, error), id string, owns func(owner string) bool) (Summary, error) {
	unknown := fault.New(fault.NotFound, "There is no such report.")
	if len(id) > maxID || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return Summary{}, unknown
	}
	s, err := get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && !owns(s.Owner) {
		return Summary{}, unknown
	}
	return s, err
}
