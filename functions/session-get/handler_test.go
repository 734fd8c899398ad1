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

	"github.com/minim-dev/minim/shared/session"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

type listFunc func(owner string) ([]session.Session, error)

func (f listFunc) List(_ context.Context, owner string, at time.Time) ([]session.Session, error) {
	if !at.Equal(now) {
		return nil, errors.New("another time")
	}
	return f(owner)
}

// two are two sessions of u-ada; the ID of the golden event's is 5d1f.
func two(owner string) ([]session.Session, error) {
	if owner != "u-ada" {
		return nil, nil
	}
	p := session.Person{Issuer: "https://issuer.example", Subject: "1", Email: "ada@example.com"}
	first, _ := session.New(p, "https://issuer.example/logout", now.Add(-time.Hour))
	second := first
	first.ID, second.ID = "77aa", "5d1f"
	return []session.Session{first, second}, nil
}

func TestHandle(t *testing.T) {
	golden, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	const times = `"createdAt":"2026-11-21T02:00:00.000Z","usedAt":"2026-11-21T02:00:00.000Z","expiresAt":"2026-11-21T14:00:00.000Z"`
	tests := []struct {
		name    string
		list    listFunc
		context map[string]any
		status  int
		want    string
	}{
		{"signed in", two, nil, 200, `{"owner":"u-ada","person":"u-ada","email":"ada@example.com","scopes":["admin"],"sessions":[` +
			`{"id":"77aa","current":false,` + times + `},{"id":"5d1f","current":true,` + times + `}]}`},
		{"ended a moment ago", two, map[string]any{"owner": "u-bob", "scopes": "admin", "session": "5d1f"}, 200, `{"owner":"u-bob","person":"u-bob","scopes":["admin"],"sessions":[]}`},
		{"in a space", two, map[string]any{"owner": "sp_abcdefghijklmnop", "person": "u-ada", "scopes": "keys:read", "session": "5d1f"}, 200,
			`{"owner":"sp_abcdefghijklmnop","person":"u-ada","email":"ada@example.com","scopes":["keys:read"],"sessions":[{"id":"77aa"`},
		{"API key of the same owner", two, map[string]any{"owner": "u-ada", "scopes": "admin"}, 200, `{"owner":"u-ada","scopes":["admin"],"sessions":[]}`},
		{"unknown parameter", two, nil, 400, `"field":"owner"`},
		{"nobody", two, map[string]any{}, 403, `"status":403`},
		{"table down", func(string) ([]session.Session, error) { return nil, errors.New("secret cause") }, nil, 500, `"status":500`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var event events.APIGatewayV2HTTPRequest
			if err := json.Unmarshal(golden, &event); err != nil {
				t.Fatal(err)
			}
			if test.status == 400 {
				event.QueryStringParameters = map[string]string{"owner": "u-bob"}
			}
			if test.context != nil {
				event.RequestContext.Authorizer.Lambda = test.context
			}
			h := &handler{test.list, func() time.Time { return now }}
			got, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
			if err != nil || got.StatusCode != test.status || !strings.Contains(got.Body, test.want) || strings.Contains(got.Body, "secret") {
				t.Errorf("got %d %s, %v", got.StatusCode, got.Body, err)
			}
			if got.Headers["Cache-Control"] != "no-store" {
				t.Errorf("headers %v", got.Headers)
			}
		})
	}
}
