package web

import (
	"maps"
	"slices"
	"strings"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/space"
)

// Unavailable is the name in an authorizer's context, beside no owner, that lets a
// request pass whose key could not be checked: Caller then fails with an error that
// is answered 503, where an authorizer's own error would become the gateway's bare 500.
const Unavailable = "unavailable"

// NoSpace is the name in an authorizer's context that lets a request pass which names a space without its person: an
// authorizer can only refuse with 403, and Caller fails as for something that does not exist.
const NoSpace = "noSpace"

var (
	errNoSpace   = fault.New(fault.NotFound, "There is no such space.")
	errKeysSpace = fault.New(fault.Denied, "An API key works in its own space only. Leave out the header "+space.Header+".")
)

// Caller is who asks, as the authorizer found out from the API key or the session.
type Caller struct {
	Owner   string // of the things that the request is about: a person, a space, or the name that an operator chose for keys
	Person  string // who is signed in, "" with an API key
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

// Person returns who is signed in, whatever space the request names; the caller's Owner is the person. With an API key
// it is a Denied fault. Otherwise it is as Anyone.
func (r Request) Person(parameters ...string) (Caller, error) {
	caller, err := r.identify()
	if err != nil {
		return Caller{}, err
	}
	if caller.Person == "" {
		return Caller{}, fault.New(fault.Denied, "Only people who are signed in can do this.")
	}
	caller.Owner, caller.Scopes = caller.Person, nil
	return caller, r.Parameters(parameters...)
}

// caller returns who asks. The authorizer's answer must be for the space that the request names: if it is not, nothing
// is done, whatever may have confused the two.
func (r Request) caller() (Caller, error) {
	caller, err := r.identify()
	if err != nil {
		return Caller{}, err
	}
	switch named := r.Header(space.Header); {
	case caller.Owner == "" && caller.Person == "":
		return Caller{}, fault.New(fault.Denied, "An API key is needed.")
	case caller.Person == "" && named != "" && named != caller.Owner:
		return Caller{}, errKeysSpace
	case caller.Owner == "" || named != "" && named != caller.Owner:
		return Caller{}, errNoSpace
	}
	return caller, nil
}

// identify returns who asks. Without the right to the space that the request names, there is no owner.
func (r Request) identify() (Caller, error) {
	if r.RequestContext.Authorizer == nil {
		return Caller{}, fault.New(fault.Denied, "An API key is needed.")
	}
	context := r.RequestContext.Authorizer.Lambda
	value := func(name string) string { text, _ := context[name].(string); return text }
	if value(Unavailable) != "" {
		return Caller{}, errUnavailable
	}
	caller := Caller{Owner: value("owner"), Person: value("person"), Key: value("key"), Session: value("session")}
	for _, scope := range strings.Fields(value("scopes")) {
		caller.Scopes = append(caller.Scopes, key.Scope(scope))
	}
	if caller.Session != "" && caller.Person == "" && value(NoSpace) == "" {
		caller.Person = caller.Owner // an answer of an authorizer from before there were spaces
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

// By names who does something, for histories: the person or, with a space's API key, `key:` and its ID. The keys of
// others are as good as their owner.
func (c Caller) By() string {
	switch {
	case c.Person != "":
		return c.Person
	case space.IsID(c.Owner):
		return "key:" + c.Key
	}
	return c.Owner
}

// Owns reports whether the caller may see and change what owner made.
func (c Caller) Owns(owner string) bool { return c.Owner == owner || c.Admin() }

// Admin reports whether the caller is an admin.
func (c Caller) Admin() bool { return c.has(key.Admin) }

func (c Caller) has(scope key.Scope) bool { return slices.Contains(c.Scopes, scope) }
