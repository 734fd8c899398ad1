// Package iam evaluates the identity-based policies of AWS IAM, as far as a
// CloudFormation template states them: Allow and Deny, wildcards in actions and
// resources, and the condition operators below. What it does not know is a
// mistake when the policy is read, never a wrong answer later.
package iam

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Request asks for one action on one resource.
type Request struct {
	Action   string // "dynamodb:GetItem"
	Resource string // an ARN, or "*" for an action that has no resource
	// Context are the values of condition keys, which are named in lower case.
	Context map[string]string
}

// Grant is one action on one resource of a statement, as they are written there.
type Grant struct {
	Policy    string
	Statement int // the first is 0
	Effect    string
	Action    string
	Resource  string
}

// Decision is the answer to a Request.
type Decision struct {
	Allowed bool
	Denied  bool // by a statement that says so, and not for want of one that allows
	Grant   int  // the first that decided, by its place in Grants; -1 when there is none
}

// Policies are all that an identity has.
type Policies struct {
	grants     []Grant
	conditions [][]condition // by grant
}

// The two effects.
const (
	allow = "Allow"
	deny  = "Deny"
)

// Grants lists every action on every resource that the statements name.
func (p *Policies) Grants() []Grant { return p.grants }

// Add reads a policy document. The error names the statement and what is wrong.
func (p *Policies) Add(name string, document []byte) error {
	statements, err := read(document)
	if err != nil {
		return err
	}
	for i, s := range statements {
		conditions, err := s.identity()
		if err != nil {
			return fmt.Errorf("%s.%w", place(i), err)
		}
		for _, action := range s.Action {
			for _, resource := range s.Resource {
				p.grants = append(p.grants, Grant{Policy: name, Statement: i, Effect: s.Effect, Action: action, Resource: resource})
				p.conditions = append(p.conditions, conditions)
			}
		}
	}
	return nil
}

// Evaluate decides: what is denied is not allowed, what nothing allows neither.
func (p *Policies) Evaluate(r Request) Decision {
	decision := Decision{Grant: -1}
	for i, g := range p.grants {
		if g.Effect == allow && decision.Allowed || !g.covers(r) || !hold(p.conditions[i], r.Context) {
			continue
		}
		if g.Effect == deny {
			return Decision{Denied: true, Grant: i}
		}
		decision = Decision{Allowed: true, Grant: i}
	}
	return decision
}

func (g Grant) covers(r Request) bool {
	return matchFold(g.Action, r.Action) && MatchARN(g.Resource, r.Resource)
}

// texts is one text or a list of them.
type texts []string

// UnmarshalJSON implements json.Unmarshaler. Numbers and truth values, which
// conditions may be written with, become their texts.
func (t *texts) UnmarshalJSON(data []byte) error {
	var list []any
	if err := json.Unmarshal(data, &list); err != nil {
		var one any
		if err := json.Unmarshal(data, &one); err != nil {
			return err
		}
		list = []any{one}
	}
	for _, element := range list {
		switch element.(type) {
		case string, bool, float64:
			*t = append(*t, fmt.Sprint(element))
		default:
			return errors.New("takes a text or a list of texts")
		}
	}
	return nil
}

// statement is one of a policy document.
type statement struct {
	Sid, Effect           string
	Principal             any
	NotPrincipal          any
	Action, NotAction     texts
	Resource, NotResource texts
	Condition             map[string]map[string]texts
}

// read takes a document apart.
func read(document []byte) ([]statement, error) {
	var d struct {
		Version, Id string
		Statement   json.RawMessage
	}
	if err := strictly(document, &d); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"", "2008-10-17", "2012-10-17"}, d.Version) {
		return nil, wrong("Version", "%q is not 2012-10-17", d.Version)
	}
	var list []json.RawMessage
	if json.Unmarshal(d.Statement, &list) != nil {
		list = []json.RawMessage{d.Statement}
	}
	var all []statement
	for i, raw := range list {
		var s statement
		if err := strictly(raw, &s); err != nil {
			return nil, fmt.Errorf("%s: %w", place(i), err)
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		return nil, wrong("Statement", "there is none")
	}
	return all, nil
}

func strictly(data []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return fmt.Errorf("is not a policy: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

// identity checks a statement of an identity-based policy.
func (s statement) identity() ([]condition, error) {
	switch {
	case s.Effect != allow && s.Effect != deny:
		return nil, wrong("Effect", "%q is neither Allow nor Deny", s.Effect)
	case s.Principal != nil || s.NotPrincipal != nil:
		return nil, wrong("Principal", "belongs to the policies of resources")
	case s.NotAction != nil:
		return nil, wrong("NotAction", "not supported by the local cloud; name the actions")
	case s.NotResource != nil:
		return nil, wrong("NotResource", "not supported by the local cloud; name the resources")
	case len(s.Action) == 0:
		return nil, wrong("Action", "there is none")
	case len(s.Resource) == 0:
		return nil, wrong("Resource", "there is none")
	}
	for _, action := range s.Action {
		if service, name, ok := strings.Cut(action, ":"); action != "*" && (!ok || service == "" || name == "") {
			return nil, wrong("Action", "%q is not of the form service:Action", action)
		}
	}
	for _, resource := range s.Resource {
		if strings.Contains(resource, "${") {
			return nil, wrong("Resource", "%q has a policy variable, which the local cloud does not support", resource)
		}
		if resource != "*" && len(segments(resource)) != arnSegments {
			return nil, wrong("Resource", "%q is not an ARN", resource)
		}
	}
	return s.conditions()
}

// wrong is a mistake in a property.
func wrong(property, format string, args ...any) error {
	return fmt.Errorf("%s: %w", property, fmt.Errorf(format, args...))
}

// place is where a statement stands in its document.
func place(statement int) string { return fmt.Sprintf("Statement[%d]", statement) }
