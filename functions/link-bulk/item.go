package main

import (
	"encoding/json"
	"slices"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

// item is one change of a link: exactly one of its fields is set.
type item struct {
	Create *link.Draft `json:"create"`
	Edit   *edit       `json:"edit"`
	Tag    *tag        `json:"tag"`
	Delete *removal    `json:"delete"`
}

type edit struct {
	Code    string    `json:"code"`
	IfMatch string    `json:"ifMatch" web:"filled"`
	Changes link.Edit `json:"changes"`
}

type tag struct {
	Code    string   `json:"code"`
	IfMatch string   `json:"ifMatch" web:"filled"`
	Add     []string `json:"add"`
	Remove  []string `json:"remove"`
}

type removal struct {
	Code    string `json:"code"`
	IfMatch string `json:"ifMatch" web:"filled"`
	Free    bool   `json:"free"`
}

// parse reads an item. Its mistakes are those of this item alone.
func parse(text json.RawMessage) (item, error) {
	var parsed item
	if err := web.Decode(text, &parsed); err != nil {
		return item{}, err
	}
	given := 0
	for _, set := range []bool{parsed.Create != nil, parsed.Edit != nil, parsed.Tag != nil, parsed.Delete != nil} {
		if set {
			given++
		}
	}
	if given != 1 {
		return item{}, fault.New(fault.Invalid, "It must have exactly one of create, edit, tag and delete.")
	}
	return parsed, nil
}

// codes are those that the item names.
func (i item) codes() []string {
	var codes []string
	switch {
	case i.Create != nil:
		codes = []string{i.Create.Code}
	case i.Edit != nil:
		codes = []string{i.Edit.Code}
		if renamed := i.Edit.Changes.Code; renamed != nil {
			codes = append(codes, *renamed)
		}
	case i.Tag != nil:
		codes = []string{i.Tag.Code}
	case i.Delete != nil:
		codes = []string{i.Delete.Code}
	}
	return slices.DeleteFunc(codes, func(code string) bool { return code == "" })
}

// hasPassword reports whether the item sets a password.
func (i item) hasPassword() bool {
	return i.Create != nil && i.Create.Password != "" || i.Edit != nil && i.Edit.Changes.Password.Value != nil
}

// edit is the change of the link's tags.
func (t tag) edit(l link.Link) link.Edit {
	tags := slices.DeleteFunc(append(slices.Clone(l.Tags), t.Add...), func(tag string) bool { return slices.Contains(t.Remove, tag) })
	return link.Edit{Tags: &tags}
}

// waves divides the items into groups. Those of a group can be handled at the same time:
// no two of them name the same code.
func waves(items []item) [][]int {
	var all [][]int
	var current []int
	named := map[string]bool{}
	for n, one := range items {
		codes := one.codes()
		if slices.ContainsFunc(codes, func(code string) bool { return named[code] }) {
			all, current = append(all, current), nil
			clear(named)
		}
		for _, code := range codes {
			named[code] = true
		}
		current = append(current, n)
	}
	return append(all, current)
}
