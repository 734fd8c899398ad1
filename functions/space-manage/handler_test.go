package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/mail"
	"github.com/minim-dev/minim/shared/session"
	"github.com/minim-dev/minim/shared/space"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

const shop = "sp_abcdefghijklmnop"

// memory has one space, shop, of the admins u-ada and u-amy, the editor u-eve and the viewer u-vic, with a pending and an
// expired invitation. It records what is written.
type memory struct {
	detail   table.SpaceDetail
	wrote    []string
	mails    []mail.Message
	mute     bool  // no mail can be sent
	rejected error // of each mail
	down     error // of each call
	signedIn bool
}

// secret is that of the pending invitation.
const secret = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

func invited() space.Invitation {
	_, id, _ := space.ParseToken(shop + "_" + secret)
	return space.Invitation{ID: id, Space: shop, Email: "bob@example.com", Role: space.Editor, By: "u-ada", CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
}

func newMemory() *memory {
	old := invited()
	old.ID, old.Email, old.ExpiresAt = "0ld", "old@example.com", now
	m := &memory{signedIn: true, detail: table.SpaceDetail{Space: space.Space{ID: shop, Name: "Shop", CreatedAt: now}, Invitations: []space.Invitation{old, invited()}}}
	for _, each := range []struct {
		name string
		role space.Role
	}{{"ada", space.Admin}, {"amy", space.Admin}, {"eve", space.Editor}, {"vic", space.Viewer}} {
		m.detail.Members = append(m.detail.Members, space.Member{Person: "u-" + each.name, Email: each.name + "@example.com", Role: each.role, JoinedAt: now})
	}
	return m
}

func (m *memory) wrotes(words ...string) error {
	if m.down == nil {
		m.wrote = append(m.wrote, strings.Join(words, " "))
	}
	return m.down
}

// spaces are those of a memory, whose Get is not the sessions'.
type spaces struct{ *memory }

func (s spaces) Get(_ context.Context, id string) (table.SpaceDetail, error) {
	if id != shop && s.down == nil {
		return table.SpaceDetail{}, fault.New(fault.NotFound, "There is no such space.")
	}
	return s.detail, s.down
}

func (m *memory) Of(_ context.Context, person string) (found []space.Membership, err error) {
	if me, err := m.detail.Member(person); err == nil {
		found = append(found, space.Membership{Space: m.detail.Space, Role: me.Role})
	}
	return found, m.down
}

func (m *memory) Invitation(_ context.Context, id, invitation string) (space.Invitation, error) {
	for _, i := range m.detail.Invitations {
		if id == shop && i.ID == invitation {
			return i, m.down
		}
	}
	return space.Invitation{}, fault.New(fault.NotFound, "There is no such invitation.")
}

func (m *memory) Create(_ context.Context, made space.Space, admin space.Member) error {
	return m.wrotes("create", made.Name, admin.Person, admin.Email, string(admin.Role))
}

func (m *memory) Rename(_ context.Context, id, name string) error {
	return m.wrotes("rename", id, name)
}

func (m *memory) Join(_ context.Context, by space.Invitation, joined space.Member) error {
	if _, err := m.detail.Member(joined.Person); err == nil {
		return fault.New(fault.Conflict, "You are a member already.")
	}
	m.detail.Members = append(m.detail.Members, joined)
	return m.wrotes("join", by.Space, joined.Person, joined.Email, string(joined.Role))
}

func (m *memory) SetRole(_ context.Context, _ string, was space.Member, role space.Role) error {
	return m.wrotes("role", was.Person, string(was.Role), string(role))
}

func (m *memory) Remove(_ context.Context, _ string, was space.Member) error {
	return m.wrotes("remove", was.Person, string(was.Role))
}

func (m *memory) Invite(_ context.Context, made space.Invitation) error {
	return m.wrotes("invite", made.Email, string(made.Role), made.By)
}

func (m *memory) Revoke(_ context.Context, _, invitation string) error {
	return m.wrotes("revoke", invitation)
}

func (m *memory) Get(_ context.Context, id string, _ time.Time) (session.Session, error) {
	if !m.signedIn || id != "5d1f" {
		return session.Session{}, fault.New(fault.NotFound, "There is no such session.")
	}
	return session.Session{Person: session.Person{Email: "me@example.com"}}, m.down
}

func (m *memory) Wanted() bool { return !m.mute }

func (m *memory) SendTo(_ context.Context, recipient string, sent mail.Message) error {
	sent.Subject = recipient + ": " + sent.Subject
	m.mails = append(m.mails, sent)
	return m.rejected
}

// request is the golden event, changed.
type request struct{ route, as, person, invitation, id, body string }

func (r request) send(t *testing.T, m *memory) events.APIGatewayV2HTTPResponse {
	t.Helper()
	golden, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(golden, &event); err != nil {
		t.Fatal(err)
	}
	event.RouteKey, event.Body = r.route, r.body
	if r.id == "" {
		r.id = shop
	}
	event.PathParameters = map[string]string{"id": r.id, "person": r.person, "invitation": r.invitation}
	event.RequestContext.Authorizer.Lambda = map[string]any{"owner": r.as, "person": r.as, "scopes": "keys:read", "session": "5d1f"}
	if r.as == "key" {
		event.RequestContext.Authorizer.Lambda = map[string]any{"owner": "u-ada", "scopes": "admin", "key": "k"}
	}
	h := &handler{spaces: spaces{m}, sessions: m, mail: m, site: "https://mini.example", now: func() time.Time { return now }}
	got, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	if got.Headers["Cache-Control"] != "no-store" || strings.Contains(got.Body, "secret cause") {
		t.Errorf("got %+v", got)
	}
	return got
}

const (
	list    = "GET /api/spaces"
	create  = "POST /api/spaces"
	join    = "POST /api/spaces/join"
	get     = "GET /api/spaces/{id}"
	rename  = "PATCH /api/spaces/{id}"
	invite  = "POST /api/spaces/{id}/invitations"
	revoke  = "DELETE /api/spaces/{id}/invitations/{invitation}"
	setRole = "PATCH /api/spaces/{id}/members/{person}"
	remove  = "DELETE /api/spaces/{id}/members/{person}"

	asViewer = `{"email":"new@example.com","role":"viewer"}`
	accept   = `{"token":"` + shop + "_" + secret + `"}`
)

func TestHandle(t *testing.T) {
	tests := []struct {
		name   string
		with   request
		status int
		want   string
		wrote  string
	}{
		{"list", request{route: list, as: "u-eve"}, 200, `{"items":[{"id":"u-eve","name":"Personal","role":"admin","personal":true},{"id":"` + shop + `","name":"Shop","role":"editor","personal":false}]}`, ""},
		{"list of nobody", request{route: list, as: "u-bob"}, 200, `{"items":[{"id":"u-bob","name":"Personal","role":"admin","personal":true}]}`, ""},
		{"list with an API key", request{route: list, as: "key"}, 403, "signed in", ""},

		{"create", request{route: create, as: "u-bob", body: `{"name":" Bakery "}`}, 201, `"name":"Bakery","role":"admin","personal":false,"createdAt":"2026-11-21T03:00:00.000Z","members":[{"person":"u-bob","email":"me@example.com","role":"admin"`, "create Bakery u-bob me@example.com admin"},
		{"create without a name", request{route: create, as: "u-bob", body: `{}`}, 400, `"field":"name"`, ""},
		{"create with an owner", request{route: create, as: "u-bob", body: `{"name":"x","owner":"u-ada"}`}, 400, `"field":"owner"`, ""},
		{"create with an API key", request{route: create, as: "key", body: `{"name":"x"}`}, 403, "signed in", ""},

		{"get", request{route: get, as: "u-amy"}, 200, `"invitations":[{"id":"` + invited().ID + `","email":"bob@example.com","role":"editor","by":"u-ada","createdAt":"2026-11-21T03:00:00.000Z","expiresAt":"2026-11-21T04:00:00.000Z"}]}`, ""},
		{"get without the invitations", request{route: get, as: "u-eve"}, 200, `"invitations":[]}`, ""},
		{"get of others", request{route: get, as: "u-bob"}, 404, "There is no such space.", ""},
		{"get none", request{route: get, as: "u-ada", id: "sp_ponmlkjihgfedcba"}, 404, "There is no such space.", ""},
		{"get a person's partition", request{route: get, as: "u-ada", id: "u-ada"}, 404, "There is no such space.", ""},
		{"get with an API key", request{route: get, as: "key"}, 403, "signed in", ""},

		{"rename", request{route: rename, as: "u-ada", body: `{"name":"Bakery"}`}, 200, `"name":"Bakery"`, "rename " + shop + " Bakery"},
		{"rename badly", request{route: rename, as: "u-ada", body: `{"name":""}`}, 400, `"field":"name"`, ""},
		{"rename as an editor", request{route: rename, as: "u-eve", body: `{"name":"Bakery"}`}, 403, "Only admins", ""},
		{"rename others'", request{route: rename, as: "u-bob", body: `{"name":"Bakery"}`}, 404, "no such space", ""},

		{"invite", request{route: invite, as: "u-ada", body: asViewer}, 201, `"email":"new@example.com","role":"viewer","by":"u-ada","createdAt":"2026-11-21T03:00:00.000Z","expiresAt":"2026-11-28T03:00:00.000Z"}`, "invite new@example.com viewer u-ada"},
		{"invite again", request{route: invite, as: "u-ada", body: `{"email":"Bob@example.com","role":"viewer"}`}, 409, "invited already", ""},
		{"invite after the former has expired", request{route: invite, as: "u-ada", body: `{"email":"old@example.com","role":"admin"}`}, 201, `"role":"admin"`, "invite old@example.com admin u-ada"},
		{"invite badly", request{route: invite, as: "u-ada", body: `{"email":"x","role":"boss"}`}, 400, `"errors":[{"field":"email"`, ""},
		{"invite as an editor", request{route: invite, as: "u-eve", body: asViewer}, 403, "Only admins", ""},
		{"invite to others'", request{route: invite, as: "u-bob", body: asViewer}, 404, "no such space", ""},

		{"revoke", request{route: revoke, as: "u-amy", invitation: invited().ID}, 204, "", "revoke " + invited().ID},
		{"revoke none", request{route: revoke, as: "u-amy", invitation: "none"}, 404, "no such invitation", ""},
		{"revoke as a viewer", request{route: revoke, as: "u-vic", invitation: invited().ID}, 403, "Only admins", ""},

		{"join", request{route: join, as: "u-bob", body: accept}, 200, `"name":"Shop","role":"editor"`, "join " + shop + " u-bob me@example.com editor"},
		{"join as a member", request{route: join, as: "u-vic", body: accept}, 409, "already", ""},
		{"join with another token", request{route: join, as: "u-bob", body: `{"token":"` + shop + "_" + strings.Repeat("A", 26) + `"}`}, 404, "no such invitation", ""},
		{"join with the ID", request{route: join, as: "u-bob", body: `{"token":"` + invited().ID + `"}`}, 404, "no such invitation", ""},
		{"join without a token", request{route: join, as: "u-bob", body: `{}`}, 404, "no such invitation", ""},
		{"join with an API key", request{route: join, as: "key", body: accept}, 403, "signed in", ""},

		{"promote", request{route: setRole, as: "u-ada", person: "u-vic", body: `{"role":"editor"}`}, 200, `{"person":"u-vic","email":"vic@example.com","role":"editor"`, "role u-vic viewer editor"},
		{"demote oneself", request{route: setRole, as: "u-ada", person: "u-ada", body: `{"role":"viewer"}`}, 200, `"role":"viewer","personal":false`, "role u-ada admin viewer"},
		{"the same role", request{route: setRole, as: "u-ada", person: "u-vic", body: `{"role":"viewer"}`}, 200, `"person":"u-vic"`, ""},
		{"an unknown role", request{route: setRole, as: "u-ada", person: "u-vic", body: `{"role":"owner"}`}, 400, `"field":"role"`, ""},
		{"promote nobody", request{route: setRole, as: "u-ada", person: "u-bob", body: `{"role":"viewer"}`}, 404, "no such member", ""},
		{"promote oneself", request{route: setRole, as: "u-eve", person: "u-eve", body: `{"role":"admin"}`}, 403, "Only admins", ""},

		{"remove", request{route: remove, as: "u-ada", person: "u-amy"}, 204, "", "remove u-amy admin"},
		{"leave", request{route: remove, as: "u-vic", person: "u-vic"}, 204, "", "remove u-vic viewer"},
		{"remove as an editor", request{route: remove, as: "u-eve", person: "u-vic"}, 403, "Only admins", ""},
		{"remove nobody", request{route: remove, as: "u-ada", person: "u-bob"}, 404, "no such member", ""},
		{"leave others'", request{route: remove, as: "u-bob", person: "u-bob"}, 404, "no such space", ""},

		{"another route", request{route: "PUT /api/spaces", as: "u-ada"}, 404, "no such space", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := newMemory()
			got := test.with.send(t, m)
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.want) {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
			if wrote := strings.Join(m.wrote, ", "); wrote != test.wrote {
				t.Errorf("wrote %q, want %q", wrote, test.wrote)
			}
		})
	}
}

