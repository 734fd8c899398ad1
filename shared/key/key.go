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
	Scopes    []Scope
	Digest    []byte // SHA-256 of the secret
	CreatedAt time.Time
	ExpiresAt time.Time // zero: never
	Disabled  bool
	Version   int // of the meaning of Scopes
}

// Scope is a permission of a key. A read scope permits no change and starts no work.
type Scope string

// The scopes. Admin includes all others, for the things of every owner.
const (
	LinksRead    Scope = "links:read"
	LinksWrite   Scope = "links:write"
	ImagesRead   Scope = "images:read"
	ImagesWrite  Scope = "images:write"
	ReportsRead  Scope = "reports:read"
	ReportsWrite Scope = "reports:write"
	Admin        Scope = "admin"
)

// Scopes returns all scopes in order.
func Scopes() []Scope {
	return []Scope{LinksRead, LinksWrite, ImagesRead, ImagesWrite, ReportsRead, ReportsWrite, Admin}
}

// ParseScopes reads scopes separated by commas. It refuses an unknown scope.
func ParseScopes(list string) ([]Scope, error) {
	var scopes []Scope
	for name := range strings.SplitSeq(list, ",") {
		scope := Scope(strings.TrimSpace(name))
		if !slices.Contains(Scopes(), scope) {
			return nil, fmt.Errorf("unknown scope %q; use some of %s", scope, JoinScopes(Scopes(), ", "))
		}
		scopes = append(scopes, scope)
	}
	return scopes, nil
}

// JoinScopes returns the scopes as text.
func JoinScopes(scopes []Scope, separator string) string {
	names := make([]string, len(scopes))
	for i, scope := range scopes {
		names[i] = string(scope)
	}
	return strings.Join(names, separator)
}

// version is that of new keys. Keys of version 0 were made when ReportsRead was
// enough to start a report.
const version = 1

// Grants returns what the key permits: its scopes and, for an old key, those that
// were split from them later.
func (k Key) Grants() []Scope {
	if k.Version == 0 && slices.Contains(k.Scopes, ReportsRead) && !slices.Contains(k.Scopes, ReportsWrite) {
		return append(slices.Clone(k.Scopes), ReportsWrite)
	}
	return k.Scopes
}

// New makes a key and the token that its owner uses, `mk_<id>_<secret>`. The
// token exists nowhere else. An owner is a name of 1 to 64 ASCII letters, digits
// and `.@+_-`, so that it fits into keys of tables, and is never the "*" that
// reports of the whole stage belong to.
func New(owner string, scopes []Scope, now time.Time) (k Key, token string, err error) {
	if len(owner) > maxOwner || !consists(owner, ".@+_-") {
		return Key{}, "", fmt.Errorf("a key needs an owner of 1 to %d letters, digits and .@+_-, not owner %q", maxOwner, owner)
	}
	if len(scopes) == 0 {
		return Key{}, "", fmt.Errorf("a key needs a scope")
	}
	id, secret := strings.ToLower(rand.Text()[:idSymbols]), rand.Text()
	k = Key{ID: id, Owner: owner, Scopes: scopes, Digest: digest(secret), CreatedAt: now.UTC().Truncate(time.Millisecond), Version: version}
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

// Admits reports whether the secret is valid for the key at a moment. The comparison
// takes the same time for wrong and right secrets.
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
