package iam

import (
	"maps"
	"slices"
	"strings"
)

// condition is one operator on one key. One of its values must match or, if it is negative,
// none of them.
type condition struct {
	key      string // in lower case
	values   []string
	negative bool
	fits     func(pattern, value string) bool
}

// keys returns the supported condition keys. Requests have values for them where they apply.
func keys() []string {
	return []string{
		"aws:PrincipalArn", "aws:RequestedRegion", "aws:SecureTransport", "aws:SourceAccount", "aws:SourceArn", "s3:prefix",
	}
}

// operator returns the comparison of an operator, and whether its name contains Not.
func operator(name string) (fits func(pattern, value string) bool, negative, ok bool) {
	kind, negative := name, false
	for _, prefix := range []string{"String", "Arn"} {
		if rest, found := strings.CutPrefix(name, prefix+"Not"); found {
			kind, negative = prefix+rest, true
		}
	}
	switch kind {
	case "StringEquals":
		return func(pattern, value string) bool { return pattern == value }, negative, true
	case "StringEqualsIgnoreCase", "Bool":
		return strings.EqualFold, negative, true
	case "StringLike":
		return Match, negative, true
	case "ArnEquals", "ArnLike":
		return MatchARN, negative, true
	}
	return nil, false, false
}

func (s statement) conditions() (all []condition, err error) {
	for _, name := range slices.Sorted(maps.Keys(s.Condition)) {
		fits, negative, ok := operator(name)
		if !ok {
			return nil, wrong("Condition."+name, "this operator is not supported by the local cloud")
		}
		for _, key := range slices.Sorted(maps.Keys(s.Condition[name])) {
			if !slices.ContainsFunc(keys(), func(known string) bool { return strings.EqualFold(known, key) }) {
				return nil, wrong("Condition."+name+"."+key, "this key has no value in the local cloud, only %s have", strings.Join(keys(), ", "))
			}
			c := condition{key: strings.ToLower(key), values: s.Condition[name][key], negative: negative, fits: fits}
			if slices.ContainsFunc(c.values, func(v string) bool { return strings.Contains(v, "${") }) {
				return nil, wrong("Condition."+name+"."+key, "policy variables are not supported by the local cloud")
			}
			all = append(all, c)
		}
	}
	return all, nil
}

// hold reports whether all conditions are true. A key without a value matches nothing.
func hold(all []condition, context map[string]string) bool {
	for _, c := range all {
		value, ok := context[c.key]
		fits := ok && slices.ContainsFunc(c.values, func(pattern string) bool { return c.fits(pattern, value) })
		if fits == c.negative {
			return false
		}
	}
	return true
}
