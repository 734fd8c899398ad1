// Package space holds the rules of spaces: what each role permits, and how people join. A space
// owns links, images, reports and API keys in the place of a person. It is pure.
package space

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
)

// Header names the space that a request is about, by its ID. Without it, people use their personal space.
const Header = "Minim-Space"

// The limits.
const (
	MaxSpaces      = 20 // that one person is a member of, without the personal one
	MaxMembers     = 50 // of a space
	MaxInvitations = 50 // of a space that are pending
	MaxMails       = 50 // invitations by one person on a day (UTC)
	MaxName        = 60 // characters
)

const (
	prefix    = "sp_"
	idSymbols = 16
)

// Role is what a member may do in a space.
type Role string

// The roles, each with all permissions of the one before.
const (
	Viewer Role = "viewer"
	Editor Role = "editor"
	Admin  Role = "admin"
)

// Roles returns all roles in order.
func Roles() []Role { return []Role{Viewer, Editor, Admin} }

// Scopes returns the scopes of a role: viewers read, editors also write, and admins also manage API keys. The scope of
// the stage's admins is in none.
func (r Role) Scopes() []key.Scope {
	var scopes []key.Scope
	for _, scope := range key.Scopes() {
		if r.permits(scope) {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}

func (r Role) permits(scope key.Scope) bool {
	switch {
	case scope == key.Admin || !slices.Contains(Roles(), r):
		return false
	case scope == key.KeysRead || scope == key.KeysWrite:
		return r == Admin
	case strings.HasSuffix(string(scope), ":read"):
		return true
	}
	return r != Viewer
}

// CheckRole returns an Invalid fault unless the role exists.
func CheckRole(r Role) error {
	if slices.Contains(Roles(), r) {
		return nil
	}
	return fault.Fields(fault.Field{Name: "role", Message: "It must be viewer, editor or admin."})
}

// Space is a space without its members.
type Space struct {
	ID, Name  string
	CreatedAt time.Time
}

// Member is a person in a space.
type Member struct {
	Person   string // see session.Person.Owner
	Email    string // verified when they joined; may be empty
	Role     Role
	JoinedAt time.Time
}

// Membership is a space of a person.
type Membership struct {
	Space
	Role Role
}

// Draft is what people choose of a space.
type Draft struct {
	Name string `json:"name"`
}

// Check returns the name without surrounding blanks, or an Invalid fault.
func (d Draft) Check() (name string, err error) {
	name = strings.TrimSpace(d.Name)
	mistake := ""
	switch length := utf8.RuneCountInString(name); {
	case name == "":
		mistake = "It must not be empty."
	case length > MaxName:
		mistake = fmt.Sprintf("It has %d characters; at most %d are allowed.", length, MaxName)
	case strings.ContainsFunc(name, func(c rune) bool { return unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) }):
		mistake = "It must not contain control characters."
	case strings.Contains(name, "://"): // it is in mails, of which some programs turn addresses into links
		mistake = "It must not contain an address."
	default:
		return name, nil
	}
	return "", fault.Fields(fault.Field{Name: "name", Message: mistake})
}

// Space returns a new space, or an Invalid fault.
func (d Draft) Space(now time.Time) (Space, error) {
	name, err := d.Check()
	if err != nil {
		return Space{}, err
	}
	return Space{ID: prefix + strings.ToLower(rand.Text()[:idSymbols]), Name: name, CreatedAt: trim(now)}, nil
}

// IsID reports whether text may be the ID of a space, as opposed to a person's or another owner of API keys.
func IsID(text string) bool {
	rest, ok := strings.CutPrefix(text, prefix)
	return ok && len(rest) == idSymbols && strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

func trim(at time.Time) time.Time { return at.UTC().Truncate(time.Millisecond) }
