package main

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/page"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

// follow answers a visit by what the link decides: with a redirect, which is counted
// and uses up a click of a link with a maximum, with the password form, or with a page.
func (h *handler) follow(ctx context.Context, r web.Request, l link.Link, now time.Time) web.Response {
	c, counts := click.Of(r.RequestContext.HTTP.Method, r.Header)
	v := h.visit(r, l, now)
	v.Program = !counts || c.Bot != ""
	d := l.Decide(v)
	if d.Form && v.Method == http.MethodPost {
		attempt, wait, err := h.unlock(ctx, r, l, now)
		if err != nil {
			return h.busy(ctx, r, "password cannot be checked", err)
		}
		if attempt == page.TooManyAttempts {
			return refuse(r, http.StatusTooManyRequests, h.frame(r).Password(attempt)).With("Retry-After", seconds(wait))
		}
		v.PasswordOK = attempt == page.NoAttempt
		d = l.Decide(v)
	}
	lease, left, err := h.limits.Use(ctx, l, d.Use)
	if err != nil {
		return h.busy(ctx, r, "click of a limited link cannot be taken", err)
	}
	if !left {
		v.Exhausted = true
		d = l.Decide(v)
	}
	switch {
	case d.Form:
		return h.form(r, v, d)
	case d.Status != link.Active:
		return h.ended(r, l, d)
	}
	if counts {
		if c.Bot == "" && d.Destination != "" {
			c.Destination = click.DestinationName(d.Destination)
		}
		h.count(ctx, r, l, c, now)
	}
	if l.Title != "" && l.Password == "" && click.Social(r.Header("user-agent")) {
		return h.card(r, l, d.Location)
	}
	if err := h.limits.Confirm(ctx, lease); err != nil {
		return h.busy(ctx, r, "click of a limited link cannot be confirmed", err)
	}
	return redirect(r, d.HTTPStatus, d.Location, d.CacheControl)
}

// visit returns what the link's rules ask about.
func (h *handler) visit(r web.Request, l link.Link, now time.Time) link.Visit {
	v := link.Visit{Time: now, Method: r.RequestContext.HTTP.Method}
	if l.ForwardQuery {
		v.Query, _ = link.Scanned(r.RawQueryString)
	}
	if len(l.Rules) > 0 {
		v.Country, v.Device, v.System = click.Audience(r.Header)
		v.Languages, v.Random = r.Languages(), h.random()
	}
	return v
}

// form asks for the password, again if the visitor has sent a wrong one. To programs
// that can't fill in a form it is a refusal.
func (h *handler) form(r web.Request, v link.Visit, d link.Decision) web.Response {
	attempt := page.NoAttempt
	if wantsProblem(r) {
		d.HTTPStatus = http.StatusForbidden
	}
	if v.Method == http.MethodPost {
		attempt = page.WrongPassword
	}
	return refuse(r, d.HTTPStatus, h.frame(r).Password(attempt))
}

// ended answers for a link that is not followed now.
func (h *handler) ended(r web.Request, l link.Link, d link.Decision) web.Response {
	if d.Location != "" {
		return redirect(r, d.HTTPStatus, d.Location, d.CacheControl)
	}
	frame := h.frame(r)
	shown := frame.Removed()
	switch d.Status {
	case link.TakenDown:
		shown = frame.TakenDown(l.TakenDown)
	case link.Pending:
		shown = frame.NotReady()
	case link.Scheduled:
		shown = frame.NotYet(l.NotBefore)
	case link.Expired:
		shown = frame.Expired()
	case link.Exhausted:
		shown = frame.Exhausted()
	}
	response := refuse(r, d.HTTPStatus, shown)
	if d.RetryAfter > 0 {
		response = response.With("Retry-After", seconds(d.RetryAfter))
	}
	return response
}

// busy answers that a service is not available at the moment. A click that is
// undecided is no failure.
func (h *handler) busy(ctx context.Context, r web.Request, what string, err error) web.Response {
	if !errors.Is(err, table.ErrUndecided) {
		h.log.ErrorContext(ctx, what, "error", err)
	}
	return refuse(r, http.StatusServiceUnavailable, h.frame(r).Busy()).With("Retry-After", "5")
}

// seconds formats a time to wait, rounded up.
func seconds(wait time.Duration) string {
	return strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10)
}
