package pattern

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// test reports whether one value matches a pattern. The value is never an array or an
// object; a missing value is absent{}.
type test func(value any) bool

func (d dialect) parseTest(at string, value any) (test, error) {
	object, ok := value.(map[string]any)
	if !ok {
		if _, list := value.([]any); list {
			return nil, fmt.Errorf("%s: a list must not contain a list", at)
		}
		return equal(value), nil
	}
	if len(object) != 1 {
		return nil, fmt.Errorf("%s: takes one operator, not %d", at, len(object))
	}
	operator := slices.Collect(maps.Keys(object))[0]
	t, err := d.parseOperator(operator, object[operator])
	if err != nil {
		return nil, fmt.Errorf("%s.%s: %w", at, operator, err)
	}
	return t, nil
}

func (d dialect) parseOperator(name string, argument any) (test, error) {
	switch name {
	case "prefix":
		return affix(argument, strings.HasPrefix)
	case "suffix":
		return affix(argument, strings.HasSuffix)
	case "equals-ignore-case":
		return onText(argument, strings.EqualFold)
	case "exists":
		wanted, ok := argument.(bool)
		if !ok {
			return nil, errors.New("takes true or false")
		}
		return func(value any) bool { return (value != absent{}) == wanted }, nil
	case "numeric":
		return numeric(argument)
	case "anything-but":
		return d.anythingBut(argument)
	case "wildcard":
		if d == buses {
			return wildcard(argument)
		}
		return nil, errors.New("only rules of event buses support this operator")
	case "cidr":
		if d == buses {
			return cidr(argument)
		}
		return nil, errors.New("only rules of event buses support this operator")
	}
	return nil, errors.New("there is no such operator")
}

// equal compares the spelling of numbers, like Lambda: 300 is not 3.0e2.
func equal(wanted any) test { return func(value any) bool { return value == wanted } }

// onText tests strings.
func onText(argument any, holds func(value, wanted string) bool) (test, error) {
	wanted, ok := argument.(string)
	if !ok {
		return nil, errors.New("takes a text")
	}
	return func(value any) bool {
		text, ok := value.(string)
		return ok && holds(text, wanted)
	}, nil
}

// affix tests the beginning or the end of strings, with or without case.
func affix(argument any, holds func(value, wanted string) bool) (test, error) {
	object, ok := argument.(map[string]any)
	if !ok {
		return onText(argument, holds)
	}
	if _, ok := object["equals-ignore-case"]; !ok || len(object) != 1 {
		return nil, errors.New("takes a text, or one in equals-ignore-case")
	}
	return onText(object["equals-ignore-case"], func(value, wanted string) bool {
		return holds(strings.ToLower(value), strings.ToLower(wanted))
	})
}

// numeric tests numbers against one or two bounds.
func numeric(argument any) (test, error) {
	list, _ := argument.([]any)
	if len(list) != 2 && len(list) != 4 {
		return nil, errors.New(`takes a list such as [">", 0, "<=", 5]`)
	}
	var bounds []func(*big.Float) bool
	for ; len(list) > 0; list = list[2:] {
		bound, ok := number(list[1])
		if !ok {
			return nil, fmt.Errorf("%s is not a number", show(list[1]))
		}
		sign, _ := list[0].(string)
		signs := map[string][]int{"=": {0}, "<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {1, 0}}[sign]
		if signs == nil {
			return nil, fmt.Errorf("%s is not one of =, <, <=, >, >=", show(list[0]))
		}
		bounds = append(bounds, func(value *big.Float) bool { return slices.Contains(signs, value.Cmp(bound)) })
	}
	return func(value any) bool {
		given, ok := number(value)
		return ok && !slices.ContainsFunc(bounds, func(holds func(*big.Float) bool) bool { return !holds(given) })
	}, nil
}

func number(value any) (*big.Float, bool) {
	written, ok := value.(json.Number)
	if !ok {
		return nil, false
	}
	parsed, _, err := big.ParseFloat(written.String(), 10, 128, big.ToNearestEven)
	return parsed, err == nil
}

// anythingBut tests that a value exists and is not one of those listed.
func (d dialect) anythingBut(argument any) (test, error) {
	if object, ok := argument.(map[string]any); ok && d == buses {
		return d.anythingButLike(object)
	}
	list, ok := argument.([]any)
	if !ok {
		list = []any{argument}
	}
	for _, each := range list {
		switch each.(type) {
		case string, json.Number:
		default:
			return nil, fmt.Errorf("takes texts or numbers, not %s", show(each))
		}
	}
	if len(list) == 0 {
		return nil, errors.New("takes at least one value")
	}
	return func(value any) bool { return value != absent{} && !slices.Contains(list, value) }, nil
}

// anythingButLike tests that a value exists and that a string operator matches it with none of the listed arguments.
func (d dialect) anythingButLike(object map[string]any) (test, error) {
	if len(object) != 1 {
		return nil, fmt.Errorf("takes one operator, not %d", len(object))
	}
	name := slices.Collect(maps.Keys(object))[0]
	if !slices.Contains([]string{"prefix", "suffix", "equals-ignore-case", "wildcard"}, name) {
		return nil, fmt.Errorf("does not take %q", name)
	}
	list, ok := object[name].([]any)
	if !ok {
		list = []any{object[name]}
	}
	var tests []test
	for _, argument := range list {
		t, err := d.parseOperator(name, argument)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		tests = append(tests, t)
	}
	return func(value any) bool {
		return value != absent{} && !slices.ContainsFunc(tests, func(t test) bool { return t(value) })
	}, nil
}

// wildcard tests strings against a pattern in which * matches any characters. A backslash escapes it.
func wildcard(argument any) (test, error) {
	text, ok := argument.(string)
	if !ok {
		return nil, errors.New("takes a text")
	}
	var expression strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '*' && strings.HasPrefix(text[i:], "**"):
			return nil, errors.New("must not have two adjacent wildcards")
		case text[i] == '*':
			expression.WriteString("(?s:.*)")
		case text[i] == '\\' && i+1 < len(text) && (text[i+1] == '*' || text[i+1] == '\\'):
			i++
			expression.WriteString(regexp.QuoteMeta(text[i : i+1]))
		case text[i] == '\\':
			return nil, errors.New(`allows a backslash only before * or another backslash`)
		default:
			expression.WriteString(regexp.QuoteMeta(text[i : i+1]))
		}
	}
	compiled, err := regexp.Compile("^" + expression.String() + "$")
	if err != nil {
		return nil, err
	}
	return func(value any) bool {
		given, ok := value.(string)
		return ok && compiled.MatchString(given)
	}, nil
}

// cidr tests whether addresses are in a block.
func cidr(argument any) (test, error) {
	text, _ := argument.(string)
	block, err := netip.ParsePrefix(text)
	if err != nil {
		return nil, errors.New("takes a block of addresses, such as 10.0.0.0/24")
	}
	return func(value any) bool {
		given, _ := value.(string)
		address, err := netip.ParseAddr(given)
		return err == nil && block.Contains(address)
	}, nil
}
