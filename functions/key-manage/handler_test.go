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
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/space"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// memory has the keys example and short of me (the latter expires in an hour), old of me, and hers of another owner.
type memory struct {
	keys map[string]key.Key
	full bool  // the owner has as many keys as possible
	down error // of every call
}

func newMemory() *memory {
	m := &memory{keys: map[string]key.Key{}}
	for id, owner := range map[string]string{"example": "me", "short": "me", "old": "me", "hers": "ann"} {
		k, _, err := key.New(owner, []key.Scope{key.KeysRead}, now.Add(-time.Hour))
		if err != nil {
			panic(err)
		}
		k.ID, k.Name = id, "The key "+id
		m.keys[id] = k
	}
	short, old := m.keys["short"], m.keys["old"]
	short.ExpiresAt = now.Add(time.Hour)
	old.Name, old.Disabled, old.UsedOn = "", true, "2026-01-02"
	m.keys["short"], m.keys["old"] = short, old
	return m
}

func (m *memory) Get(_ context.Context, id string) (key.Key, error) {
	k, ok := m.keys[id]
	if !ok && m.down == nil {
		return k, fault.New(fault.NotFound, "There is no such API key.")
	}
	return k, m.down
}

func (m *memory) List(_ context.Context, owner string) (keys []key.Key, err error) {
	for _, id := range []string{"example", "short", "old", "hers"} {
		if k, ok := m.keys[id]; ok && k.Owner == owner {
			keys = append(keys, k)
		}
	}
	return keys, m.down
}

func (m *memory) Create(_ context.Context, k key.Key) error {
	switch {
	case m.down != nil:
		return m.down
	case m.full:
		return fault.New(fault.Conflict, "There are too many.")
	case m.keys[k.ID].ID != "":
		return table.ErrKeyExists
	}
	m.keys[k.ID] = k
	return nil
}

func (m *memory) Delete(_ context.Context, k key.Key) error {
	delete(m.keys, k.ID)
	return m.down
}

func (m *memory) Rotate(_ context.Context, rotated key.Key, was []byte) error {
	if string(m.keys[rotated.ID].Digest) != string(was) {
		return fault.New(fault.Conflict, "Somebody else was first.")
	}
	m.keys[rotated.ID] = rotated
	return m.down
}

const shop = "sp_abcdefghijklmnop"

// Role returns admin for ada and viewer for vic, who was an admin a moment ago.
func (m *memory) Role(_ context.Context, id, person string) (space.Role, error) {
	role, ok := map[string]space.Role{"u-ada": space.Admin, "u-vic": space.Viewer}[person]
	if id != shop || !ok {
		return "", fault.New(fault.NotFound, "There is no such space.")
	}
	return role, m.down
}

// request is one that a test sends: the golden event, changed.
type request struct {
	route, id, body string
	query           map[string]string
	scopes, key     string // of the caller me; "": those of the event
	member          string // in the space shop, with a session
	session         bool
	idempotencyKey  string
}

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
	if r.route != "" {
		event.RouteKey, event.Body = r.route, r.body
		event.Headers["idempotency-key"] = r.idempotencyKey
	}
	context := event.RequestContext.Authorizer.Lambda
	if r.scopes != "" {
		context["scopes"] = r.scopes
	}
	if r.key != "" {
		context["key"] = r.key
	}
	if r.session {
		delete(context, "key")
		context["session"] = "5d1f"
	}
	if r.member != "" {
		event.RequestContext.Authorizer.Lambda = map[string]any{"owner": shop, "person": r.member, "scopes": context["scopes"], "session": "5d1f"}
	}
	event.PathParameters, event.QueryStringParameters = map[string]string{"id": r.id}, r.query
	h := &handler{keys: m, spaces: m, now: func() time.Time { return now }}
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
	list   = "GET /api/keys"
	create = "POST /api/keys"
	get    = "GET /api/keys/{id}"
	revoke = "DELETE /api/keys/{id}"
	rotate = "POST /api/keys/{id}/rotate"

	wanted = `{"name":"CI","scopes":["keys:read"]}`
	write  = "keys:write keys:read"
)

