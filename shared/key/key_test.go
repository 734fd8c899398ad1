package key_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/key"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

func TestNew(t *testing.T) {
	k, token, err := key.New("me", []string{"links:read", "admin"}, now)
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
	if _, _, err := key.New("ann+x@mini.example", []string{"admin"}, now); err != nil {
		t.Error(err)
	}
	other, second, _ := key.New("me", []string{"admin"}, now)
	if other.ID == k.ID || second == token {
		t.Error("two keys are alike")
	}
}

func TestNewRefuses(t *testing.T) {
	for says, make := range map[string]func() (key.Key, string, error){
		"owner":         func() (key.Key, string, error) { return key.New("", []string{"admin"}, now) },
		"owner \"*\"":   func() (key.Key, string, error) { return key.New("*", []string{"reports:read"}, now) }, // owns the report of everybody
		"owner \"a b\"": func() (key.Key, string, error) { return key.New("a b", []string{"admin"}, now) },
		"owner \"xxx":   func() (key.Key, string, error) { return key.New(strings.Repeat("x", 65), []string{"admin"}, now) },
		"scope":         func() (key.Key, string, error) { return key.New("me", nil, now) },
		"root":          func() (key.Key, string, error) { return key.New("me", []string{"root"}, now) },
	} {
		if _, token, err := make(); err == nil || token != "" || !strings.Contains(err.Error(), says) {
			t.Errorf("got %q, %v; want an error about %s", token, err, says)
		}
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
	k, token, _ := key.New("me", []string{"admin"}, now)
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
