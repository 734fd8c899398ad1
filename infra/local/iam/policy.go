// Package iam evaluates the identity-based policies of AWS IAM in CloudFormation
// templates: Allow and Deny, wildcards in actions and resources, and the condition
// operators below. Unsupported elements are errors when a policy is added, never wrong
// decisions later.
package iam

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Request is a request for one action on one resource.
type Request struct {
	Action   string // "dynamodb:GetItem"
	Resource string // an ARN, or "*" for an action without a resource
	// Context has the values of condition keys, by key in lower case.
	Context map[string]string
}

// Grant is one action on one resource in a statement, as written there.
type Grant struct {
	Policy    string
	Statement int // index from 0
	Effect    string
	Action    string
	Resource  string
}

// Decision is the answer to a Request.
type Decision struct {
	Allowed bool
	Denied  bool // by an explicit Deny
	Grant   int  // index in Grants of the first one that decided; -1 for none
}

// Policies is all policies of an identity.
type Policies struct {
	grants     []Grant
	conditions [][]condition // by grant
}

// The two effects.
const (
	allow = "Allow"
	deny  = "Deny"
)

// Grants returns every combination of an action and a resource in the statements.
func (p *Policies) Grants() []Grant { return p.grants }

// Add parses and adds a policy document. The error names the statement and the mistake.
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

// Evaluate decides a request: an explicit deny wins; the default is deny.
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

// texts is a string or a list of strings.
type texts []string

// UnmarshalJSON implements json.Unmarshaler. It converts numbers and booleans, which
// conditions may contain, to strings.
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

// statement is a statement of a policy document.
type statement struct {
	Sid, Effect           string
	Principal             any
	NotPrincipal          any
	Action, NotAction     texts
	Resource, NotResource texts
	Condition             map[string]map[string]texts
}

// read parses a document.
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

// wrong returns an error for a property.
func wrong(property, format string, args ...any) error {
	return fmt.Errorf("%s: %w", property, fmt.Errorf(format, args...))
}

// place returns the path of a statement in its document.
func place(statement int) string { return fmt.Sprintf("Statement[%d]", statement) }
