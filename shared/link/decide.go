package link

import (
	"fmt"
	"net/http"
	"time"
)

// Visit is all that decides what a visitor of a link gets.
type Visit struct {
	Time       time.Time
	Method     string   // of HTTP
	Country    string   // ISO 3166-1; "" if unknown, like Device and System
	Device     string   // as package click names it
	System     string   // as package click names it
	Languages  []string // in order of preference, without those that the visitor refuses
	Query      string   // as it was sent, without the question mark
	Program    bool     // a bot, a link preview or a prefetch
	PasswordOK bool     // the visitor has sent the right password
	Exhausted  bool     // the link's clicks are used up
	Random     float64  // in [0, 1), divides visitors between destinations
}

// Use is what a visit does to the clicks of a link that has a maximum.
type Use int

// The uses. A visit for which no click is left is decided again, with Exhausted set.
const (
	NoUse Use = iota // the link has no maximum, or the decision doesn't depend on it
	Check            // one must be left
	Take             // one must be left, and is used up
)

// Decision is the answer to a visit.
type Decision struct {
	HTTPStatus   int
	Status       Status        // Active if the visitor may follow the link
	Form         bool          // the visitor is asked for the password
	Location     string        // where the visitor is sent; "" shows a page
	Destination  string        // that without what is added to it, if the link has rules
	CacheControl string        // the header of this name
	RetryAfter   time.Duration // zero: no such header
	Use          Use
}

const (
	noStore    = "no-store"
	revalidate = "private, max-age=0, must-revalidate"

	// keepPermanent is how long visitors may keep a permanent redirect: links can be edited.
	keepPermanent = 5 * time.Minute
	// pendingRetry is when a link without a destination should be tried again.
	pendingRetry = 5 * time.Second
)

// Decide returns what a visitor gets: a redirect, the password form, or a page that
// explains why there is no redirect.
func (l Link) Decide(v Visit) Decision {
	status := l.Status(v.Time)
	if status == Deleted && l.TakenDown != "" {
		status = TakenDown // a deletion by the owner doesn't undo it
	}
	switch {
	case status == Pending:
		return Decision{HTTPStatus: http.StatusNotFound, Status: status, CacheControl: noStore, RetryAfter: pendingRetry}
	case status == Scheduled:
		return Decision{HTTPStatus: http.StatusNotFound, Status: status, CacheControl: noStore, RetryAfter: l.NotBefore.Sub(v.Time)}
	case status == TakenDown:
		return Decision{HTTPStatus: http.StatusUnavailableForLegalReasons, Status: status, CacheControl: noStore}
	case status == Deleted:
		return gone(status) // nobody can edit its expiredUrl, or take it down
	case status != Active:
		return l.ended(status)
	case v.Exhausted && l.MaxClicks > 0:
		return l.ended(Exhausted)
	case l.Password != "" && !v.PasswordOK:
		return l.form(v)
	}
	return l.redirect(v)
}

// ended answers for a link that is not followed any more.
func (l Link) ended(status Status) Decision {
	if l.ExpiredURL != "" {
		return Decision{HTTPStatus: http.StatusFound, Status: status, Location: l.ExpiredURL, CacheControl: noStore}
	}
	return gone(status)
}

func gone(status Status) Decision {
	return Decision{HTTPStatus: http.StatusGone, Status: status, CacheControl: noStore}
}

// form asks for the password, unless there is no click left to use it for.
func (l Link) form(v Visit) Decision {
	d := Decision{HTTPStatus: http.StatusOK, Status: Active, Form: true, CacheControl: noStore}
	if v.Method == http.MethodPost {
		d.HTTPStatus = http.StatusForbidden
	}
	if l.MaxClicks > 0 {
		d.Use = Check
	}
	return d
}

func (l Link) redirect(v Visit) Decision {
	to := l.destination(v)
	d := Decision{HTTPStatus: l.Redirect, Status: Active, Location: l.location(to, v), CacheControl: l.caching(v.Time)}
	if len(l.Rules) > 0 {
		d.Destination = to
	}
	if l.Password != "" {
		d.HTTPStatus = http.StatusSeeOther // the POST with the password ends here
	}
	switch {
	case l.MaxClicks == 0:
	case v.Program || v.Method == http.MethodHead:
		d.Use = Check
	default:
		d.Use = Take
	}
	return d
}

// caching permits only visitors themselves to keep a redirect, only one that was
// made to be permanent, and not beyond the link's expiry.
func (l Link) caching(now time.Time) string {
	switch {
	case l.limited():
		return noStore
	case l.Redirect != http.StatusMovedPermanently && l.Redirect != http.StatusPermanentRedirect:
		return revalidate
	}
	keep := keepPermanent
	if !l.ExpiresAt.IsZero() {
		keep = min(keep, l.ExpiresAt.Sub(now))
	}
	return fmt.Sprintf("private, max-age=%d", int(keep.Seconds()))
}
