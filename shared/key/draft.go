package key

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/minim-dev/minim/shared/dates"
	"github.com/minim-dev/minim/shared/fault"
)

const (
	// MaxKeys is how many keys an owner may have, expired ones included.
	MaxKeys = 50
	// MaxName is how many characters a key's name may have.
	MaxName = 100
)

// Draft is a key as somebody asks for it. Absent fields are zero.
type Draft struct {
	Name      string  `json:"name"`
	Scopes    []Scope `json:"scopes"`
	ExpiresAt string  `json:"expiresAt" web:"filled"` // RFC 3339
}

// Key returns the owner's new key and its token (see New), or an Invalid fault that lists every mistake. For the
// Idempotency-Key, see ID.
func (d Draft) Key(owner, idempotencyKey string, now time.Time) (k Key, token string, err error) {
	var mistakes []fault.Field
	check := func(field, mistake string) {
		if mistake != "" {
			mistakes = append(mistakes, fault.Field{Name: field, Message: mistake})
		}
	}
	name := strings.TrimSpace(d.Name)
	check("name", checkName(name))
	scopes, mistake := sorted(d.Scopes)
	check("scopes", mistake)
	expires, mistake := parseExpiry(d.ExpiresAt, now)
	check("expiresAt", mistake)
	if err := fault.Fields(mistakes...); err != nil {
		return Key{}, "", err
	}
	if k, _, err = New(owner, scopes, now); err != nil {
		return Key{}, "", err
	}
	k.ID, k.Name, k.ExpiresAt = ID(owner, idempotencyKey), name, expires
	return k, k.renew(), nil
}

// Same reports whether another key was asked for in the same words.
func (k Key) Same(other Key) bool {
	return k.Owner == other.Owner && k.Name == other.Name && slices.Equal(k.Scopes, other.Scopes) && k.ExpiresAt.Equal(other.ExpiresAt)
}

// Permit returns a Denied fault unless somebody with the scopes held may get the token of the key: nobody may have
// more permissions by it than they have themselves, or for a longer time than the API key until that they use, if
// that time is not zero.
func (k Key) Permit(held []Scope, until time.Time) error {
	if !slices.Contains(held, Admin) {
		for _, scope := range k.Grants() {
			if !slices.Contains(held, scope) {
				return fault.New(fault.Denied, "The key would have the scope "+string(scope)+", which you lack.")
			}
		}
	}
	if !until.IsZero() && (k.ExpiresAt.IsZero() || k.ExpiresAt.After(until)) {
		return fault.New(fault.Denied, "The key would be valid for longer than yours, which expires at "+until.UTC().Format(time.RFC3339)+".")
	}
	return nil
}

func checkName(name string) string {
	switch length := utf8.RuneCountInString(name); {
	case name == "":
		return "It must not be empty."
	case length > MaxName:
		return fmt.Sprintf("It has %d characters; at most %d are allowed.", length, MaxName)
	case strings.ContainsFunc(name, unicode.IsControl):
		return "It must not contain control characters."
	}
	return ""
}

// sorted returns the scopes in the order of Scopes, each once.
func sorted(scopes []Scope) (all []Scope, mistake string) {
	for _, scope := range scopes {
		if !slices.Contains(Scopes(), scope) {
			return nil, "The scopes are " + JoinScopes(Scopes(), ", ") + "."
		}
	}
	for _, scope := range Scopes() {
		if slices.Contains(scopes, scope) {
			all = append(all, scope)
		}
	}
	if len(all) == 0 {
		return nil, "At least one is needed."
	}
	return all, ""
}

func parseExpiry(text string, now time.Time) (time.Time, string) {
	if text == "" {
		return time.Time{}, ""
	}
	at, mistake := dates.Time(text)
	at = at.Truncate(time.Millisecond)
	if mistake == "" && !at.After(now) {
		mistake = "It must be in the future."
	}
	return at, mistake
}
