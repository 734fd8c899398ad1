package iam

import (
	"fmt"
	"slices"
)

// Permits reports whether the policy of a resource, such as a queue, allows a service to make a request. The keys of
// the context are in lower case.
func Permits(document []byte, service string, r Request) (bool, error) {
	statements, err := read(document)
	if err != nil {
		return false, err
	}
	permitted := false
	for i, s := range statements {
		conditions, err := s.conditions()
		if err != nil {
			return false, fmt.Errorf("%s.%w", place(i), err)
		}
		covers := slices.ContainsFunc(s.Action, func(a string) bool { return a == "*" || matchFold(a, r.Action) }) &&
			slices.ContainsFunc(s.Resource, func(pattern string) bool { return MatchARN(pattern, r.Resource) })
		if !s.names(service) || !covers || !hold(conditions, r.Context) {
			continue
		}
		if s.Effect == deny {
			return false, nil
		}
		permitted = s.Effect == allow || permitted
	}
	return permitted, nil
}