func TestTableFails(t *testing.T) {
	for _, with := range []request{{route: list}, {route: create, body: `{"name":"x"}`}, {route: get}, {route: rename, body: `{"name":"x"}`}, {route: invite, body: asViewer},
		{route: join, body: accept}, {route: setRole, person: "u-vic", body: `{"role":"editor"}`}, {route: remove, person: "u-vic"}} {
		m := newMemory()
		with.as, m.down = "u-ada", errors.New("secret cause")
		if got := with.send(t, m); got.StatusCode != 500 {
			t.Errorf("%s: %d %s", with.route, got.StatusCode, got.Body)
		}
	}
}

// TestMail: the token is in the mail only. Without the mail, the invitation is revoked.
func TestMail(t *testing.T) {
	m := newMemory()
	got := request{route: invite, as: "u-ada", body: asViewer}.send(t, m)
	if len(m.mails) != 1 || m.mails[0].Subject != "new@example.com: Invitation to Shop" || m.mails[0].HTML != "" {
		t.Fatalf("mails %+v", m.mails)
	}
	_, token, found := strings.Cut(m.mails[0].Text, "https://mini.example/app/invitation#")
	token, _, _ = strings.Cut(token, "\n")
	if id, _, ok := space.ParseToken(token); !found || !ok || id != shop || strings.Contains(got.Body, token[len(shop)+1:]) {
		t.Errorf("%s, answered with %s", m.mails[0].Text, got.Body)
	}

	m = newMemory()
	m.rejected = errors.New("secret cause")
	got = request{route: invite, as: "u-ada", body: asViewer}.send(t, m)
	if got.StatusCode != 500 || len(m.wrote) != 2 || !strings.HasPrefix(m.wrote[1], "revoke ") {
		t.Errorf("rejected: %d %s, wrote %q", got.StatusCode, got.Body, m.wrote)
	}

	m = newMemory()
	m.mute = true
	if got = (request{route: invite, as: "u-ada", body: asViewer}).send(t, m); got.StatusCode != 409 || len(m.wrote) > 0 || len(m.mails) > 0 {
		t.Errorf("without an address: %d %s, wrote %q", got.StatusCode, got.Body, m.wrote)
	}

	m = newMemory()
	for range space.MaxInvitations - 1 {
		m.detail.Invitations = append(m.detail.Invitations, invited())
	}
	if got = (request{route: invite, as: "u-ada", body: asViewer}).send(t, m); got.StatusCode != 409 || !strings.Contains(got.Body, "50 invitations are pending") {
		t.Errorf("too many: %d %s", got.StatusCode, got.Body)
	}
}

// TestSessionEnded: API Gateway may accept a session for some seconds after its end, in which nobody becomes a member.
func TestSessionEnded(t *testing.T) {
	for _, with := range []request{{route: create, body: `{"name":"x"}`}, {route: join, body: accept}} {
		m := newMemory()
		with.as, m.signedIn = "u-bob", false
		if got := with.send(t, m); got.StatusCode != 403 || len(m.wrote) > 0 {
			t.Errorf("%s: %d %s, wrote %q", with.route, got.StatusCode, got.Body, m.wrote)
		}
	}
}
