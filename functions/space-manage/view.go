package main

import (
	"time"

	"github.com/minim-dev/minim/shared/space"
	"github.com/minim-dev/minim/shared/table"
)

// view is a space with the caller's role.
type view struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Role     space.Role `json:"role"`
	Personal bool       `json:"personal"`
}

type page struct {
	Items []view `json:"items"`
}

// detailView is a space with its members; only admins see the pending invitations.
type detailView struct {
	view
	CreatedAt   string           `json:"createdAt"`
	Members     []memberView     `json:"members"`
	Invitations []invitationView `json:"invitations"`
}

type memberView struct {
	Person   string     `json:"person"`
	Email    string     `json:"email"`
	Role     space.Role `json:"role"`
	JoinedAt string     `json:"joinedAt"`
}

// invitationView is an invitation without its token.
type invitationView struct {
	ID        string     `json:"id"`
	Email     string     `json:"email"`
	Role      space.Role `json:"role"`
	By        string     `json:"by"`
	CreatedAt string     `json:"createdAt"`
	ExpiresAt string     `json:"expiresAt"`
}

func show(detail table.SpaceDetail, me space.Member, now time.Time) detailView {
	shown := detailView{
		view:      view{ID: detail.ID, Name: detail.Name, Role: me.Role},
		CreatedAt: format(detail.CreatedAt), Members: []memberView{}, Invitations: []invitationView{},
	}
	for _, m := range detail.Members {
		shown.Members = append(shown.Members, memberView{m.Person, m.Email, m.Role, format(m.JoinedAt)})
	}
	for _, i := range detail.Invitations {
		if me.Role == space.Admin && i.Pending(now) {
			shown.Invitations = append(shown.Invitations, showInvitation(i))
		}
	}
	return shown
}

func showInvitation(i space.Invitation) invitationView {
	return invitationView{i.ID, i.Email, i.Role, i.By, format(i.CreatedAt), format(i.ExpiresAt)}
}

func format(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
