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
