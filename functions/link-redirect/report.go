package main

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

type abuseStore interface {
	Add(ctx context.Context, r link.Abuse) error
}

// allLinks and everybody take the places of a link and of a visitor where attempts are
// counted. No ID is like that.
const (
	allLinks  = "!abuse"
	everybody = "!everybody"
)

// report stores what a visitor reports about a link, for admins; nothing about the link
// changes. A visitor can send five reports a minute. Of one link, five a minute are
// stored: more of them would hide other links in the list.
func (h *handler) report(ctx context.Context, r web.Request, l link.Link, code string, now time.Time) web.Response {
	ctx, cancel := context.WithTimeout(ctx, limitTimeout)
	defer cancel()
	frame, form := h.frame(r), formOf(r)
	abuse, err := link.NewAbuse(l, code, form.Get("reason"), form.Get("text"), now)
	if err != nil {
		return secure(mistake(r, fault.Of(err)))
	}
	wait, err := h.attempts.Begin(ctx, allLinks, visitorOf(r, link.Link{}), now)
	if err == nil && wait > 0 {
		return refuse(r, http.StatusTooManyRequests, frame.TooManyReports()).With("Retry-After", seconds(wait))
	}
	if err == nil {
		wait, err = h.attempts.Begin(ctx, allLinks+l.ID, everybody, now)
	}
	if err == nil && wait == 0 {
		err = h.abuse.Add(ctx, abuse)
	}
	if err != nil {
		return h.busy(ctx, r, "abuse report cannot be stored", err)
	}
	return show(r, http.StatusOK, frame.Reported())
}

// formOf returns the form that was sent, empty if there is none.
func formOf(r web.Request) url.Values {
	body, err := r.Body()
	if err != nil {
		return url.Values{}
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return url.Values{}
	}
	return form
}
