package link

import (
	"context"

	"github.com/minim-dev/minim/shared/fault"
)

// Owned returns the link with the code, read by get, if owns says so of its
// owner. Every other link, and what can be no code, is the same NotFound fault:
// what is not the caller's does not exist for them.
func Owned(ctx context.Context, get func(ctx context.Context, code string) (Link, error), code string, owns func(owner string) bool) (Link, error) {
	unknown := fault.New(fault.NotFound, "You have no such link.")
	if !ValidCode(code) {
		return Link{}, unknown
	}
	l, err := get(ctx, code)
	if fault.Is(err, fault.NotFound) || err == nil && !owns(l.Owner) {
		return Link{}, unknown
	}
	return l, err
}
