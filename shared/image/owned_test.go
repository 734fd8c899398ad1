package image_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

func TestOwned(t *testing.T) {
	anns, down, none := strings.Repeat("a", 26), strings.Repeat("b", 26), strings.Repeat("c", 26)
	failure := errors.New("the table does not answer")
	get := func(_ context.Context, id string) (image.Image, error) {
		switch id {
		case anns:
			return image.Image{ID: id, Owner: "ann"}, nil
		case down:
			return image.Image{}, failure
		case none:
			return image.Image{}, fault.New(fault.NotFound, "Another sentence.")
		}
		t.Errorf("asked for %q", id)
		return image.Image{}, nil
	}
	own := func(caller, id string) (image.Image, error) {
		return image.Owned(t.Context(), get, id, func(owner string) bool { return owner == caller })
	}
	if i, err := own("ann", anns); err != nil || i.ID != anns {
		t.Errorf("ann gets %+v, %v", i, err)
	}
	if _, err := own("ann", down); !errors.Is(err, failure) {
		t.Errorf("a failure is %v", err)
	}
	// A stranger learns nothing of what there is.
	for _, id := range []string{anns, none, "", "content#" + anns, strings.ToUpper(anns)} {
		i, err := own("bob", id)
		if !fault.Is(err, fault.NotFound) || fault.Of(err).Message != "There is no such image." || i.Owner != "" {
			t.Errorf("bob gets %+v, %v for %q", i, err, id)
		}
	}
}
