// Package key holds the rules of API keys: their form, their scopes, and how
// one is checked without its secret being kept. It is pure.
package key

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
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
	Name      string // for people; keys made before keys had names have none
	Scopes    []Scope
	Digest    []byte   // SHA-256 of the secret
	Former    []Former // secrets from before a rotation
	CreatedBy string   // "key:" and the ID of an API key, or the owner name of a person; "": an operator
	CreatedAt time.Time
	ExpiresAt time.Time // zero: never
	UsedOn    string    // the last day (UTC) of use, such as 2026-11-20; "": never
	Disabled  bool
	Version   int // of the meaning of Scopes
}

// Former is a secret that a rotation has replaced.
type Former struct {
	Digest []byte
	Until  time.Time // it works before this time
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
	KeysRead     Scope = "keys:read"
	KeysWrite    Scope = "keys:write"
	Admin        Scope = "admin"
)

// Scopes returns all scopes in order.
func Scopes() []Scope {
	return []Scope{LinksRead, LinksWrite, ImagesRead, ImagesWrite, ReportsRead, ReportsWrite, KeysRead, KeysWrite, Admin}
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
	k = Key{ID: newID(), Owner: owner, Scopes: scopes, CreatedAt: now.UTC().Truncate(time.Millisecond), Version: version}
	return k, k.renew(), nil
}

func newID() string { return strings.ToLower(rand.Text()[:idSymbols]) }

// ID is the ID of the key that an owner creates with an Idempotency-Key, so that a repeated request finds it. It is
// random without one.
func ID(owner, idempotencyKey string) string {
	if idempotencyKey == "" {
		return newID()
	}
	sum := sha256.Sum256([]byte(owner + "\x00" + idempotencyKey))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:idSymbols])
}

// IsID reports whether text may be the ID of a key.
func IsID(text string) bool { return len(text) < maxToken && consists(text, "") }

// renew gives the key a new secret, and returns its token.
func (k *Key) renew() (token string) {
	secret := rand.Text()
	k.Digest = digest(secret)
	return prefix + k.ID + "_" + secret
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
	given := digest(secret)
	right := subtle.ConstantTimeCompare(given, k.Digest)
	for _, former := range k.active(now) {
		right |= subtle.ConstantTimeCompare(given, former.Digest)
	}
	return right == 1 && k.Active(now)
}

// Active reports whether the key is neither disabled nor expired.
func (k Key) Active(now time.Time) bool {
	return !k.Disabled && (k.ExpiresAt.IsZero() || now.Before(k.ExpiresAt))
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
