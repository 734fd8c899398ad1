package link

import (
	"context"
	"errors"

	"github.com/minim-dev/minim/shared/fault"
)

// ErrChanged is a Conflict fault: a link has changed since it was read, and nothing was
// written.
var ErrChanged error = fault.New(fault.Conflict, "The link has just been changed by another request. Please try again.")

// StaleError reports that a link is no longer in the version that the caller has seen.
type StaleError struct {
	Tag string // the entity tag of the current version
}

// Error is for logs.
func (e *StaleError) Error() string { return "the current version is " + e.Tag }

// maxRevisions is how often a link is read and changed if other requests change it
// in between.
const maxRevisions = 3

// Revise reads a link as Owned does and returns what change makes of it. If change returns
// ErrChanged, it starts again. If ifMatch, a header of this name, isn't empty and contains
// no entity tag of the link's version, it returns a StaleError.
func Revise(ctx context.Context, get func(ctx context.Context, code string) (Link, error), code, ifMatch string, owns func(owner string) bool,
	change func(Link) (Link, error)) (Link, error) {
	for n := 1; ; n++ {
		before, err := Owned(ctx, get, code, owns)
		if err != nil {
			return Link{}, err
		}
		if ifMatch != "" && !before.Seen(ifMatch) {
			return Link{}, &StaleError{before.VersionTag()}
		}
		after, err := change(before)
		if !errors.Is(err, ErrChanged) || n == maxRevisions {
			return after, err
		}
	}
}

// maxCodes is how many generated codes may be taken before a link is given up.
const maxCodes = 5

// ErrNoCode reports that a link got no code: all generated ones were taken.
var ErrNoCode = errors.New("too many generated codes in a row were taken")

// Assign stores a new link by store, which returns a Conflict fault if its code is taken:
// under the code that was asked for, or else under the first one from next that is free. It
// returns how many codes were taken.
func (l Link) Assign(next func(private bool) (string, error), store func(Link) error) (taken int, err error) {
	if l.Code != "" {
		return 0, store(l)
	}
	for ; taken < maxCodes; taken++ {
		if l.Code, err = next(l.Private); err != nil {
			return taken, err
		}
		if err = store(l); !fault.Is(err, fault.Conflict) {
			return taken, err
		}
	}
	return taken, ErrNoCode
}
