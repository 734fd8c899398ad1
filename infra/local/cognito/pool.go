// Package cognito is Amazon Cognito user pools on this machine: an OpenID provider with its pages, and the API to
// administer users. Users, keys and sessions are stored in one file, which only its owner may read.
//
// Each pool is served below its issuer: the discovery document, the keys, the OAuth endpoints, and pages to sign in,
// sign up and reset a password. Passwords, refresh tokens and codes are stored as hashes.
package cognito

import (
	"strings"
	"time"
)

// Pool is a user pool of a template.
type Pool struct {
	ID, Name, ARN string
	Issuer        string // the URL below which the pool is served
	Hosted        bool   // has a domain, and so the OAuth endpoints and pages

	EmailNames    bool // users sign in with their address; the user name is generated
	EmailAliases  bool // users sign in with their verified address or their user name
	CaseSensitive bool // for user names and addresses
	VerifyEmail   bool // new addresses are verified with a code
	InvitedOnly   bool // only administrators create users
	Attributes    []string
	Required      []string // required attributes at the sign-up
	Password      PasswordPolicy
	TemporaryDays int // how long a temporary password is valid
	Messages      Messages
	// PreSignUp is the name of the function that may reject new users; "" for none.
	PreSignUp string

	Clients []Client
	Groups  []string
	Scopes  []string // of resource servers: IDENTIFIER/SCOPE
	Users   []NewUser
}

// PasswordPolicy lists the requirements for passwords.
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
	Readable           []string // readable attributes; empty means all
	// Lifetimes of tokens.
	Access, Identity, Refresh time.Duration
	// Rotate means that each use of a refresh token replaces it. The old one is valid for Grace.
	Rotate bool
	Grace  time.Duration
	// HideUsers means that answers do not reveal whether a user exists.
	HideUsers bool
}

// NewUser is a user of the template, to be invited.
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

// administer is the scope for calls about the user's own account.
const administer = "aws.cognito.signin.user.admin"

// standardScopes returns the scopes of all pools.
func standardScopes() []string { return []string{"openid", "email", "phone", "profile", administer} }

// standardAttributes returns the attributes of all pools for which users can have a value.
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

// fold returns the form of a name or an address for comparisons.
func (p *Pool) fold(name string) string {
	if p.CaseSensitive {
		return name
	}
	return strings.ToLower(name)
}
