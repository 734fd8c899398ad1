package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/key"
)

// usedKeys has the keys of known, and what is stored about their use.
type usedKeys struct {
	usedOn string
	stored []string
	write  func(ctx context.Context) error // nil: it succeeds
}

func (u *usedKeys) Get(_ context.Context, id string) (key.Key, error) {
	k, err := known(id)
	k.UsedOn = u.usedOn
	return k, err
}

func (u *usedKeys) Use(ctx context.Context, id, day string) error {
	u.stored = append(u.stored, id+" "+day)
	if u.write != nil {
		return u.write(ctx)
	}
	return nil
}

// TestKeyUse: the use of a key is stored once a day, and what becomes of that changes no answer.
func TestKeyUse(t *testing.T) {
	stuck := func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}
	tests := []struct {
		name, usedOn, secret string
		write                func(ctx context.Context) error
		stored               string
		refused, logged      bool
	}{
		{name: "never before", secret: "SECRET", stored: "example1 2026-11-21"},
		{name: "yesterday", usedOn: "2026-11-20", secret: "SECRET", stored: "example1 2026-11-21"},
		{name: "today", usedOn: "2026-11-21", secret: "SECRET"},
		{name: "by a faster clock", usedOn: "2026-11-22", secret: "SECRET"},
		{name: "wrong secret", secret: "GUESS", refused: true},
		{name: "table takes no writes", secret: "SECRET", write: func(context.Context) error { return errors.New("full") }, stored: "example1 2026-11-21", logged: true},
		{name: "table does not answer", secret: "SECRET", write: stuck, stored: "example1 2026-11-21", logged: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log strings.Builder
				keys := &usedKeys{usedOn: test.usedOn, write: test.write}
				h := &handler{originCheck: opened(), keys: keys, now: func() time.Time { return now }, log: slog.New(slog.NewTextHandler(&log, nil))}
				began := time.Now()
				got, err := h.Handle(t.Context(), events.APIGatewayV2CustomAuthorizerV2Request{
					Headers:        map[string]string{"authorization": "Bearer mk_example1_" + test.secret, "x-origin-key": edgeKey},
					IdentitySource: make([]string, 3),
				})
				if err != nil || got.IsAuthorized == test.refused || !test.refused && got.Context["key"] != "example1" {
					t.Errorf("got %+v, %v", got, err)
				}
				if took := time.Since(began); took > useTimeout {
					t.Errorf("the request waited for %s", took)
				}
				if stored := strings.Join(keys.stored, ", "); stored != test.stored {
					t.Errorf("stored %q, want %q", stored, test.stored)
				}
				if logged := log.Len() > 0; logged != test.logged || strings.Contains(log.String(), "SECRET") {
					t.Errorf("logged %q", log.String())
				}
			})
		})
	}
}

// TestRotatedKey: until the overlap ends, both secrets work.
func TestRotatedKey(t *testing.T) {
	made, before, err := key.New("me", []key.Scope{key.Admin}, now)
	if err != nil {
		t.Fatal(err)
	}
	rotated, after, err := key.Rotation{}.Rotate(made, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		token string
		at    time.Duration
		want  bool
	}{{before, key.Overlap - time.Second, true}, {after, 0, true}, {before, key.Overlap, false}, {after, key.Overlap, true}} {
		h := &handler{
			originCheck: opened(), keys: keysFunc(func(string) (key.Key, error) { return rotated, nil }), now: func() time.Time { return now.Add(test.at) },
		}
		got, err := h.withKey(t.Context(), test.token)
		if (got != nil) != test.want || err != nil {
			t.Errorf("after %s: %v, %v", test.at, got, err)
		}
	}
}
