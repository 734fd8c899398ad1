package main

import (
	"time"

	"github.com/minim-dev/minim/shared/key"
)

// view is a key as the API shows it: without its secrets.
type view struct {
	ID          string      `json:"id"`
	Owner       string      `json:"owner"`
	Name        string      `json:"name"`
	Scopes      []key.Scope `json:"scopes"`
	Status      string      `json:"status"`
	CreatedBy   *string     `json:"createdBy"`
	CreatedAt   string      `json:"createdAt"`
	ExpiresAt   *string     `json:"expiresAt"`
	UsedOn      *string     `json:"usedOn"`
	FormerUntil *string     `json:"formerUntil"`
}

// created is a key with its token.
type created struct {
	view
	Token string `json:"token"`
}

type page struct {
	Items []view `json:"items"`
}

func show(k key.Key, now time.Time) view {
	status := "active"
	switch {
	case k.Disabled:
		status = "disabled"
	case !k.Active(now):
		status = "expired"
	}
	return view{
		ID: k.ID, Owner: k.Owner, Name: k.Name, Scopes: k.Grants(), Status: status, CreatedBy: text(k.CreatedBy), CreatedAt: format(k.CreatedAt),
		ExpiresAt: stamp(k.ExpiresAt), UsedOn: text(k.UsedOn), FormerUntil: stamp(k.FormerUntil(now)),
	}
}

// text is nil if it is empty.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// stamp is nil if the time is zero.
func stamp(at time.Time) *string {
	if at.IsZero() {
		return nil
	}
	return text(format(at))
}

func format(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
