// Package pattern matches JSON against event patterns: those of EventBridge's rules, and those of Lambda's event source
// mappings, which do not support addresses (cidr), wildcards, and operators inside anything-but.
package pattern

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Pattern selects events. It is safe for concurrent use.
type Pattern struct {
	root node
}

// node is a node of a pattern. An inner node is an object: all of its fields must match,
// and at least one alternative of each $or. A leaf has tests, of which at least one must
// match.
type node struct {
	fields map[string]node
	either [][]node
	tests  []test
}

// absent represents a missing value.
type absent struct{}

// dialect is the variant of patterns: of event source mappings or of rules.
type dialect int

const (
	mappings dialect = iota
	buses
)

// Parse parses a pattern of an event source mapping. The error names the invalid place.
func Parse(text string) (*Pattern, error) { return mappings.parse(text) }

// ParseRule parses a pattern of a rule.
func ParseRule(text string) (*Pattern, error) { return buses.parse(text) }

func (d dialect) parse(text string) (*Pattern, error) {
	value, err := Decode([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("the pattern is not JSON: %w", err)
	}
	object, ok := value.(map[string]any)
	if !ok || len(object) == 0 {
		return nil, errors.New("a pattern is an object with at least one field")
	}
	root, err := d.parseObject("$", object)
	return &Pattern{root}, err
}

// Decode parses JSON for Match. It preserves the spelling of numbers.
func Decode(data []byte) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if decoder.More() {
		return nil, errors.New("there is more than one value")
	}
	return value, nil
}

// Fields returns the names of the pattern's top-level fields, sorted, including those inside $or.
func (p *Pattern) Fields() []string {
	all := map[string]bool{}
	p.root.each("", func(name string, _ node) { all[name] = true })
	return slices.Sorted(maps.Keys(all))
}

// Leaf reports whether the pattern tests the value of a top-level field.
func (p *Pattern) Leaf(field string) (leaf bool) {
	p.root.each(field, func(_ string, n node) { leaf = leaf || n.tests != nil })
	return leaf
}

// Nested reports whether the pattern tests fields inside a top-level field.
func (p *Pattern) Nested(field string) (nested bool) {
	p.root.each(field, func(_ string, n node) { nested = nested || n.tests == nil })
	return nested
}

// each visits the top-level fields with a name, or all of them.
func (n node) each(name string, visit func(string, node)) {
	for field, inner := range n.fields {
		if name == "" || field == name {
			visit(field, inner)
		}
	}
	for _, alternatives := range n.either {
		for _, alternative := range alternatives {
			alternative.each(name, visit)
		}
	}
}

// Match reports whether the pattern matches a value of Decode.
func (p *Pattern) Match(value any) bool { return p.root.match(value) }

// match reports whether a value matches. An array matches if any element does, as a whole.
func (n node) match(value any) bool {
	if list, ok := value.([]any); ok {
		if len(list) == 0 {
			return n.match(absent{})
		}
		return slices.ContainsFunc(list, n.match)
	}
	object, isObject := value.(map[string]any)
	if n.tests != nil {
		if isObject { // an object has no value to test
			value = absent{}
		}
		return slices.ContainsFunc(n.tests, func(t test) bool { return t(value) })
	}
	for name, inner := range n.fields {
		field, ok := object[name]
		if !ok {
			field = absent{}
		}
		if !inner.match(field) {
			return false
		}
	}
	for _, alternatives := range n.either {
		if !slices.ContainsFunc(alternatives, func(a node) bool { return a.match(value) }) {
			return false
		}
	}
	return true
}

func (d dialect) parseObject(at string, object map[string]any) (node, error) {
	n := node{fields: map[string]node{}}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		place := at + "." + name
		var err error
		switch value := object[name].(type) {
		case map[string]any:
			if len(value) == 0 {
				return n, fmt.Errorf("%s: an object needs at least one field", place)
			}
			n.fields[name], err = d.parseObject(place, value)
		case []any:
			if name == "$or" {
				var alternatives []node
				alternatives, err = d.parseOr(place, value)
				n.either = append(n.either, alternatives)
				break
			}
			n.fields[name], err = d.parseLeaf(place, value)
		default:
			return n, fmt.Errorf("%s: %s must be in a list", place, show(value))
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func (d dialect) parseOr(at string, list []any) (alternatives []node, err error) {
	if len(list) < 2 {
		return nil, fmt.Errorf("%s: takes a list of two or more objects", at)
	}
	for i, each := range list {
		object, ok := each.(map[string]any)
		if !ok || len(object) == 0 {
			return nil, fmt.Errorf("%s[%d]: takes an object with at least one field", at, i)
		}
		alternative, err := d.parseObject(fmt.Sprintf("%s[%d]", at, i), object)
		if err != nil {
			return nil, err
		}
		alternatives = append(alternatives, alternative)
	}
	return alternatives, nil
}

func (d dialect) parseLeaf(at string, list []any) (n node, err error) {
	if len(list) == 0 {
		return n, fmt.Errorf("%s: an empty list matches nothing", at)
	}
	for i, each := range list {
		t, err := d.parseTest(fmt.Sprintf("%s[%d]", at, i), each)
		if err != nil {
			return n, err
		}
		n.tests = append(n.tests, t)
	}
	return n, nil
}

func show(value any) string {
	text, _ := json.Marshal(value) // cannot fail: it was JSON
	return string(text)
}