func TestHandle(t *testing.T) {
	tests := []struct {
		name   string
		with   request
		status int
		want   string
	}{
		{"list", request{route: list, scopes: "keys:read"}, 200, `{"items":[{"id":"example","owner":"me","name":"The key example","scopes":["keys:read"],"status":"active","createdBy":null,` +
			`"createdAt":"2026-11-21T02:00:00.000Z","expiresAt":null,"usedOn":null,"formerUntil":null},{"id":"short"`},
		{"list of a disabled one", request{route: list, scopes: "keys:read"}, 200, `"name":"","scopes":["keys:read"],"status":"disabled","createdBy":null,"createdAt":"2026-11-21T02:00:00.000Z","expiresAt":null,"usedOn":"2026-01-02"`},
		{"list of another owner", request{route: list, scopes: "keys:read", query: map[string]string{"owner": "ann"}}, 403, "Only an admin"},
		{"list of another owner by an admin", request{route: list, scopes: "admin", query: map[string]string{"owner": "ann"}}, 200, `{"items":[{"id":"hers","owner":"ann"`},
		{"list of nobody", request{route: list, scopes: "admin", query: map[string]string{"owner": "bob"}}, 200, `{"items":[]}`},
		{"list without the scope", request{route: list, scopes: "keys:write"}, 403, "keys:read"},
		{"list by pages", request{route: list, scopes: "keys:read", query: map[string]string{"limit": "1"}}, 400, `"field":"limit"`},

		{"get", request{route: get, id: "short", scopes: "keys:read"}, 200, `"expiresAt":"2026-11-21T04:00:00.000Z"`},
		{"get another owner's", request{route: get, id: "hers", scopes: "keys:read"}, 404, "no such API key"},
		{"get another owner's by an admin", request{route: get, id: "hers", scopes: "admin"}, 200, `"owner":"ann"`},
		{"get none", request{route: get, id: "none", scopes: "keys:read"}, 404, "no such API key"},
		{"get what is no key", request{route: get, id: "count#me", scopes: "admin"}, 404, "no such API key"},
		{"get without the scope", request{route: get, id: "short", scopes: "keys:write"}, 403, "keys:read"},

		{"create", request{route: create, scopes: write, body: wanted}, 201, `"name":"CI","scopes":["keys:read"],"status":"active","createdBy":"key:example"`},
		{"create by a person", request{route: create, scopes: write, session: true, body: wanted}, 201, `"createdBy":"me"`},
		{"create in a space", request{route: create, scopes: write, member: "u-ada", body: wanted}, 201, `"owner":"` + shop + `","name":"CI","scopes":["keys:read"],"status":"active","createdBy":"u-ada"`},
		{"create in a space, removed a moment ago", request{route: create, scopes: write, member: "u-bob", body: wanted}, 403, "keys:write"},
		{"create in a space, demoted a moment ago", request{route: create, scopes: write, member: "u-vic", body: wanted}, 403, "keys:write"},
		{"create in a space an admin of the stage", request{route: create, scopes: write, member: "u-ada", body: `{"name":"CI","scopes":["admin"]}`}, 403, "admin, which you lack"},
		{"list a space's", request{route: list, scopes: "keys:read", member: "u-ada"}, 200, `{"items":[]}`},
		{"get a person's in a space", request{route: get, id: "short", scopes: "keys:read", member: "u-ada"}, 404, "no such API key"},
		{"create without the scope", request{route: create, scopes: "keys:read", body: wanted}, 403, "keys:write"},
		{"create with more scopes", request{route: create, scopes: "keys:write", body: wanted}, 403, "keys:read, which you lack"},
		{"create an admin", request{route: create, scopes: write, body: `{"name":"CI","scopes":["admin"]}`}, 403, "admin, which you lack"},
		{"create an admin by an admin", request{route: create, scopes: "admin", body: `{"name":"CI","scopes":["admin"]}`}, 201, `"scopes":["admin"]`},
		{"create without an end, with a key that has one", request{route: create, scopes: write, key: "short", body: wanted}, 403, "2026-11-21T04:00:00Z"},
		{"create with the same end", request{route: create, scopes: write, key: "short", body: `{"name":"CI","scopes":["keys:read"],"expiresAt":"2026-11-21T05:00:00+01:00"}`}, 201, `"expiresAt":"2026-11-21T04:00:00.000Z"`},
		{"create with a key that was revoked a moment ago", request{route: create, scopes: write, key: "gone", body: wanted}, 403, "revoked"},
		{"create with a key that was disabled a moment ago", request{route: create, scopes: write, key: "old", body: wanted}, 403, "revoked"},
		{"create without anything", request{route: create, scopes: write, body: `{}`}, 400, `"errors":[{"field":"name","message":"It must not be empty."},{"field":"scopes","message":"At least one is needed."}]`},
		{"create with an unknown scope", request{route: create, scopes: write, body: `{"name":"CI","scopes":["keys:*"]}`}, 400, `"field":"scopes"`},
		{"create in the past", request{route: create, scopes: write, body: `{"name":"CI","scopes":["keys:read"],"expiresAt":"2026-11-21T03:00:00Z"}`}, 400, `"field":"expiresAt"`},
		{"create with a secret", request{route: create, scopes: write, body: `{"name":"CI","scopes":["keys:read"],"token":"x"}`}, 400, `"field":"token"`},
		{"create with a long Idempotency-Key", request{route: create, scopes: write, body: wanted, idempotencyKey: strings.Repeat("k", 256)}, 400, "Idempotency-Key"},

		{"revoke", request{route: revoke, id: "short", scopes: "keys:write"}, 204, ""},
		{"revoke itself", request{route: revoke, id: "example", scopes: "keys:write"}, 204, ""},
		{"revoke another owner's", request{route: revoke, id: "hers", scopes: "keys:write"}, 404, "no such API key"},
		{"revoke another owner's by an admin", request{route: revoke, id: "hers", scopes: "admin"}, 204, ""},
		{"revoke without the scope", request{route: revoke, id: "short", scopes: "keys:read"}, 403, "keys:write"},

		{"rotate", request{route: rotate, id: "short", scopes: write, body: `{}`}, 200, `"formerUntil":"2026-11-22T03:00:00.000Z","token":"mk_short_`},
		{"rotate at once", request{route: rotate, id: "short", scopes: write, body: `{"overlapHours":0}`}, 200, `"formerUntil":null`},
		{"rotate for long", request{route: rotate, id: "short", scopes: write, body: `{"overlapHours":721}`}, 400, `"field":"overlapHours"`},
		{"rotate without a body", request{route: rotate, id: "short", scopes: write}, 400, "The body is empty"},
		{"rotate a key with more scopes", request{route: rotate, id: "short", scopes: "keys:write", body: `{}`}, 403, "keys:read, which you lack"},
		{"rotate a key with a later end", request{route: rotate, id: "example", scopes: write, key: "short", body: `{}`}, 403, "valid for longer"},
		{"rotate another owner's", request{route: rotate, id: "hers", scopes: write, body: `{}`}, 404, "no such API key"},
		{"rotate without the scope", request{route: rotate, id: "short", scopes: "keys:read", body: `{}`}, 403, "keys:write"},

		{"another route", request{route: "PUT /api/keys", scopes: "admin"}, 404, "no such API key"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := newMemory()
			got := test.with.send(t, m)
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.want) {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
			if strings.Contains(got.Body, `"token":"mk_`) != (test.status == 201 || test.with.route == rotate && test.status == 200) {
				t.Errorf("a token: %s", got.Body)
			}
			_, left := m.keys[test.with.id]
			if revoked := test.with.route == revoke && test.status == 204; revoked && left {
				t.Error("the key is there")
			}
		})
	}
}

