package main

import (
	"context"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/mail"
	"github.com/minim-dev/minim/shared/session"
	"github.com/minim-dev/minim/shared/space"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

var (
	errNoSpace   = fault.New(fault.NotFound, "There is no such space.")
	errNotAdmin  = fault.New(fault.Denied, "Only admins of the space can do this.")
	errSignedOut = fault.New(fault.Denied, "Your session has ended.")
)

type reader interface {
	Get(ctx context.Context, id string) (table.SpaceDetail, error)
	Of(ctx context.Context, person string) ([]space.Membership, error)
	Invitation(ctx context.Context, id, invitation string) (space.Invitation, error)
}

type writer interface {
	Create(ctx context.Context, made space.Space, admin space.Member) error
	Rename(ctx context.Context, id, name string) error
}

type memberWriter interface {
	Join(ctx context.Context, by space.Invitation, joined space.Member) error
	SetRole(ctx context.Context, id string, was space.Member, role space.Role) error
	Remove(ctx context.Context, id string, was space.Member) error
}

type invitationWriter interface {
	Invite(ctx context.Context, made space.Invitation) error
	Revoke(ctx context.Context, id, invitation string) error
}

type sessionStore interface {
	Get(ctx context.Context, id string, now time.Time) (session.Session, error)
}

type mailer interface {
	Wanted() bool
	SendTo(ctx context.Context, recipient string, m mail.Message) error
}

type handler struct {
	spaces interface {
		reader
		writer
		memberWriter
		invitationWriter
	}
	sessions sessionStore
	mail     mailer
	site     string // its address
	now      func() time.Time
}

// Handle answers the routes of spaces, for people who are signed in. The path names the space; a space that the caller is
// not a member of does not exist.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	handle := map[string]func(context.Context, web.Request) (web.Response, error){
		"GET /api/spaces":                                  h.list,
		"POST /api/spaces":                                 h.create,
		"POST /api/spaces/join":                            h.join,
		"GET /api/spaces/{id}":                             h.get,
		"PATCH /api/spaces/{id}":                           h.rename,
		"POST /api/spaces/{id}/invitations":                h.invite,
		"DELETE /api/spaces/{id}/invitations/{invitation}": h.revoke,
		"PATCH /api/spaces/{id}/members/{person}":          h.setRole,
		"DELETE /api/spaces/{id}/members/{person}":         h.remove,
	}[r.RouteKey]
	if handle == nil {
		return web.Response{}, errNoSpace
	}
	response, err := handle(ctx, r)
	return response.With("Cache-Control", "no-store"), err
}

// list answers with the caller's spaces and their role in each, the personal space first.
func (h *handler) list(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Person()
	if err != nil {
		return web.Response{}, err
	}
	found, err := h.spaces.Of(ctx, caller.Person)
	if err != nil {
		return web.Response{}, err
	}
	items := []view{{ID: caller.Person, Name: "Personal", Role: space.Admin, Personal: true}}
	for _, m := range found {
		items = append(items, view{ID: m.ID, Name: m.Name, Role: m.Role})
	}
	return web.JSON(http.StatusOK, page{items}), nil
}

// create answers 201 with a new space, whose admin is the caller.
func (h *handler) create(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Person()
	if err != nil {
		return web.Response{}, err
	}
	var draft space.Draft
	if err := r.JSON(&draft); err != nil {
		return web.Response{}, err
	}
	made, err := draft.Space(h.now())
	if err != nil {
		return web.Response{}, err
	}
	admin, err := h.member(ctx, caller, space.Admin)
	if err != nil {
		return web.Response{}, err
	}
	if err := h.spaces.Create(ctx, made, admin); err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusCreated, show(table.SpaceDetail{Space: made, Members: []space.Member{admin}}, admin, h.now())).With("Location", "/api/spaces/"+made.ID), nil
}

func (h *handler) get(ctx context.Context, r web.Request) (web.Response, error) {
	detail, me, err := h.enter(ctx, r)
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, show(detail, me, h.now())), nil
}
