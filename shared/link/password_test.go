package link_test

import (
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/link"
)

func TestPassword(t *testing.T) {
	one, other := link.NewPassword("sésame"), link.NewPassword("sésame")
	if one == other || !strings.HasPrefix(string(one), "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("%s, %s", one, other)
	}
	for text, want := range map[string]bool{"sésame": true, "se\u0301same": true, "sesame": false, "sésame ": false, "Sésame": false, "": false} {
		if got := one.Matches(text); got != want {
			t.Errorf("%q matches: %t", text, got)
		}
	}
}

// The hash is a test vector of the reference implementation.
func TestPasswordOfOthers(t *testing.T) {
	p := link.Password("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")
	if !p.Matches("password") || p.Matches("Password") {
		t.Error("another implementation's hash is read wrongly")
	}
}

func TestPasswordUnreadable(t *testing.T) {
	good := string(link.NewPassword("x"))
	for _, bad := range []string{
		"", "x", "$argon2id", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1), strings.Replace(good, "t=2", "t=0", 1),
		strings.Replace(good, "p=1", "p=0", 1), strings.Replace(good, "m=", "k=", 1), good[:strings.LastIndex(good, "$")+1], good + "!", strings.Replace(good, "p=1$", "p=1$!", 1),
	} {
		if link.Password(bad).Matches("x") || link.Password(bad).Matches("") {
			t.Errorf("%q matches", bad)
		}
	}
}

func TestDraftDigest(t *testing.T) {
	digest := func(salt string, d link.Draft) string {
		got, err := d.Digest(salt)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	plain, secret := link.Draft{URL: "u"}, link.Draft{URL: "u", DraftOptions: link.DraftOptions{Password: "x"}}
	if one := digest("a", plain); one != digest("b", plain) || one == digest("a", link.Draft{URL: "v"}) {
		t.Error("digests of drafts without a password")
	}
	one := digest("a", secret)
	other := secret
	other.Password = "y"
	if one != digest("a", secret) || one == digest("b", secret) || one == digest("a", other) || one == digest("a", plain) {
		t.Error("digests of drafts with a password")
	}
}
