package space_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/space"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// TestScopes: viewers read and editors write everything but keys, which admins manage. No role has the scope of stage admins.
func TestScopes(t *testing.T) {
	for _, scope := range key.Scopes() {
		ofKeys, read := strings.HasPrefix(string(scope), "keys:"), strings.HasSuffix(string(scope), ":read")
		for role, want := range map[space.Role]bool{
			space.Viewer: read && !ofKeys, space.Editor: scope != key.Admin && !ofKeys, space.Admin: scope != key.Admin, "owner": false, "": false,
		} {
			if slices.Contains(role.Scopes(), scope) != want {
				t.Errorf("%s has %v", role, role.Scopes())
			}
		}
	}
	if got := key.JoinScopes(space.Admin.Scopes(), " "); !strings.Contains(got, "keys:read keys:write") || strings.Contains(got, "admin") {
		t.Errorf("admins have %s", got)
	}
}

func TestCheckRole(t *testing.T) {
	for _, role := range space.Roles() {
		if err := space.CheckRole(role); err != nil {
			t.Errorf("%s: %v", role, err)
		}
	}
	for _, role := range []space.Role{"", "Admin", "owner"} {
		if err := space.CheckRole(role); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", role, err)
		}
	}
}

func TestSpace(t *testing.T) {
	made, err := space.Draft{Name: "  Shop of Ada "}.Space(now.Add(time.Microsecond))
	if err != nil || made.Name != "Shop of Ada" || !space.IsID(made.ID) || !made.CreatedAt.Equal(now) {
		t.Errorf("got %+v, %v", made, err)
	}
	if other, _ := (space.Draft{Name: "Shop of Ada"}).Space(now); other.ID == made.ID {
		t.Errorf("%s twice", made.ID)
	}
	if _, _, err := key.New(made.ID, []key.Scope{key.KeysRead}, now); err != nil {
		t.Errorf("a space cannot own keys: %v", err)
	}
	for _, name := range []string{"", " \t", strings.Repeat("ä", space.MaxName+1), "a\nb", "a\u202eb", "Win at https://evil.example"} {
		if made, err := (space.Draft{Name: name}).Space(now); !fault.Is(err, fault.Invalid) || made.ID != "" {
			t.Errorf("%q: %+v, %v", name, made, err)
		}
	}
	if _, err := (space.Draft{Name: strings.Repeat("ä", space.MaxName)}).Check(); err != nil {
		t.Error(err)
	}
	for _, text := range []string{"", "sp_", "u-abcdefghijklmnop", "sp_abcdefghijklmno", "sp_abcdefghijklmnopq", "sp_ABCDEFGHIJKLMNOP", "sp_abcdefghijklmn#p"} {
		if space.IsID(text) {
			t.Errorf("%q is an ID", text)
		}
	}
}

func TestInvitation(t *testing.T) {
	shop, _ := space.Draft{Name: "Shop"}.Space(now)
	made, token, err := space.Invite{Email: " bob@example.com ", Role: space.Viewer}.Invitation(shop.ID, "u-ada", now)
	if err != nil {
		t.Fatal(err)
	}
	id, secret := token[:len(shop.ID)], token[len(shop.ID)+1:]
	if id != shop.ID || made.Email != "bob@example.com" || made.Space != shop.ID || made.By != "u-ada" || made.Role != space.Viewer || strings.Contains(made.ID, secret) {
		t.Errorf("token %s of %+v", token, made)
	}
	if !made.Pending(now.Add(7*24*time.Hour-1)) || made.Pending(now.Add(7*24*time.Hour)) {
		t.Errorf("it can be accepted until %s", made.ExpiresAt)
	}
	if of, id, ok := space.ParseToken(token); !ok || of != shop.ID || id != made.ID {
		t.Errorf("%s is read as %s, %s, %t", token, of, id, ok)
	}
	for _, text := range []string{"", "_", shop.ID, shop.ID + "_", token + "A", token[1:], "u-ada_" + secret, shop.ID + "_" + strings.ToLower(secret)} {
		if _, _, ok := space.ParseToken(text); ok {
			t.Errorf("%q is a token", text)
		}
	}
	subject, text := made.Mail(shop, "https://mini.example/app/invitation#"+token)
	if !strings.Contains(subject, "Shop") || !strings.Contains(text, "#"+token+"\n") || !strings.Contains(text, "viewer") || !strings.Contains(text, "2026-11-28 03:00 (UTC)") {
		t.Errorf("%s: %s", subject, text)
	}
}

func TestInvitationRefuses(t *testing.T) {
	for _, test := range []struct {
		invite space.Invite
		fields string
	}{
		{space.Invite{}, "email role"},
		{space.Invite{Email: "bob", Role: space.Viewer}, "email"},
		{space.Invite{Email: "Bob <bob@example.com>", Role: space.Viewer}, "email"},
		{space.Invite{Email: "bob@example.com, eve@example.com", Role: space.Viewer}, "email"},
		{space.Invite{Email: "bob@example.com\r\nBcc: eve@example.com", Role: space.Viewer}, "email"},
		{space.Invite{Email: strings.Repeat("b", 250) + "@example.com", Role: space.Viewer}, "email"},
		{space.Invite{Email: "bob@example.com", Role: "owner"}, "role"},
	} {
		made, token, err := test.invite.Invitation("sp_abcdefghijklmnop", "u-ada", now)
		refused, ok := errors.AsType[*fault.Error](err)
		if !ok || token != "" || made.ID != "" {
			t.Fatalf("%+v: %v", test.invite, err)
		}
		var fields []string
		for _, field := range refused.Fields {
			fields = append(fields, field.Name)
		}
		if got := strings.Join(fields, " "); got != test.fields {
			t.Errorf("%+v: mistakes in %s, want %s", test.invite, got, test.fields)
		}
	}
}
