package space

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/minim-dev/minim/shared/fault"
)

const (
	// InvitationTime is how long an invitation can be accepted.
	InvitationTime = 7 * 24 * time.Hour

	maxEmail     = 254 // bytes (RFC 5321)
	secretLength = 26  // of rand.Text: 130 bits
)

// Invitation is an invitation as it is stored: all but its token.
type Invitation struct {
	ID        string // SHA-256 of the secret
	Space     string
	Email     string // where it was sent
	Role      Role
	By        string // the person who sent it
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Invite is an invitation as somebody asks for it.
type Invite struct {
	Email string `json:"email"`
	Role  Role   `json:"role"`
}

// Invitation returns the invitation to a space and its token, which exists nowhere else, or an Invalid fault that
// lists every mistake.
func (i Invite) Invitation(space, by string, now time.Time) (made Invitation, token string, err error) {
	var mistakes []fault.Field
	email := strings.TrimSpace(i.Email)
	if parsed, err := mail.ParseAddress(email); err != nil || parsed.Address != email || len(email) > maxEmail {
		mistakes = append(mistakes, fault.Field{Name: "email", Message: "It must be an email address, such as ada@example.com."})
	}
	if err := CheckRole(i.Role); err != nil {
		mistakes = append(mistakes, fault.Of(err).Fields...)
	}
	if err := fault.Fields(mistakes...); err != nil {
		return Invitation{}, "", err
	}
	secret, now := rand.Text(), trim(now)
	return Invitation{
		ID: digest(secret), Space: space, Email: email, Role: i.Role, By: by, CreatedAt: now, ExpiresAt: now.Add(InvitationTime),
	}, space + "_" + secret, nil
}

// Pending reports whether the invitation can be accepted.
func (i Invitation) Pending(now time.Time) bool { return now.Before(i.ExpiresAt) }

// ParseToken returns the space and the ID of the invitation with a token; ok is false for anything that was never one.
func ParseToken(token string) (space, id string, ok bool) {
	end := strings.LastIndexByte(token, '_')
	if end < 0 {
		return "", "", false
	}
	space, secret := token[:end], token[end+1:]
	if !IsID(space) || len(secret) != secretLength || strings.Trim(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		return "", "", false
	}
	return space, digest(secret), true
}

// Mail returns the subject and the text of the mail with an invitation. The page at the address accepts it.
func (i Invitation) Mail(s Space, address string) (subject, text string) {
	return fmt.Sprintf("Invitation to %s", s.Name),
		fmt.Sprintf("You are invited to the space “%s” as %s.\n\nTo accept, open this page and sign in:\n%s\n\n"+
			"The invitation works once, until %s (UTC). If you did not expect it, ignore this mail.\n",
			s.Name, i.Role, address, i.ExpiresAt.UTC().Format("2006-01-02 15:04"))
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
