package iam

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Trusts reports whether the trust policy of a role allows a service, such as
// "lambda.amazonaws.com", to assume it. The keys of the context are in lower case.
func Trusts(document []byte, service string, context map[string]string) (bool, error) {
	statements, err := read(document)
	if err != nil {
		return false, err
	}
	trusted := false
	for i, s := range statements {
		conditions, err := s.conditions()
		if err != nil {
			return false, fmt.Errorf("%s.%w", place(i), err)
		}
		if !s.names(service) || !slices.ContainsFunc(s.Action, func(a string) bool { return matchFold(a, "sts:AssumeRole") }) ||
			!hold(conditions, context) {
			continue
		}
		if s.Effect == deny {
			return false, nil
		}
		trusted = s.Effect == allow || trusted
	}
	return trusted, nil
}

// names reports whether a service is among the principals.
func (s statement) names(service string) bool {
	if s.Principal == "*" {
		return true
	}
	raw, err := json.Marshal(s.Principal)
	if err != nil {
		return false
	}
	var principal struct{ Service, AWS texts }
	if json.Unmarshal(raw, &principal) != nil {
		return false
	}
	return slices.Contains(principal.Service, service) || slices.Contains(principal.Service, "*") || slices.Contains(principal.AWS, "*")
}
