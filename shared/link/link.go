// Package link holds the rules of short links: what a link is, which
// destinations and codes are allowed, how codes are made, and when a link has
// expired. It is pure: storage and HTTP are elsewhere.
package link

import "time"

// Link is a short code and where it leads. Clicks, counters and history belong to its
// ID, so that the next link with the same code starts at zero.
type Link struct {
	ID        string // never changes; see NewID
	Code      string
	URL       string // see Draft: as the owner wrote it, byte for byte, if it needed no repair
	Owner     string
	Aliases   []string // codes that it had before and that still lead to it
	Title     string
	Note      string // only its owner sees it
	Tags      []string
	Redirect  int // the HTTP status of the redirect: 301, 302, 307 or 308
	Private   bool
	Pending   bool   // its destination does not exist yet
	Disabled  bool   // by its owner: not followed until it is enabled
	TakenDown string // the reason why an admin blocked it; "" if none has
	Image     string // the ID of the image that it was made for, if any
	Version   int    // starts at 1 and grows with every edit
	CreatedAt time.Time
	UpdatedAt time.Time
	ExpiresAt time.Time // zero: never
	DeletedAt time.Time // zero: not deleted; a deleted link keeps its code taken
	Options
}

// Status says whether a link is followed.
type Status string

// The statuses of a link.
const (
	Active    Status = "active"
	Pending   Status = "pending"
	Scheduled Status = "scheduled" // for a later time
	Disabled  Status = "disabled"
	TakenDown Status = "takenDown" // by an admin
	Expired   Status = "expired"
	Exhausted Status = "exhausted" // its clicks are used up, which the link itself doesn't show
	Deleted   Status = "deleted"
)

// Status returns the link's status at a moment. The moment of expiry itself
// counts as expired.
func (l Link) Status(now time.Time) Status {
	switch {
	case !l.DeletedAt.IsZero():
		return Deleted
	case l.TakenDown != "":
		return TakenDown
	case l.Disabled:
		return Disabled
	case l.Pending:
		return Pending
	case !l.ExpiresAt.IsZero() && !now.Before(l.ExpiresAt):
		return Expired
	case now.Before(l.NotBefore):
		return Scheduled
	}
	return Active
}
