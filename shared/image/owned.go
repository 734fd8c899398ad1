package image

import (
	"context"

	"github.com/minim-dev/minim/shared/fault"
)

// Owned returns the image with the id, read by get, if owns says so of its
// owner. Every other image, and what can be no id, is the same NotFound fault:
// what is not the caller's does not exist for them.
func Owned(ctx context.Context, get func(ctx context.Context, id string) (Image, error), id string, owns func(owner string) bool) (Image, error) {
	unknown := fault.New(fault.NotFound, "There is no such image.")
	if !ValidID(id) {
		return Image{}, unknown
	}
	i, err := get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && !owns(i.Owner) {
		return Image{}, unknown
	}
	return i, err
}
