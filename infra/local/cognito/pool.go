// Package cognito is Amazon Cognito user pools on this machine: an OpenID provider with its pages, and the calls
// by which programs administer users. Users, keys and sessions are in one file that is its owner's alone.
//
// Each pool answers below its issuer: the discovery document, the keys, the OAuth endpoints, and pages to sign in,
// sign up and reset a password. Passwords, refresh tokens and codes are stored as hashes.
package cognito

import (
	"strings"
	"time"
)

// Pool is a user pool of a template.
type Pool struct {
	ID, Name, ARN string
	Issuer        string // the URL below which the pool answers
	Hosted        bool   // has a domain, and with it the OAuth endpoints and pages

	EmailNames    bool // people sign in with their address; their user name is made up
	EmailAliases  bool // people sign in with their verified address, or their user name
	CaseSensitive bool // user names and addresses are
	VerifyEmail   bool // a new address is verified by a code
	InvitedOnly   bool // only administrators create users
	Attributes    []string
	Required      []string // attributes that sign-up asks for
	Password      PasswordPolicy
	TemporaryDays int // how long a temporary password is valid
	Messages      Messages
	// PreSignUp is the name of the function that may refuse new users; "" for none.
	PreSignUp string

	Clients []Client
	Groups  []string
	Scopes  []string // of resource servers: IDENTIFIER/SCOPE
	Users   []NewUser
}

// PasswordPolicy is what a password must have.
type PasswordPolicy struct {
	Length                                int
	Lowercase, Uppercase, Number, Symbols bool
}

// Messages are the texts of mail: {####} is the code or the password, {username} the name.
type Messages struct {
	From                           string
	VerifySubject, VerifyText      string
	InvitationSubject, Invitations string
}

// Client is an app client of a pool.
type Client struct {
	ID, Name           string
	Confidential       bool // has a secret
	Flows              []string
	Scopes             []string
	Callbacks, Logouts []string
	Readable           []string // attributes; all when it is empty
	// How long tokens are valid.
	Access, Identity, Refresh time.Duration
	// Rotate replaces the refresh token each time it is used. The former one is valid for Grace.
	Rotate bool
	Grace  time.Duration
	// HideUsers answers alike whether a user exists or not.
	HideUsers bool
}

// NewUser is a user of the template, who is invited.
type NewUser struct {
	Name       string
	Attributes map[string]string
	Groups     []string
	Silent     bool // no mail
}

// The flows of a client.
const (
	codeFlow    = "code"
	machineFlow = "client_credentials"
)

// administer is the scope for calls of the user's own account.
const administer = "aws.cognito.signin.user.admin"

// standardScopes are those that every pool has.
func standardScopes() []string { return []string{"openid", "email", "phone", "profile", administer} }

// standardAttributes are those that every pool has, and that people can have a value of.
func standardAttributes() []string {
	return []string{
		"address", "birthdate", "email", "email_verified", "family_name", "gender", "given_name", "locale", "middle_name", "name",
		"nickname", "phone_number", "phone_number_verified", "picture", "preferred_username", "profile", "updated_at", "website", "zoneinfo",
	}
}

func (p *Pool) client(id string) (Client, bool) {
	for _, c := range p.Clients {
		if c.ID == id {
			return c, true
		}
	}
	return Client{}, false
}

// fold is the form in which names and addresses are compared.
func (p *Pool) fold(name string) string {
	if p.CaseSensitive {
		return name
	}
	return strings.ToLower(name)
}
