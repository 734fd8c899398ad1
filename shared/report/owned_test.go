package report_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/report"
)

func TestOwned(t *testing.T) {
	anns, none := report.ID(report.Daily, "2026-11-20", "ann"), report.ID(report.Daily, "2026-11-20", "nobody")
	down := errors.New("the table does not answer")
	get := func(_ context.Context, id string) (report.Summary, error) {
		switch id {
		case anns:
			return report.Summary{ID: id, Owner: "ann"}, nil
		case "down":
			return report.Summary{}, down
		case none:
			return report.Summary{}, fault.New(fault.NotFound, "Another sentence.")
		}
		t.Errorf("asked for %q", id)
		return report.Summary{}, nil
	}
	own := func(caller, id string) (report.Summary, error) {
		return report.Owned(t.Context(), get, id, func(owner string) bool { return owner == caller })
	}
	if s, err := own("ann", anns); err != nil || s.ID != anns {
		t.Errorf("ann gets %+v, %v", s, err)
	}
	if _, err := own("ann", "down"); !errors.Is(err, down) {
		t.Errorf("a failure is %v", err)
	}
	// A stranger learns nothing of what there is.
	for _, id := range []string{anns, none, "mail#" + anns, strings.Repeat("x", 3000), "../" + anns} {
		s, err := own("bob", id)
		if !fault.Is(err, fault.NotFound) || fault.Of(err).Message != "There is no such report." || s.Owner != "" {
			t.Errorf("bob gets %+v, %v for %.40q", s, err, id)
		}
	}
}
