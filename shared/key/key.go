// Package key holds the rules of API keys: their form, their scopes, and how
// one is checked without its secret being kept. It is pure.
package key

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	prefix    = "mk_"
	maxToken  = 256
	maxOwner  = 64
	idSymbols = 12
)

// Key is an API key as it is stored: all but the secret.
type Key struct {
	ID        string
	Owner     string
	Scopes    []string
	Digest    []byte // SHA-256 of the secret
	CreatedAt time.Time
	ExpiresAt time.Time // zero: never
	Disabled  bool
}

// Scopes returns every scope there is, in order.
func Scopes() []string {
	return []string{"links:read", "links:write", "images:read", "images:write", "reports:read", "admin"}
}

// New makes a key and the token that its owner uses, `mk_<id>_<secret>`. The
// token exists nowhere else. An owner is a name of 1 to 64 ASCII letters, digits
// and `.@+_-`, so that it fits into keys of tables, and is never the "*" that
// reports of the whole stage belong to.
func New(owner string, scopes []string, now time.Time) (k Key, token string, err error) {
	if len(owner) > maxOwner || !consists(owner, ".@+_-") {
		return Key{}, "", fmt.Errorf("a key needs an owner of 1 to %d letters, digits and .@+_-, not owner %q", maxOwner, owner)
	}
	if len(scopes) == 0 {
		return Key{}, "", fmt.Errorf("a key needs a scope")
	}
	for _, scope := range scopes {
		if !slices.Contains(Scopes(), scope) {
			return Key{}, "", fmt.Errorf("there is no scope %q; there are %s", scope, strings.Join(Scopes(), ", "))
		}
	}
	id, secret := strings.ToLower(rand.Text()[:idSymbols]), rand.Text()
	k = Key{ID: id, Owner: owner, Scopes: scopes, Digest: digest(secret), CreatedAt: now.UTC().Truncate(time.Millisecond)}
	return k, prefix + id + "_" + secret, nil
}

// Parse splits a token into its id and secret; ok is false for anything that
// was never a token.
func Parse(token string) (id, secret string, ok bool) {
	rest, ok := strings.CutPrefix(token, prefix)
	if !ok || len(token) > maxToken {
		return "", "", false
	}
	id, secret, _ = strings.Cut(rest, "_")
	if !consists(id, "") || !consists(secret, "") {
		return "", "", false
	}
	return id, secret, true
}

// Admits reports whether the secret opens the key at a moment. It takes as
// long for a wrong secret as for the right one.
func (k Key) Admits(secret string, now time.Time) bool {
	right := subtle.ConstantTimeCompare(digest(secret), k.Digest) == 1
	return right && !k.Disabled && (k.ExpiresAt.IsZero() || now.Before(k.ExpiresAt))
}

func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// consists reports whether text is one or more ASCII letters, digits and symbols of more.
func consists(text, more string) bool {
	for _, r := range text {
		if !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(more, r)) {
			return false
		}
	}
	return text != ""
}
