package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/minim-dev/minim/shared/edge"
	"github.com/minim-dev/minim/shared/secret"
)

// store is a secret with its version; nil is none.
type store struct {
	value   string
	version int
	err     error
}

func (s *store) Read(context.Context, string) (string, string, error) {
	return s.value, fmt.Sprint("v", s.version), s.err
}

func (s *store) Write(_ context.Context, _, value string) (string, error) {
	s.value, s.version = value, s.version+1
	return fmt.Sprint("v", s.version), nil
}

// sends is an edge.
type sends func() (string, error)

func (f sends) Sends(context.Context) (string, error) { return f() }

// TestRotation deploys again and again, and is cut off at every place: the key that
// the edge sends always opens the API.
func TestRotation(t *testing.T) {
	s := &store{value: `{"previous":"","current":"k0"}`}
	made := 0
	r := rotation{secrets: s, id: "edge", random: func() string { made++; return fmt.Sprint("k", made) }}
	sent := "k0" // by the edge
	r.edge = sends(func() (string, error) { return sent, nil })
	for i, deployment := range []struct {
		reaches, ends bool // the edge, its end
		want          string
	}{
		{true, true, "v1"},   // as it should be
		{false, false, "v3"}, // fails before the edge is changed
		{false, false, "v3"}, // and again: no key that nobody has been told of yet
		{true, false, "v3"},  // reaches the edge, and is killed
		{true, true, "v3"},
		{true, true, "v5"},
	} {
		version, err := r.before(t.Context())
		if err != nil || version != deployment.want {
			t.Fatalf("deployment %d: version %q, want %q: %v", i, version, deployment.want, err)
		}
		keys, err := edge.Parse(s.value)
		if err != nil || !keys.Open(sent) {
			t.Fatalf("deployment %d: the edge sends %q, the API takes %s", i, sent, s.value)
		}
		if deployment.reaches {
			sent = keys.Current
		}
		if deployment.ends {
			if err := r.after(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if keys, err = edge.Parse(s.value); err != nil || !keys.Open(sent) || keys.Rotating() == deployment.ends {
			t.Fatalf("deployment %d: afterwards the edge sends %q, the API takes %s", i, sent, s.value)
		}
	}
	if made != 3 {
		t.Errorf("%d keys were made", made)
	}
}

func TestRotationFailures(t *testing.T) {
	if version, err := (rotation{secrets: &store{err: secret.ErrNotFound}}).before(t.Context()); err != nil || version != "first" {
		t.Errorf("a new stack: %q, %v", version, err)
	}
	for _, s := range []*store{{err: errors.New("denied")}, {value: "not JSON"}} {
		if _, err := (rotation{secrets: s}).before(t.Context()); err == nil {
			t.Errorf("before: no error of %+v", s)
		}
		if err := (rotation{secrets: s}).after(t.Context()); err == nil {
			t.Errorf("after: no error of %+v", s)
		}
	}
	// As long as the edge does not send the current key, the previous one is good.
	for name, edge := range map[string]sends{
		"sends the previous one": func() (string, error) { return "k0", nil },
		"sends another":          func() (string, error) { return "k7", nil },
		"cannot be asked":        func() (string, error) { return "", errors.New("denied") },
	} {
		s := &store{value: `{"previous":"k0","current":"k1"}`}
		if err := (rotation{secrets: s, edge: edge}).after(t.Context()); err == nil || s.version != 0 {
			t.Errorf("an edge that %s: %v, the secret is %s", name, err, s.value)
		}
	}
}
