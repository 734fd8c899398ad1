package key_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
)

func TestDraft(t *testing.T) {
	d := key.Draft{Name: "  Laptop ", Scopes: []key.Scope{key.KeysWrite, key.KeysRead, key.KeysWrite}, ExpiresAt: "2026-11-21T05:00:00.0009+01:00"}
	k, token, err := d.Key("me", "", now)
	if err != nil {
		t.Fatal(err)
	}
	id, secret, ok := key.Parse(token)
	if !ok || id != k.ID || !key.IsID(id) || !k.Admits(secret, now) {
		t.Errorf("%s does not open %+v", token, k)
	}
	if k.Name != "Laptop" || !slices.Equal(k.Scopes, []key.Scope{key.KeysRead, key.KeysWrite}) || !k.ExpiresAt.Equal(now.Add(time.Hour)) || !k.CreatedAt.Equal(now) {
		t.Errorf("got %+v", k)
	}
}

func TestDraftRefuses(t *testing.T) {
	good := key.Draft{Name: "CI", Scopes: []key.Scope{key.KeysRead}}
	for _, test := range []struct {
		change func(d *key.Draft)
		fields string
	}{
		{func(d *key.Draft) { *d = key.Draft{} }, "name scopes"},
		{func(d *key.Draft) { d.Name = " \t " }, "name"},
		{func(d *key.Draft) { d.Name = strings.Repeat("ä", key.MaxName+1) }, "name"},
		{func(d *key.Draft) { d.Name = "a\nb" }, "name"},
		{func(d *key.Draft) { d.Scopes = []key.Scope{key.KeysRead, "keys"} }, "scopes"},
		{func(d *key.Draft) { d.ExpiresAt = "2026-11-21T03:00:00Z" }, "expiresAt"},
		{func(d *key.Draft) { d.ExpiresAt = "tomorrow" }, "expiresAt"},
		{func(d *key.Draft) { d.Name, d.ExpiresAt = "", "tomorrow" }, "name expiresAt"},
	} {
		d := good
		test.change(&d)
		k, token, err := d.Key("me", "", now)
		refused, ok := errors.AsType[*fault.Error](err)
		if !ok || token != "" || k.ID != "" {
			t.Fatalf("%+v: %v", d, err)
		}
		var fields []string
		for _, field := range refused.Fields {
			fields = append(fields, field.Name)
		}
		if got := strings.Join(fields, " "); got != test.fields {
			t.Errorf("%+v: mistakes in %s, want %s", d, got, test.fields)
		}
	}
	if _, token, err := good.Key("*", "", now); err == nil || token != "" {
		t.Error("a key of everybody")
	}
}

// TestID: the same owner and Idempotency-Key always have the same ID, others have another one.
func TestID(t *testing.T) {
	id := key.ID("me", "k1")
	if !key.IsID(id) || len(id) != 12 || id != key.ID("me", "k1") {
		t.Errorf("%s, %s", id, key.ID("me", "k1"))
	}
	for _, other := range []string{key.ID("me", "k2"), key.ID("ann", "k1"), key.ID("m", "ek1"), key.ID("me", ""), key.ID("me", "")} {
		if other == id {
			t.Errorf("%s twice", id)
		}
	}
	if key.ID("me", "") == key.ID("me", "") {
		t.Error("a random ID twice")
	}
	for _, text := range []string{"", "count#me", "a_b", strings.Repeat("x", 300)} {
		if key.IsID(text) {
			t.Errorf("%q is an ID", text)
		}
	}
}

func TestSame(t *testing.T) {
	d := key.Draft{Name: "CI", Scopes: []key.Scope{key.KeysRead}, ExpiresAt: "2026-12-01T00:00:00Z"}
	k, _, err := d.Key("me", "k", now)
	if err != nil {
		t.Fatal(err)
	}
	again, _, _ := d.Key("me", "k", now.Add(time.Minute))
	again.UsedOn = "2026-11-21"
	if !k.Same(again) {
		t.Error("the same request makes another key")
	}
	for name, change := range map[string]func(k *key.Key){
		"owner":  func(k *key.Key) { k.Owner = "ann" },
		"name":   func(k *key.Key) { k.Name = "ci" },
		"scopes": func(k *key.Key) { k.Scopes = []key.Scope{key.KeysWrite} },
		"expiry": func(k *key.Key) { k.ExpiresAt = time.Time{} },
	} {
		other := k
		if change(&other); k.Same(other) {
			t.Errorf("another %s is the same", name)
		}
	}
}

func TestPermit(t *testing.T) {
	end := now.Add(time.Hour)
	for _, test := range []struct {
		name    string
		key     key.Key
		held    []key.Scope
		until   time.Time
		refused string
	}{
		{"the same", key.Key{Scopes: []key.Scope{key.KeysRead}, Version: 1}, []key.Scope{key.KeysWrite, key.KeysRead}, time.Time{}, ""},
		{"more", key.Key{Scopes: []key.Scope{key.KeysRead, key.KeysWrite}, Version: 1}, []key.Scope{key.KeysWrite}, time.Time{}, "keys:read"},
		{"an admin", key.Key{Scopes: []key.Scope{key.Admin}, Version: 1}, session(), time.Time{}, "admin"},
		{"by an admin", key.Key{Scopes: key.Scopes(), Version: 1}, []key.Scope{key.Admin}, time.Time{}, ""},
		{"without an end", key.Key{}, []key.Scope{key.Admin}, end, "2026-11-21T04:00:00Z"},
		{"for longer", key.Key{ExpiresAt: end.Add(time.Second)}, []key.Scope{key.Admin}, end, "valid for longer"},
		{"for as long", key.Key{ExpiresAt: end}, []key.Scope{key.Admin}, end, ""},
	} {
		err := test.key.Permit(test.held, test.until)
		if (err == nil) != (test.refused == "") || err != nil && (!fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), test.refused)) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// session are all scopes but admin.
func session() []key.Scope {
	return slices.DeleteFunc(key.Scopes(), func(scope key.Scope) bool { return scope == key.Admin })
}
