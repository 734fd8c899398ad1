package link_test

import (
	"context"
	"errors"
	"testing"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

func TestOwned(t *testing.T) {
	down := errors.New("the table does not answer")
	get := func(_ context.Context, code string) (link.Link, error) {
		switch code {
		case "anns":
			return link.Link{Code: code, Owner: "ann"}, nil
		case "down":
			return link.Link{}, down
		case "none":
			return link.Link{}, fault.New(fault.NotFound, "Another sentence.")
		}
		t.Errorf("asked for %q", code)
		return link.Link{}, nil
	}
	own := func(caller, code string) (link.Link, error) {
		return link.Owned(t.Context(), get, code, func(owner string) bool { return owner == caller })
	}
	if l, err := own("ann", "anns"); err != nil || l.Code != "anns" {
		t.Errorf("ann gets %+v, %v", l, err)
	}
	if _, err := own("ann", "down"); !errors.Is(err, down) {
		t.Errorf("a failure is %v", err)
	}
	// A stranger learns nothing of what there is.
	for _, code := range []string{"anns", "none", "", "a/b", "a.b"} {
		l, err := own("bob", code)
		if !fault.Is(err, fault.NotFound) || fault.Of(err).Message != "You have no such link." || l.Owner != "" {
			t.Errorf("bob gets %+v, %v for %q", l, err, code)
		}
	}
}
