package main

import (
	"context"
	"net/http"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/space"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

// rename answers with the space and its new name.
func (h *handler) rename(ctx context.Context, r web.Request) (web.Response, error) {
	detail, me, err := h.enterAsAdmin(ctx, r)
	if err != nil {
		return web.Response{}, err
	}
	var draft space.Draft
	if err := r.JSON(&draft); err != nil {
		return web.Response{}, err
	}
	if detail.Name, err = draft.Check(); err != nil {
		return web.Response{}, err
	}
	if err := h.spaces.Rename(ctx, detail.ID, detail.Name); err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, show(detail, me, h.now())), nil
}

// setRole answers with the space after the role of a member has changed.
func (h *handler) setRole(ctx context.Context, r web.Request) (web.Response, error) {
	detail, me, err := h.enterAsAdmin(ctx, r)
	if err != nil {
		return web.Response{}, err
	}
	var wanted struct {
		Role space.Role `json:"role"`
	}
	if err := r.JSON(&wanted); err != nil {
		return web.Response{}, err
	}
	if err := space.CheckRole(wanted.Role); err != nil {
		return web.Response{}, err
	}
	was, err := detail.Member(r.Path("person"))
	if err != nil {
		return web.Response{}, err
	}
	if was.Role != wanted.Role {
		if err := h.spaces.SetRole(ctx, detail.ID, was, wanted.Role); err != nil {
			return web.Response{}, err
		}
	}
	for n, m := range detail.Members {
		if m.Person == was.Person {
			detail.Members[n].Role = wanted.Role
		}
		if m.Person == me.Person {
			me = detail.Members[n]
		}
	}
	return web.JSON(http.StatusOK, show(detail, me, h.now())), nil
}

// remove removes a member. Everybody may leave; only admins remove others.
func (h *handler) remove(ctx context.Context, r web.Request) (web.Response, error) {
	detail, me, err := h.enter(ctx, r)
	if err != nil {
		return web.Response{}, err
	}
	if r.Path("person") != me.Person && me.Role != space.Admin {
		return web.Response{}, errNotAdmin
	}
	was, err := detail.Member(r.Path("person"))
	if err != nil {
		return web.Response{}, err
	}
	return web.Empty(http.StatusNoContent), h.spaces.Remove(ctx, detail.ID, was)
}

// enter returns the space that the path names and the caller as its member, as they are in the table now.
func (h *handler) enter(ctx context.Context, r web.Request) (table.SpaceDetail, space.Member, error) {
	caller, err := r.Person()
	if err != nil {
		return table.SpaceDetail{}, space.Member{}, err
	}
	id := r.Path("id")
	if !space.IsID(id) {
		return table.SpaceDetail{}, space.Member{}, errNoSpace
	}
	detail, err := h.spaces.Get(ctx, id)
	if err != nil {
		return table.SpaceDetail{}, space.Member{}, err
	}
	me, err := detail.Member(caller.Person)
	if err != nil {
		return table.SpaceDetail{}, space.Member{}, errNoSpace
	}
	return detail, me, nil
}

// enterAsAdmin is enter for admins of the space; for other members it is a Denied fault.
func (h *handler) enterAsAdmin(ctx context.Context, r web.Request) (table.SpaceDetail, space.Member, error) {
	detail, me, err := h.enter(ctx, r)
	if err == nil && me.Role != space.Admin {
		err = errNotAdmin
	}
	return detail, me, err
}

// member returns the caller as a new member. Their address is that of their session, which is read anew.
func (h *handler) member(ctx context.Context, caller web.Caller, role space.Role) (space.Member, error) {
	now := h.now()
	s, err := h.sessions.Get(ctx, caller.Session, now)
	if fault.Is(err, fault.NotFound) {
		return space.Member{}, errSignedOut
	}
	return space.Member{Person: caller.Person, Email: s.Email, Role: role, JoinedAt: now}, err
}
