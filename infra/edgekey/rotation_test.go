package edgekey

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/minim-dev/minim/shared/edge"
	"github.com/minim-dev/minim/shared/secret"
)

// store is a secret with its version; nil means that there is none.
type store struct {
	value   string
	version int
	err     error
	writes  int // how many succeed before one fails; 0 for all
}

func (s *store) Read(context.Context, string) (string, string, error) {
	return s.value, fmt.Sprint("v", s.version), s.err
}

func (s *store) Write(_ context.Context, _, value string) (string, error) {
	if s.writes--; s.writes == 0 {
		return "", errors.New("unavailable")
	}
	s.value, s.version = value, s.version+1
	return fmt.Sprint("v", s.version), nil
}

// cloud is CloudFormation and the edge. With every change CloudFormation gives the edge the key
// that it last read, which is the current one if it rereads.
type cloud struct {
	secret         *store
	rereads        bool
	comment        string // of the distribution, with the version of the key
	read           string // by CloudFormation, last
	sent           string // by the edge
	refuses, stuck bool   // the edge does not change: with an error, or without one
}

// deploy changes the distribution if its comment differs.
func (c *cloud) deploy(version string) {
	if version == c.comment {
		return
	}
	if keys, err := edge.Parse(c.secret.value); err == nil && c.rereads {
		c.read = keys.Current
	}
	c.comment, c.sent = version, c.read
}

func (c *cloud) Sends(context.Context) (string, error) { return c.sent, nil }

func (c *cloud) Send(_ context.Context, key string) error {
	if c.refuses {
		return errors.New("denied")
	}
	if !c.stuck {
		c.sent = key
	}
	return nil
}

// open fails unless the API accepts the key that the edge sends.
func (c *cloud) open(t *testing.T, when string) edge.Keys {
	t.Helper()
	keys, err := edge.Parse(c.secret.value)
	if err != nil || !keys.Open(c.sent) {
		t.Fatalf("%s: the edge sends %q, the API accepts %s", when, c.sent, c.secret.value)
	}
	return keys
}

func newRotation(s *store, c *cloud) (r Rotation, made, warnings *int) {
	made, warnings = new(int), new(int)
	return Rotation{secrets: s, edge: c, id: "edge", random: func() string { *made++; return fmt.Sprint("k", *made) },
		warn: func(string) { *warnings++ }}, made, warnings
}

// TestRotation deploys several times and is interrupted at each step: the API always
// accepts the key that the edge sends.
func TestRotation(t *testing.T) {
	s := &store{value: `{"previous":"","current":"k0"}`}
	c := &cloud{secret: s, rereads: true, comment: "first", read: "k0", sent: "k0"}
	r, made, warnings := newRotation(s, c)
	for i, deployment := range []struct {
		reaches, ends bool // whether the deployment reaches the edge, and its end
		want          string
	}{
		{true, true, "v1"},   // succeeds
		{false, false, "v3"}, // fails before the edge is changed
		{false, false, "v3"}, // and again: no third key
		{true, false, "v3"},  // reaches the edge, then is killed
		{true, true, "v3"},
		{true, true, "v5"},
	} {
		version, err := r.Before(t.Context())
		if err != nil || version != deployment.want {
			t.Fatalf("deployment %d: version %q, want %q: %v", i, version, deployment.want, err)
		}
		c.open(t, fmt.Sprint("before deployment ", i))
		if deployment.reaches {
			c.deploy(version)
		}
		if deployment.ends {
			if err := r.After(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if keys := c.open(t, fmt.Sprint("after deployment ", i)); keys.Rotating() == deployment.ends {
			t.Fatalf("deployment %d: the keys are %s", i, s.value)
		}
	}
	if *made != 3 || *warnings != 0 {
		t.Errorf("%d keys were made, %d warnings", *made, *warnings)
	}
}

// TestRotationWithoutReread: CloudFormation changes the distribution without rereading the secret.
// Each deployment succeeds, the edge gets the new key, and no visitor is ever refused. Once
// CloudFormation does reread the secret, the key that it had becomes invalid.
func TestRotationWithoutReread(t *testing.T) {
	s := &store{value: `{"previous":"","current":"k0"}`}
	c := &cloud{secret: s, comment: "first", read: "k0", sent: "k0"}
	r, made, warnings := newRotation(s, c)
	deploy := func(when string) edge.Keys {
		t.Helper()
		version, err := r.Before(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		c.open(t, when+", before")
		c.deploy(version)
		c.open(t, when)
		if err := r.After(t.Context()); err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		keys := c.open(t, when+", after")
		if keys.Rotating() || c.sent != keys.Current {
			t.Errorf("%s: the edge sends %s, the keys are %s", when, c.sent, s.value)
		}
		return keys
	}
	for i := range 3 {
		keys := deploy(fmt.Sprint("deployment ", i))
		if *made != i+1 || *warnings != i+1 || keys.Deployed != "k0" {
			t.Errorf("deployment %d: %d keys, %d warnings, %s", i, *made, *warnings, s.value)
		}
	}
	// Interrupted at each step of the correction.
	for name, cut := range map[string]func(){
		"the edge cannot be changed":   func() { c.refuses = true },
		"the edge does not change":     func() { c.stuck = true },
		"the secret is not changed":    func() { s.writes = 1 },
		"the rotation is not complete": func() { s.writes = 2 },
	} {
		version, err := r.Before(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		c.deploy(version)
		cut()
		if err := r.After(t.Context()); err == nil {
			t.Errorf("%s: no error", name)
		}
		c.open(t, name)
		c.refuses, c.stuck, s.writes = false, false, 0
		if keys := deploy("after: " + name); keys.Deployed != "k0" {
			t.Errorf("%s: CloudFormation may send k0, the keys are %s", name, s.value)
		}
	}
	c.rereads = true
	if keys := deploy("with a reread"); keys.Open("k0") || keys.Deployed != "" {
		t.Errorf("after a reread the keys are %s", s.value)
	}
}

func TestRotationFailures(t *testing.T) {
	if version, err := (Rotation{secrets: &store{err: secret.ErrNotFound}}).Before(t.Context()); err != nil || version != "first" {
		t.Errorf("a new stack: %q, %v", version, err)
	}
	for _, s := range []*store{{err: errors.New("denied")}, {value: "not JSON"}} {
		if _, err := (Rotation{secrets: s}).Before(t.Context()); err == nil {
			t.Errorf("before: no error of %+v", s)
		}
		if err := (Rotation{secrets: s}).After(t.Context()); err == nil {
			t.Errorf("after: no error of %+v", s)
		}
	}
	// Until the edge sends the current key, the previous one stays valid.
	s := &store{value: `{"previous":"k0","current":"k1"}`}
	if err := (Rotation{secrets: s, edge: mute{}}).After(t.Context()); err == nil || s.version != 0 {
		t.Errorf("an edge that cannot be asked: %v, the secret is %s", err, s.value)
	}
	// The distribution was changed by hand: visitors are refused until it sends the current key.
	c := &cloud{secret: s, sent: "k7"}
	r, _, warnings := newRotation(s, c)
	if err := r.After(t.Context()); err != nil || c.sent != "k1" || *warnings != 1 {
		t.Errorf("an edge that sends another key: %v, it sends %s after %d warnings", err, c.sent, *warnings)
	}
	c.open(t, "after another key")
}

// mute is an edge whose calls fail.
type mute struct{}

func (mute) Sends(context.Context) (string, error)  { return "", errors.New("denied") }
func (mute) Send(_ context.Context, _ string) error { return errors.New("denied") }
