package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/mail"
	"github.com/minim-dev/minim/shared/space"
	"github.com/minim-dev/minim/shared/web"
)

// reserve is the time that is left to revoke an invitation whose mail cannot be sent.
const reserve = time.Second

var errNoInvitation = fault.New(fault.NotFound, "There is no such invitation. It may have been accepted or revoked, or it has expired.")

// invite mails an invitation and answers 201 with it. The token is in the mail only.
func (h *handler) invite(ctx context.Context, r web.Request) (web.Response, error) {
	detail, me, err := h.enterAsAdmin(ctx, r)
	if err != nil {
		return web.Response{}, err
	}
	var wanted space.Invite
	if err := r.JSON(&wanted); err != nil {
		return web.Response{}, err
	}
	now := h.now()
	made, token, err := wanted.Invitation(detail.ID, me.Person, now)
	if err != nil {
		return web.Response{}, err
	}
	if !h.mail.Wanted() {
		return web.Response{}, fault.New(fault.Conflict, "This service cannot send mail. Ask its operator to set users.from.")
	}
	if err := checkPending(detail.Invitations, made.Email, now); err != nil {
		return web.Response{}, err
	}
	if err := h.spaces.Invite(ctx, made); err != nil {
		return web.Response{}, err
	}
	if err := h.send(ctx, detail.Space, made, token); err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusCreated, showInvitation(made)), nil
}

// checkPending returns a Conflict fault if the address has been invited, or there are too many invitations.
func checkPending(all []space.Invitation, email string, now time.Time) error {
	pending := 0
	for _, i := range all {
		if !i.Pending(now) {
			continue
		}
		if strings.EqualFold(i.Email, email) {
			return fault.New(fault.Conflict, "This address has been invited already. To send another mail, revoke that invitation first.")
		}
		pending++
	}
	if pending >= space.MaxInvitations {
		return fault.New(fault.Conflict, fmt.Sprintf("%d invitations are pending, the most that are possible. Revoke one first.", pending))
	}
	return nil
}

// send mails the invitation. If that fails, it revokes it: nobody has its token. The token is in the fragment of the
// address, which browsers do not send: it gets into no log.
func (h *handler) send(ctx context.Context, to space.Space, made space.Invitation, token string) error {
	subject, text := made.Mail(to, h.site+"/app/invitation#"+token)
	early, cancel := ctx, context.CancelFunc(func() {})
	if deadline, limited := ctx.Deadline(); limited {
		early, cancel = context.WithDeadline(ctx, deadline.Add(-reserve))
	}
	defer cancel()
	if err := h.mail.SendTo(early, made.Email, mail.Message{Subject: subject, Text: text}); err != nil {
		return errors.Join(err, h.spaces.Revoke(ctx, made.Space, made.ID))
	}
	return nil
}

// revoke deletes a pending invitation.
func (h *handler) revoke(ctx context.Context, r web.Request) (web.Response, error) {
	detail, _, err := h.enterAsAdmin(ctx, r)
	if err != nil {
		return web.Response{}, err
	}
	if !slices.ContainsFunc(detail.Invitations, func(i space.Invitation) bool { return i.ID == r.Path("invitation") }) {
		return web.Response{}, errNoInvitation
	}
	return web.Empty(http.StatusNoContent), h.spaces.Revoke(ctx, detail.ID, r.Path("invitation"))
}

// join makes the caller a member by the token of an invitation, whatever address it was sent to, and answers with the space.
func (h *handler) join(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Person()
	if err != nil {
		return web.Response{}, err
	}
	var with struct {
		Token string `json:"token"`
	}
	if err := r.JSON(&with); err != nil {
		return web.Response{}, err
	}
	id, invitation, ok := space.ParseToken(with.Token)
	if !ok {
		return web.Response{}, errNoInvitation
	}
	by, err := h.spaces.Invitation(ctx, id, invitation)
	if err != nil {
		return web.Response{}, err
	}
	me, err := h.member(ctx, caller, by.Role)
	if err != nil {
		return web.Response{}, err
	}
	if err := h.spaces.Join(ctx, by, me); err != nil {
		return web.Response{}, err
	}
	detail, err := h.spaces.Get(ctx, id)
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, show(detail, me, h.now())), nil
}
