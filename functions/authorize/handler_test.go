package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

type keysFunc func(id string) (key.Key, error)

func (f keysFunc) Get(_ context.Context, id string) (key.Key, error) { return f(id) }
func (f keysFunc) Use(context.Context, string, string) error         { return nil }

// known holds four keys with the secret SECRET.
func known(id string) (key.Key, error) {
	digest := sha256.Sum256([]byte("SECRET"))
	k := key.Key{ID: id, Owner: "me", Scopes: []key.Scope{key.LinksRead, key.LinksWrite}, Digest: digest[:]}
	switch id {
	case "example1":
	case "disabled":
		k.Disabled = true
	case "expired":
		k.ExpiresAt = now
	case "expiring":
		k.ExpiresAt = now.Add(time.Second)
	default:
		return key.Key{}, fault.New(fault.NotFound, "There is no such API key.")
	}
	return k, nil
}

type secretsFunc func(ctx context.Context) (string, error)

func (f secretsFunc) Read(ctx context.Context, _ string) (value, version string, err error) {
	value, err = f(ctx)
	return value, "v", err
}

// edgeKey is what the edge sends in these tests.
const edgeKey = "edge-key-of-now"

func opened() *originCheck {
	read := func(context.Context) (string, error) {
		return `{"current":"` + edgeKey + `","previous":"edge-key-before"}`, nil
	}
	return &originCheck{secrets: secretsFunc(read), id: "edge", now: func() time.Time { return now }, log: slog.New(slog.DiscardHandler)}
}

func broken(string) (key.Key, error) { return key.Key{}, errors.New("secret cause") }

func TestHandle(t *testing.T) {
	tests := []struct {
		name      string
		keys      keysFunc
		header    string
		want      bool
		unchecked bool // passes without an owner, so that the handler answers 503
	}{
		{name: "good", keys: known, header: "Bearer mk_example1_SECRET", want: true},
		{name: "scheme in another case", keys: known, header: "bearer  mk_example1_SECRET ", want: true},
		{name: "about to expire", keys: known, header: "Bearer mk_expiring_SECRET", want: true},
		{name: "expired", keys: known, header: "Bearer mk_expired_SECRET"},
		{name: "disabled", keys: known, header: "Bearer mk_disabled_SECRET"},
		{name: "wrong secret", keys: known, header: "Bearer mk_example1_secret"},
		{name: "unknown key", keys: known, header: "Bearer mk_stranger_SECRET"},
		{name: "no header", keys: broken},
		{name: "another scheme", keys: broken, header: "Basic bWU6cGFzcw=="},
		{name: "scheme alone", keys: broken, header: "Bearer"},
		{name: "no scheme", keys: broken, header: "mk_example1_SECRET"},
		{name: "not a key", keys: broken, header: "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x"},
		{name: "huge", keys: broken, header: "Bearer mk_example1_" + strings.Repeat("S", 5000)},
		{name: "table down", keys: broken, header: "Bearer mk_example1_SECRET", want: true, unchecked: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			h := &handler{originCheck: opened(), keys: test.keys, now: func() time.Time { return now }, log: slog.New(slog.NewJSONHandler(&log, nil))}
			request := events.APIGatewayV2CustomAuthorizerV2Request{
				Headers:        map[string]string{"authorization": test.header, "x-origin-key": edgeKey},
				IdentitySource: []string{test.header, edgeKey, "GET /api/links"},
			}
			got, err := h.Handle(t.Context(), request)
			if got.IsAuthorized != test.want || err != nil {
				t.Errorf("got %t, %v", got.IsAuthorized, err)
			}
			if _, owned := got.Context["owner"]; owned != (test.want && !test.unchecked) || (got.Context[web.Unavailable] != nil) != test.unchecked {
				t.Errorf("the context is %v", got.Context)
			}
			if !got.IsAuthorized && got.Context != nil {
				t.Errorf("denied, but with %v", got.Context)
			}
			if logged := strings.Contains(log.String(), "secret cause"); logged != test.unchecked {
				t.Errorf("logged %q", log.String())
			}
			if strings.Contains(log.String(), "SECRET") {
				t.Errorf("logged %s", log.String())
			}
		})
	}
}

func TestEvent(t *testing.T) {
	data, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var request events.APIGatewayV2CustomAuthorizerV2Request
	if err := json.Unmarshal(data, &request); err != nil {
		t.Fatal(err)
	}
	h := &handler{originCheck: opened(), keys: keysFunc(known), now: func() time.Time { return now }, log: slog.New(slog.DiscardHandler)}
	got, err := h.Handle(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	want := events.APIGatewayV2CustomAuthorizerSimpleResponse{
		IsAuthorized: true,
		Context:      map[string]any{"owner": "me", "scopes": "links:read links:write", "key": "example1"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
