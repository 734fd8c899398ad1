package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
)

// store is a keys table in memory which can be made to fail.
type store struct {
	keys map[string]key.Key
	err  error
}

func (s *store) Get(_ context.Context, id string) (key.Key, error) {
	k, ok := s.keys[id]
	if !ok && s.err == nil {
		return k, fault.New(fault.NotFound, "There is no such API key.")
	}
	return k, s.err
}

func (s *store) Create(_ context.Context, k key.Key) error {
	if s.err == nil {
		s.keys[k.ID] = k
	}
	return s.err
}

func newMinter() (minter, *store) {
	s := &store{keys: map[string]key.Key{}}
	return minter{keys: s, now: time.Now, output: io.Discard}, s
}

func draft(scopes ...key.Scope) key.Draft { return key.Draft{Name: "CI", Scopes: scopes} }

func TestOutput(t *testing.T) {
	m, s := newMinter()
	var output strings.Builder
	m.output = &output
	if err := m.tell(t.Context(), "me", draft(key.LinksRead), ""); err != nil {
		t.Fatal(err)
	}
	id, secret, _ := key.Parse(strings.TrimSuffix(output.String(), "\n"))
	if k := s.keys[id]; !k.Admits(secret, time.Now()) || k.Owner != "me" || k.Name != "CI" {
		t.Errorf("%q does not open %+v", output.String(), k)
	}
}

func TestFile(t *testing.T) {
	scopes := []key.Scope{key.KeysRead, key.KeysWrite}
	tests := []struct {
		name   string
		change func(s *store, path string) // after the first run
		owner  string
		scopes []key.Scope
		kept   bool
		fails  bool
	}{
		{name: "still good", change: func(*store, string) {}, owner: "me", scopes: scopes, kept: true},
		{name: "still good, in another order", change: func(*store, string) {}, owner: "me", scopes: []key.Scope{scopes[1], scopes[0]}, kept: true},
		{name: "no scopes", change: func(*store, string) {}, owner: "me", kept: true, fails: true},
		{name: "still good, readable by all", change: func(_ *store, path string) { os.Chmod(path, 0o644) }, owner: "me", scopes: scopes, kept: true},
		{name: "another owner", change: func(*store, string) {}, owner: "you", scopes: scopes},
		{name: "other scopes", change: func(*store, string) {}, owner: "me", scopes: scopes[:1]},
		{name: "unknown to the table", change: func(s *store, _ string) { clear(s.keys) }, owner: "me", scopes: scopes},
		{name: "disabled", change: disable, owner: "me", scopes: scopes},
		{name: "file removed", change: func(_ *store, path string) { os.Remove(path) }, owner: "me", scopes: scopes},
		{name: "file of another kind", change: func(_ *store, path string) { os.WriteFile(path, []byte("diary"), 0o600) }, owner: "me", scopes: scopes, fails: true},
		{name: "table down", change: func(s *store, _ string) { s.err = errors.New("down") }, owner: "me", scopes: scopes, kept: true, fails: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, s := newMinter()
			path := filepath.Join(t.TempDir(), "api-key")
			if err := m.tell(t.Context(), "me", draft(scopes...), path); err != nil {
				t.Fatal(err)
			}
			first := read(t, path)
			test.change(s, path)
			if err := m.tell(t.Context(), test.owner, draft(test.scopes...), path); (err != nil) != test.fails {
				t.Fatalf("got %v", err)
			}
			second := read(t, path)
			if (second == first) != test.kept {
				t.Errorf("first %q, then %q", first, second)
			}
			if id, secret, _ := key.Parse(strings.TrimSpace(second)); !test.fails && !s.keys[id].Admits(secret, time.Now()) {
				t.Errorf("%q opens nothing", second)
			}
		})
	}
}

func disable(s *store, _ string) {
	for id, k := range s.keys {
		k.Disabled = true
		s.keys[id] = k
	}
}

// read returns the file, which must be its owner's alone, in a folder without
// leftovers.
func read(t *testing.T, path string) string {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode(); mode != 0o600 {
		t.Errorf("mode %s", mode)
	}
	entries, _ := os.ReadDir(filepath.Dir(path))
	if len(entries) != 1 {
		t.Errorf("%d files", len(entries))
	}
	return string(text)
}

func TestNoKeyWithoutAPlace(t *testing.T) {
	m, s := newMinter()
	if err := m.tell(t.Context(), "me", draft(key.Admin), filepath.Join(t.TempDir(), "missing", "api-key")); err == nil {
		t.Error("no error")
	}
	if len(s.keys) != 0 {
		t.Error("a key was created whose token was not stored")
	}
}