func TestTableFails(t *testing.T) {
	for _, route := range []request{{route: list, scopes: "admin"}, {route: get, id: "short", scopes: "admin"}, {route: create, scopes: "admin", body: wanted},
		{route: create, scopes: write, member: "u-ada", body: wanted}, {route: revoke, id: "short", scopes: "admin"}, {route: rotate, id: "short", scopes: "admin", body: `{}`}} {
		m := newMemory()
		m.down = errors.New("secret cause")
		if got := route.send(t, m); got.StatusCode != 500 {
			t.Errorf("%s, with the table down: %d %s", route.route, got.StatusCode, got.Body)
		}
	}
	m := newMemory()
	m.full = true
	if got := (request{route: create, scopes: write, body: wanted}).send(t, m); got.StatusCode != 409 || !strings.Contains(got.Body, "too many") {
		t.Errorf("with too many: %d %s", got.StatusCode, got.Body)
	}
}

// TestIdempotency: a repeated request makes no second key, and gets no token; another request is refused.
func TestIdempotency(t *testing.T) {
	m := newMemory()
	first := request{}.send(t, m) // the golden event has an Idempotency-Key
	var made struct{ ID, Token string }
	if err := json.Unmarshal([]byte(first.Body), &made); err != nil || first.StatusCode != 201 || first.Headers["Location"] != "/api/keys/"+made.ID {
		t.Fatalf("got %+v", first)
	}
	id, secret, ok := key.Parse(made.Token)
	if !ok || id != made.ID || !m.keys[id].Admits(secret, now) || m.keys[id].Name != "Deploy" || m.keys[id].CreatedBy != "key:example" {
		t.Errorf("%s does not open %+v", made.Token, m.keys[id])
	}
	keys := len(m.keys)
	if got := (request{}).send(t, m); got.StatusCode != 409 || !strings.Contains(got.Body, made.ID) || strings.Contains(got.Body, secret) {
		t.Errorf("again: %d %s", got.StatusCode, got.Body)
	}
	again := request{route: create, scopes: write, body: wanted, idempotencyKey: "5f2c1d0e-8a53-4a52-93c0-3d3f8f3a2b11"}
	if got := again.send(t, m); got.StatusCode != 422 || strings.Contains(got.Body, secret) {
		t.Errorf("another request: %d %s", got.StatusCode, got.Body)
	}
	if len(m.keys) != keys || !m.keys[id].Admits(secret, now) {
		t.Error("the repeated request has changed something")
	}
	again.idempotencyKey = ""
	for range 2 {
		if got := again.send(t, m); got.StatusCode != 201 {
			t.Errorf("without an Idempotency-Key: %d %s", got.StatusCode, got.Body)
		}
	}
	if len(m.keys) != keys+2 {
		t.Errorf("%d keys, want %d", len(m.keys), keys+2)
	}
}

// TestRotateRace: of two rotations at the same time one is refused, and its token opens nothing.
func TestRotateRace(t *testing.T) {
	m := newMemory()
	before := m.keys["short"]
	h := &handler{keys: raced{m}, now: func() time.Time { return now }}
	_, err := h.rotate(t.Context(), web.Request{APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{
		Body: `{}`, PathParameters: map[string]string{"id": "short"},
		RequestContext: events.APIGatewayV2HTTPRequestContext{Authorizer: &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			Lambda: map[string]any{"owner": "me", "scopes": write, "session": "5d1f"},
		}},
	}})
	if !fault.Is(err, fault.Conflict) || string(m.keys["short"].Digest) == string(before.Digest) {
		t.Errorf("got %v", err)
	}
}

// raced rotates each key right after it has been read.
type raced struct{ *memory }

func (r raced) Get(ctx context.Context, id string) (key.Key, error) {
	k, err := r.memory.Get(ctx, id)
	rotated, _, _ := key.Rotation{}.Rotate(k, now)
	r.keys[id] = rotated
	return k, err
}
