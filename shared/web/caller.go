package web

import (
	"maps"
	"slices"
	"strings"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
)

// Unavailable is the name in an authorizer's context, beside no owner, that lets a
// request pass whose key could not be checked: Caller then fails with an error that
// is answered 503, where an authorizer's own error would become the gateway's bare 500.
const Unavailable = "unavailable"

// Caller is who asks, as the authorizer found out from the API key or the session.
type Caller struct {
	Owner   string
	Scopes  []key.Scope
	Key     string // its ID, "" with a session
	Session string // its ID, "" with an API key
}

// Caller returns who asks, if they have the scope or are an admin; otherwise a Denied
// fault that names the scope. It fails as Anyone does. A query with a parameter that the
// route does not have is an Invalid fault; see Parameters.
func (r Request) Caller(scope key.Scope, parameters ...string) (Caller, error) {
	caller, err := r.caller()
	if err != nil {
		return Caller{}, err
	}
	if err := caller.Needs(scope); err != nil {
		return Caller{}, err
	}
	return caller, r.Parameters(parameters...)
}

// Anyone returns who asks, whatever their scopes. Without a caller it is a Denied
// fault. If the credential could not be checked, the error is none of the caller's
// and answered 503. Unknown parameters are refused as by Caller.
func (r Request) Anyone(parameters ...string) (Caller, error) {
	caller, err := r.caller()
	if err != nil {
		return Caller{}, err
	}
	return caller, r.Parameters(parameters...)
}

func (r Request) caller() (Caller, error) {
	if r.RequestContext.Authorizer == nil {
		return Caller{}, fault.New(fault.Denied, "An API key is needed.")
	}
	context := r.RequestContext.Authorizer.Lambda
	if unavailable, _ := context[Unavailable].(string); unavailable != "" {
		return Caller{}, errUnavailable
	}
	owner, _ := context["owner"].(string)
	scopes, _ := context["scopes"].(string)
	caller := Caller{Owner: owner}
	caller.Key, _ = context["key"].(string)
	caller.Session, _ = context["session"].(string)
	for _, scope := range strings.Fields(scopes) {
		caller.Scopes = append(caller.Scopes, key.Scope(scope))
	}
	if owner == "" {
		return Caller{}, fault.New(fault.Denied, "An API key is needed.")
	}
	return caller, nil
}

// Parameters returns an Invalid fault that lists the parameters of the query that have none of
// the names: a misspelled filter must not be ignored.
func (r Request) Parameters(names ...string) error {
	var unknown []fault.Field
	for _, name := range slices.Sorted(maps.Keys(r.QueryStringParameters)) {
		if name == "" || slices.Contains(names, name) || len(unknown) == maxMistakes {
			continue
		}
		message := "There is no such parameter here."
		if len(names) > 0 {
			message = "There is no such parameter here; there are " + strings.Join(names, ", ") + "."
		}
		unknown = append(unknown, fault.Field{Name: shorten(name), Message: message})
	}
	return fault.Fields(unknown...)
}

// shorten keeps answers short: what they quote may be long.
func shorten(name string) string {
	if runes := []rune(name); len(runes) > 50 {
		return string(runes[:50]) + "…"
	}
	return name
}

// Needs returns a Denied fault that names the scope, unless the caller has it or is an admin.
func (c Caller) Needs(scope key.Scope) error {
	if c.has(scope) || c.Admin() {
		return nil
	}
	who := "Your API key lacks"
	if c.Session != "" {
		who = "You lack"
	}
	return fault.New(fault.Denied, who+" the scope "+string(scope)+".")
}

// For returns whose things the request is about: the owner that its parameter of this name
// names, or else the caller. Only an admin may name anybody else; for others it is a Denied fault.
func (c Caller) For(owner string) (string, error) {
	switch {
	case owner == "":
		return c.Owner, nil
	case !c.Owns(owner):
		return "", fault.New(fault.Denied, "Only an admin can name another owner.")
	}
	return owner, nil
}

// Owns reports whether the caller may see and change what owner made.
func (c Caller) Owns(owner string) bool { return c.Owner == owner || c.Admin() }

// Admin reports whether the caller is an admin.
func (c Caller) Admin() bool { return c.has(key.Admin) }

func (c Caller) has(scope key.Scope) bool { return slices.Contains(c.Scopes, scope) }
