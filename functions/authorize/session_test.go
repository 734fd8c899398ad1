package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/session"
	"github.com/minim-dev/minim/shared/space"
	"github.com/minim-dev/minim/shared/web"
)

// sessions are those of a table, by ID.
type sessions struct {
	all        map[string]session.Session
	down, full error // of reads and of writes
	used       int
}

func (s *sessions) Get(_ context.Context, id string, at time.Time) (session.Session, error) {
	found, ok := s.all[id]
	if s.down != nil {
		return session.Session{}, s.down
	}
	if !ok || !found.Active(at) {
		return session.Session{}, fault.New(fault.NotFound, "There is no such session.")
	}
	return found, nil
}

func (s *sessions) Use(_ context.Context, used session.Session) error {
	s.used++
	if s.full == nil {
		s.all[used.ID] = used
	}
	return s.full
}

func TestSession(t *testing.T) {
	cause := errors.New("secret cause")
	made, token := session.New(session.Person{Issuer: "https://issuer.example", Subject: "1"}, "", now)
	tests := []struct {
		name, method, header string
		at                   time.Duration
		store                sessions
		want, unchecked      bool
		used                 int
	}{
		{name: "read", method: "GET", header: "Session other " + token, want: true},
		{name: "head", method: "HEAD", header: "Session other " + token, want: true},
		{name: "write of our own page", method: "POST", header: "Session same-origin " + token, want: true},
		{name: "write of another site", method: "POST", header: "Session other " + token},
		{name: "deletion by another site", method: "DELETE", header: "Session other " + token},
		{name: "write without an origin", method: "POST", header: "Session " + token},
		{name: "an unknown origin", method: "PATCH", header: "Session same-origin, " + token},
		{name: "in use", method: "GET", header: "Session other " + token, at: time.Hour, want: true, used: 1},
		{name: "in use, and the table takes no writes", method: "GET", header: "Session other " + token, at: time.Hour, store: sessions{full: cause}, want: true, used: 1},
		{name: "expired", method: "GET", header: "Session other " + token, at: session.Idle},
		{name: "another token", method: "GET", header: "Session other " + session.Token("")},
		{name: "the stored ID", method: "GET", header: "Session other " + made.ID},
		{name: "as an API key", method: "GET", header: "Bearer " + token},
		{name: "without a token", method: "GET", header: "Session same-origin "},
		{name: "table down", method: "GET", header: "Session other " + token, store: sessions{down: cause}, want: true, unchecked: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.store.all = map[string]session.Session{made.ID: made}
			var log strings.Builder
			h := &handler{
				originCheck: opened(), keys: keysFunc(known), sessions: &test.store, now: func() time.Time { return now.Add(test.at) },
				log: slog.New(slog.NewJSONHandler(&log, nil)),
			}
			r := events.APIGatewayV2CustomAuthorizerV2Request{
				Headers:        map[string]string{"authorization": test.header, "x-origin-key": edgeKey},
				IdentitySource: []string{test.header, edgeKey, test.method + " /api/links"},
			}
			r.RequestContext.HTTP.Method = test.method
			got, err := h.Handle(t.Context(), r)
			want := events.APIGatewayV2CustomAuthorizerSimpleResponse{IsAuthorized: test.want}
			switch {
			case test.unchecked:
				want.Context = map[string]any{web.Unavailable: "credentials"}
			case test.want:
				want.Context = map[string]any{
					"owner": made.Owner(), "person": made.Owner(), "scopes": key.JoinScopes(space.Admin.Scopes(), " "), "session": made.ID,
				}
			}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v %s", err, diff)
			}
			if test.store.used != test.used {
				t.Errorf("%d writes, want %d", test.store.used, test.used)
			}
			if strings.Contains(log.String(), token) || strings.Contains(log.String(), "secret cause") != (test.store.down != nil || test.store.full != nil) {
				t.Errorf("logged %s", log.String())
			}
		})
	}
	// Requests around the edge have no session either.
	h := &handler{originCheck: opened(), sessions: &sessions{all: map[string]session.Session{made.ID: made}}, now: func() time.Time { return now }}
	r := events.APIGatewayV2CustomAuthorizerV2Request{
		Headers: map[string]string{"authorization": "Session same-origin " + token, "x-origin-key": "guess"}, IdentitySource: make([]string, 3),
	}
	if got, err := h.Handle(t.Context(), r); got.IsAuthorized || err != nil {
		t.Errorf("around the edge: %v, %v", got, err)
	}
}

// rolesFunc answers with the role of the person in a space.
type rolesFunc func(id, person string) (space.Role, error)

func (f rolesFunc) Role(_ context.Context, id, person string) (space.Role, error) {
	return f(id, person)
}

// TestSpace: the owner is the space, the scopes are the role's. A space without the person is like one that does not exist.
func TestSpace(t *testing.T) {
	made, token := session.New(session.Person{Issuer: "https://issuer.example", Subject: "1"}, "", now)
	const shop, bakery = "sp_abcdefghijklmnop", "sp_ponmlkjihgfedcba"
	down := false
	roles := rolesFunc(func(id, person string) (space.Role, error) {
		switch {
		case down:
			return "", errors.New("secret cause")
		case id == shop && person == made.Owner():
			return space.Viewer, nil
		}
		return "", fault.New(fault.NotFound, "There is no such space.")
	})
	h := &handler{
		originCheck: opened(), sessions: &sessions{all: map[string]session.Session{made.ID: made}}, spaces: roles,
		now: func() time.Time { return now }, log: slog.New(slog.DiscardHandler),
	}
	none := map[string]any{web.NoSpace: "true", "person": made.Owner(), "session": made.ID}
	for _, test := range []struct {
		name, credential string
		down             bool
		want             map[string]any
	}{
		{"a member", token + " " + shop, false, map[string]any{
			"owner": shop, "person": made.Owner(), "scopes": key.JoinScopes(space.Viewer.Scopes(), " "), "session": made.ID,
		}},
		{"the personal space", token + " " + made.Owner(), true, map[string]any{
			"owner": made.Owner(), "person": made.Owner(), "scopes": key.JoinScopes(space.Admin.Scopes(), " "), "session": made.ID,
		}},
		{"not a member", token + " " + bakery, false, none},
		{"another person's", token + " u-somebody", false, none},
		{"an owner of keys", token + " me", false, none},
		{"two spaces", token + " " + shop + " " + shop, false, none},
		{"two headers", token + " " + shop + "," + bakery, false, none},
		{"the table is down", token + " " + shop, true, map[string]any{web.Unavailable: "credentials"}},
		{"another token", session.Token("") + " " + shop, false, nil},
	} {
		down = test.down
		header := "Session same-origin " + test.credential
		r := events.APIGatewayV2CustomAuthorizerV2Request{
			Headers:        map[string]string{"authorization": header, "x-origin-key": edgeKey},
			IdentitySource: []string{header, edgeKey, "POST /api/links"},
		}
		r.RequestContext.HTTP.Method = "POST"
		got, err := h.Handle(t.Context(), r)
		if diff := cmp.Diff(test.want, got.Context); diff != "" || err != nil || got.IsAuthorized != (test.want != nil) {
			t.Errorf("%s: %+v, %v %s", test.name, got, err, diff)
		}
	}
}
