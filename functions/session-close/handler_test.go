package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/session"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// store has two sessions of ada's (that of the golden event is 5d1f) and one of bob's.
type store struct {
	deleted []string
	down    error
}

func (s *store) all() map[string]session.Session {
	all := map[string]session.Session{}
	for id, subject := range map[string]string{"5d1f": "ada", "77aa": "ada", "b0b": "bob"} {
		made, _ := session.New(session.Person{Issuer: "https://issuer.example", Subject: subject}, "https://issuer.example/logout", now)
		made.ID = id
		if !slices.Contains(s.deleted, id) {
			all[id] = made
		}
	}
	return all
}

func (s *store) Get(_ context.Context, id string, _ time.Time) (session.Session, error) {
	found, ok := s.all()[id]
	if !ok {
		return session.Session{}, fault.New(fault.NotFound, "There is no such session.")
	}
	return found, s.down
}

func (s *store) List(_ context.Context, owner string, _ time.Time) ([]session.Session, error) {
	var list []session.Session
	for _, each := range s.all() {
		if each.Owner() == owner {
			list = append(list, each)
		}
	}
	return list, s.down
}

func (s *store) Delete(_ context.Context, id string) error {
	s.deleted = append(s.deleted, id)
	return s.down
}

func TestHandle(t *testing.T) {
	golden, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	ada := (session.Person{Issuer: "https://issuer.example", Subject: "ada"}).Owner()
	tests := []struct {
		name, id, all string
		session       string
		ended         bool // a moment before
		down          error
		status        int
		want          string
		deleted       string
	}{
		{name: "this one", session: "5d1f", status: 200, want: `{"signOut":"https://issuer.example/logout"}`, deleted: "5d1f"},
		{name: "this one by its ID", id: "5d1f", session: "5d1f", status: 200, want: "logout", deleted: "5d1f"},
		{name: "another one", id: "77aa", session: "5d1f", status: 200, want: `{}`, deleted: "77aa"},
		{name: "all", all: "true", session: "5d1f", status: 200, want: "logout", deleted: "77aa 5d1f"},
		{name: "all, of one", id: "77aa", all: "true", session: "5d1f", status: 400, want: `"field":"all"`},
		{name: "all, perhaps", all: "yes", session: "5d1f", status: 400, want: `"field":"all"`},
		{name: "not all", all: "false", session: "5d1f", status: 200, want: "logout", deleted: "5d1f"},
		{name: "again", session: "5d1f", ended: true, status: 200, want: `{}`, deleted: "5d1f 5d1f"},
		{name: "another person's", id: "b0b", session: "5d1f", status: 404, want: "no such session"},
		{name: "unknown", id: "none", session: "5d1f", status: 404, want: "no such session"},
		{name: "with an API key", status: 403, want: "signed in"},
		{name: "with an API key, by its ID", id: "77aa", status: 403, want: "signed in"},
		{name: "table down", session: "5d1f", down: errors.New("secret cause"), status: 500},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var event events.APIGatewayV2HTTPRequest
			if err := json.Unmarshal(golden, &event); err != nil {
				t.Fatal(err)
			}
			event.RequestContext.Authorizer.Lambda = map[string]any{"owner": ada, "scopes": "admin", "session": test.session}
			event.PathParameters = map[string]string{"id": test.id}
			event.QueryStringParameters = map[string]string{}
			if test.all != "" {
				event.QueryStringParameters["all"] = test.all
			}
			s := &store{down: test.down}
			if test.ended {
				s.deleted = []string{test.session}
			}
			h := &handler{s, func() time.Time { return now }}
			got, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
			if err != nil || got.StatusCode != test.status || !strings.Contains(got.Body, test.want) || strings.Contains(got.Body, "secret") {
				t.Errorf("got %d %s, %v", got.StatusCode, got.Body, err)
			}
			if deleted := strings.Join(s.deleted, " "); deleted != test.deleted {
				t.Errorf("deleted %q, want %q", deleted, test.deleted)
			}
			forgotten := slices.Equal(got.Cookies, []string{"__Host-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"})
			if forgotten != (test.status == 200 && strings.Contains(test.deleted, test.session)) {
				t.Errorf("cookies %q", got.Cookies)
			}
		})
	}
}
