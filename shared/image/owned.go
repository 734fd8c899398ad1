package image

import (
	"context"

	"github.com/minim-dev/minim/shared/fault"
)

// Owned returns the image with the ID, read by get, if owns accepts its owner. For all
// other images and invalid IDs it returns the same NotFound fault, so callers cannot
// find out which ones exist.
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
