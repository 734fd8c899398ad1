package main

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/session"
	"github.com/minim-dev/minim/shared/web"
)

type sessionStore interface {
	Get(ctx context.Context, id string, now time.Time) (session.Session, error)
	List(ctx context.Context, owner string, now time.Time) ([]session.Session, error)
	Delete(ctx context.Context, id string) error
}

type handler struct {
	sessions sessionStore
	now      func() time.Time
}

// view leads to the end of the issuer's own session, without which the next sign-in asks for nothing.
type view struct {
	SignOut string `json:"signOut,omitempty"`
}

// Handle ends a session of the caller: the one that asks, the one with an id, or with ?all=true all of them. If
// the one that asks ends, the browser forgets the cookie and gets the address where the issuer's session ends. For
// another person's session the answer is 404.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	parameters := []string{"all"}
	if r.Path("id") != "" {
		parameters = nil
	}
	caller, err := r.Person(parameters...)
	if err != nil {
		return web.Response{}, err
	}
	all, err := r.Flag("all")
	if err != nil {
		return web.Response{}, err
	}
	now, id := h.now(), cmp.Or(r.Path("id"), caller.Session)
	ended, err := h.sessions.Get(ctx, id, now)
	if err == nil && ended.Owner() != caller.Person {
		err = fault.New(fault.NotFound, "There is no such session.")
	}
	gone := fault.Is(err, fault.NotFound) && id == caller.Session // it has been ended a moment ago
	if err != nil && !gone {
		return web.Response{}, err
	}
	if all {
		if err := h.endOthers(ctx, caller, now); err != nil {
			return web.Response{}, err
		}
	}
	if err := h.sessions.Delete(ctx, id); err != nil {
		return web.Response{}, err
	}
	response := web.JSON(http.StatusOK, view{}).With("Cache-Control", "no-store")
	if id == caller.Session {
		response = web.JSON(http.StatusOK, view{ended.SignOut}).With("Cache-Control", "no-store").WithCookie(&http.Cookie{
			Name: session.Cookie, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		})
	}
	return response, nil
}

// endOthers ends the caller's other sessions. The one that asks is last, so that a failure can be repeated.
func (h *handler) endOthers(ctx context.Context, caller web.Caller, now time.Time) error {
	sessions, err := h.sessions.List(ctx, caller.Person, now)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		if s.ID == caller.Session {
			continue
		}
		if err := h.sessions.Delete(ctx, s.ID); err != nil {
			return err
		}
	}
	return nil
}
