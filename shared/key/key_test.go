package key_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/key"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

func TestNew(t *testing.T) {
	k, token, err := key.New("me", []key.Scope{key.LinksRead, key.Admin}, now)
	if err != nil {
		t.Fatal(err)
	}
	id, secret, ok := key.Parse(token)
	if !ok || id != k.ID || !k.Admits(secret, now) {
		t.Fatalf("%s does not open %+v", token, k)
	}
	if len(secret) < 26 || bytes.Contains(k.Digest, []byte(secret)) {
		t.Errorf("secret of %d symbols, digest %q", len(secret), k.Digest)
	}
	if _, _, err := key.New("ann+x@mini.example", []key.Scope{key.Admin}, now); err != nil {
		t.Error(err)
	}
	other, second, _ := key.New("me", []key.Scope{key.Admin}, now)
	if other.ID == k.ID || second == token {
		t.Error("two keys are alike")
	}
}

func TestNewRefuses(t *testing.T) {
	for says, make := range map[string]func() (key.Key, string, error){
		"owner":         func() (key.Key, string, error) { return key.New("", []key.Scope{key.Admin}, now) },
		"owner \"*\"":   func() (key.Key, string, error) { return key.New("*", []key.Scope{key.ReportsRead}, now) }, // owns the report of everybody
		"owner \"a b\"": func() (key.Key, string, error) { return key.New("a b", []key.Scope{key.Admin}, now) },
		"owner \"xxx":   func() (key.Key, string, error) { return key.New(strings.Repeat("x", 65), []key.Scope{key.Admin}, now) },
		"scope":         func() (key.Key, string, error) { return key.New("me", nil, now) },
	} {
		if _, token, err := make(); err == nil || token != "" || !strings.Contains(err.Error(), says) {
			t.Errorf("got %q, %v; want an error about %s", token, err, says)
		}
	}
}

func TestParseScopes(t *testing.T) {
	for _, scope := range key.Scopes() {
		if got, err := key.ParseScopes(string(scope)); err != nil || !slices.Equal(got, []key.Scope{scope}) {
			t.Errorf("%s: %v, %v", scope, got, err)
		}
	}
	all := key.JoinScopes(key.Scopes(), ", ")
	if got, err := key.ParseScopes(all); err != nil || !slices.Equal(got, key.Scopes()) {
		t.Errorf("%q: %v, %v", all, got, err)
	}
	for _, wrong := range []string{"", "root", "links", "links:read,", "Links:Read", "links:read links:write", "*"} {
		if got, err := key.ParseScopes(wrong); err == nil || got != nil || !strings.Contains(err.Error(), "reports:write") {
			t.Errorf("%q: %v, %v; want an error that lists the scopes", wrong, got, err)
		}
	}
}

// TestGrants checks that keys made before reports:write existed go on starting reports.
func TestGrants(t *testing.T) {
	tests := []struct {
		version      int
		scopes, want []key.Scope
	}{
		{0, []key.Scope{key.LinksRead, key.ReportsRead}, []key.Scope{key.LinksRead, key.ReportsRead, key.ReportsWrite}},
		{0, []key.Scope{key.LinksRead}, []key.Scope{key.LinksRead}},
		{0, []key.Scope{key.Admin}, []key.Scope{key.Admin}},
		{1, []key.Scope{key.ReportsRead}, []key.Scope{key.ReportsRead}},
	}
	for _, test := range tests {
		if got := (key.Key{Version: test.version, Scopes: test.scopes}).Grants(); !slices.Equal(got, test.want) {
			t.Errorf("version %d, %v: %v, want %v", test.version, test.scopes, got, test.want)
		}
	}
	k, _, err := key.New("me", []key.Scope{key.ReportsRead}, now)
	if err != nil || !slices.Equal(k.Grants(), k.Scopes) {
		t.Errorf("a new key grants %v: %v", k.Grants(), err)
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		token, id, secret string
		ok                bool
	}{
		{"mk_abc_DEF1", "abc", "DEF1", true},
		{"", "", "", false},
		{"mk_", "", "", false},
		{"mk_abc", "", "", false},
		{"mk_abc_", "", "", false},
		{"mk__DEF", "", "", false},
		{"mk_abc_D_F", "", "", false},
		{"mk_a#c_DEF", "", "", false},
		{"mk_abc_DE F", "", "", false},
		{"mk_abc_DÄF", "", "", false},
		{"MK_abc_DEF", "", "", false},
		{"sk_abc_DEF", "", "", false},
		{"mk_abc_" + strings.Repeat("x", 250), "", "", false},
	}
	for _, test := range tests {
		if id, secret, ok := key.Parse(test.token); id != test.id || secret != test.secret || ok != test.ok {
			t.Errorf("Parse(%q) = %q, %q, %t", test.token, id, secret, ok)
		}
	}
}

func TestAdmits(t *testing.T) {
	k, token, _ := key.New("me", []key.Scope{key.Admin}, now)
	_, secret, _ := key.Parse(token)
	disabled, expired, empty := k, k, k
	disabled.Disabled = true
	expired.ExpiresAt = now
	empty.Digest = nil
	tests := []struct {
		name   string
		key    key.Key
		secret string
		want   bool
	}{
		{"right", k, secret, true},
		{"wrong", k, secret + "x", false},
		{"none", k, "", false},
		{"in another case", k, strings.ToLower(secret), false},
		{"disabled", disabled, secret, false},
		{"expired", expired, secret, false},
		{"without digest", empty, secret, false},
		{"zero key", key.Key{}, "", false},
	}
	for _, test := range tests {
		if got := test.key.Admits(test.secret, now); got != test.want {
			t.Errorf("%s: %t", test.name, got)
		}
	}
	expired.ExpiresAt = now.Add(time.Nanosecond)
	if !expired.Admits(secret, now) {
		t.Error("refused before it expires")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("mk_abc_DEF")
	f.Add("mk__")
	f.Fuzz(func(t *testing.T, token string) {
		if id, secret, ok := key.Parse(token); ok && "mk_"+id+"_"+secret != token {
			t.Errorf("%q became %q and %q", token, id, secret)
		}
	})
}
