package main

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

func TestDoor(t *testing.T) {
	tests := []struct {
		name   string
		key    string
		public bool
		want   bool
		fails  bool
		down   bool
	}{
		{name: "through the edge, public", key: edgeKey, public: true, want: true},
		{name: "through an edge that has not heard of the new key", key: "edge-key-before", public: true, want: true},
		{name: "around the edge, public", key: "guess", public: true},
		{name: "around the edge without anything", public: true},
		{name: "through the edge, with a key", key: edgeKey, want: true},
		{name: "around the edge, with a key", key: "guess"},
		{name: "the secret cannot be read", key: edgeKey, down: true, fails: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			h := &handler{door: opened(), keys: keysFunc(known), now: func() time.Time { return now }, log: slog.New(slog.NewJSONHandler(&log, nil))}
			if test.down {
				h.door.secrets = secretsFunc(func() (string, error) { return "", errors.New("secret cause") })
			}
			r := events.APIGatewayV2CustomAuthorizerV2Request{
				Headers:        map[string]string{"x-origin-key": test.key, "authorization": "Bearer mk_example1_SECRET"},
				IdentitySource: []string{test.key},
			}
			if !test.public {
				r.IdentitySource = []string{"Bearer mk_example1_SECRET", test.key, "GET /api/links"}
			}
			got, err := h.Handle(t.Context(), r)
			if got.IsAuthorized != test.want || (err != nil) != test.fails || test.fails != strings.Contains(log.String(), "secret cause") {
				t.Errorf("got %t, %v; logged %s", got.IsAuthorized, err, log.String())
			}
			if (got.Context != nil) != (test.want && !test.public) {
				t.Errorf("context %v", got.Context)
			}
		})
	}
}

// TestDoorHearsOfNewKeys: without a new start, and without a read for each stranger.
func TestDoorHearsOfNewKeys(t *testing.T) {
	clock, reads, secret := now, 0, `{"current":"one"}`
	d := &door{now: func() time.Time { return clock }, secrets: secretsFunc(func() (string, error) { reads++; return secret, nil })}
	steps := []struct {
		after time.Duration
		put   string
		key   string
		want  bool
		reads int
	}{
		{key: "one", want: true, reads: 1},
		{key: "one", want: true, reads: 1},
		{key: "two", want: false, reads: 1},
		{after: patience, key: "two", want: false, reads: 2},
		{put: `{"current":"two","previous":"one"}`, key: "two", want: false, reads: 2},
		{after: patience, key: "two", want: true, reads: 3},
		{key: "one", want: true, reads: 3},
		{after: time.Hour, put: `{"current":"two"}`, key: "two", want: true, reads: 3},
	}
	for i, step := range steps {
		clock = clock.Add(step.after)
		if step.put != "" {
			secret = step.put
		}
		got, err := d.opens(t.Context(), step.key)
		if err != nil || got != step.want || reads != step.reads {
			t.Errorf("step %d: got %t after %d reads: %v", i, got, reads, err)
		}
	}
	secret, clock = "{}", clock.Add(patience)
	if _, err := d.opens(t.Context(), "three"); err == nil {
		t.Error("a secret without a key")
	}
}
