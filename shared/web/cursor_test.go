package web_test

import (
	"encoding/base64"
	"testing"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/web"
)

func TestCursors(t *testing.T) {
	cursors := web.NewCursors("a key of this stage")
	cursor := cursors.Seal("images me", "2026-11-21T03:00:00.000Z x")
	if got, err := cursors.Open("images me", cursor); err != nil || got != "2026-11-21T03:00:00.000Z x" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := cursors.Open("images me", cursors.Seal("images me", "")); err != nil || got != "" {
		t.Errorf("ends of the list: %q, %v", got, err)
	}
	sealed, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		t.Fatal(err)
	}
	for i := range sealed {
		altered := append([]byte{}, sealed...)
		altered[i] ^= 1
		if _, err := cursors.Open("images me", base64.RawURLEncoding.EncodeToString(altered)); !fault.Is(err, fault.Invalid) {
			t.Errorf("altered byte %d: %v", i, err)
		}
	}
	for name, open := range map[string]func() (string, error){
		"another list": func() (string, error) { return cursors.Open("images you", cursor) },
		"list and position meet elsewhere": func() (string, error) {
			return cursors.Open("images m", base64.RawURLEncoding.EncodeToString([]byte(string(sealed[:16])+"e"+string(sealed[16:]))))
		},
		"another key": func() (string, error) { return web.NewCursors("other").Open("images me", cursor) },
		"no base64":   func() (string, error) { return cursors.Open("images me", "%%%") },
		"too short":   func() (string, error) { return cursors.Open("images me", "AAAA") },
		"not a seal":  func() (string, error) { return cursors.Open("images me", "2026-11-21T03:00:00.000Z-and-so-on") },
	} {
		if position, err := open(); !fault.Is(err, fault.Invalid) || position != "" {
			t.Errorf("%s: %q, %v", name, position, err)
		}
	}
}

// FuzzCursor: no text opens a list at a position that was not sealed for it.
func FuzzCursor(f *testing.F) {
	cursors := web.NewCursors("a key of this stage")
	f.Add("images me", cursors.Seal("images me", "x"))
	f.Add("images m", cursors.Seal("images me", "x"))
	f.Add("", "AAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, list, cursor string) {
		position, err := cursors.Open(list, cursor)
		switch {
		case err != nil && (!fault.Is(err, fault.Invalid) || position != ""):
			t.Errorf("%q of %q: %q, %v", cursor, list, position, err)
		case err == nil && cursor != "":
			// Base64 may have bits that mean nothing at its end.
			if again, err := cursors.Open(list, cursors.Seal(list, position)); err != nil || again != position || position == "" {
				t.Errorf("%q of %q: %q, then %q, %v", cursor, list, position, again, err)
			}
			sealed, err := base64.RawURLEncoding.DecodeString(cursor)
			genuine, _ := base64.RawURLEncoding.DecodeString(cursors.Seal(list, position))
			if err != nil || string(sealed) != string(genuine) {
				t.Errorf("%q of %q was not sealed: %v", cursor, list, err)
			}
		}
	})
}
