package main

import (
	"context"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/session"
	"github.com/minim-dev/minim/shared/web"
)

type sessionStore interface {
	List(ctx context.Context, owner string, now time.Time) ([]session.Session, error)
}

type handler struct {
	sessions sessionStore
	now      func() time.Time
}

// view is who the caller is.
type view struct {
	Owner    string        `json:"owner"`
	Person   string        `json:"person,omitempty"`
	Email    string        `json:"email,omitempty"`
	Scopes   []key.Scope   `json:"scopes"`
	Sessions []sessionView `json:"sessions"`
}

type sessionView struct {
	ID        string `json:"id"`
	Current   bool   `json:"current"`
	CreatedAt string `json:"createdAt"`
	UsedAt    string `json:"usedAt"`
	ExpiresAt string `json:"expiresAt"`
}

func format(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

// Handle answers with the caller, and with their sessions if they have one: an API key learns nothing of the person.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Anyone()
	if err != nil {
		return web.Response{}, err
	}
	answer := view{Owner: caller.Owner, Person: caller.Person, Scopes: caller.Scopes, Sessions: []sessionView{}}
	if caller.Session != "" {
		all, err := h.sessions.List(ctx, caller.Person, h.now())
		if err != nil {
			return web.Response{}, err
		}
		for _, s := range all {
			current := s.ID == caller.Session
			if current {
				answer.Email = s.Email
			}
			answer.Sessions = append(answer.Sessions, sessionView{s.ID, current, format(s.CreatedAt), format(s.UsedAt), format(s.ExpiresAt)})
		}
	}
	return web.JSON(http.StatusOK, answer).With("Cache-Control", "no-store"), nil
}
