package template

import (
	"flag"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var survivors = flag.Bool("survivors", false, "list what could be lost without a check that notices")

// TestSurvivors lists the parts of the stack with all settings that can be removed,
// inverted or widened without failing any check: either they do not matter, or a check
// is missing. Read the list after you add something to the stack:
//
//	go test ./tests/template -run Survivors -v -args -survivors
func TestSurvivors(t *testing.T) {
	if !*survivors {
		t.Skip("prints a list to read, which takes some minutes: -args -survivors")
	}
	good := load(t, "example")
	index, seen := regexp.MustCompile(`\.\d+`), map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(good.Resources)) {
		r := good.Resources[id]
		for _, m := range append([]mutation{{path: id}}, changes(id, r.Properties)...) {
			where := r.Type + index.ReplaceAllString(strings.TrimPrefix(m.path, id), ".*")
			key := where + " removed"
			if m.to != nil {
				key = fmt.Sprint(where, " becomes ", m.to)
			}
			s, changed := good.mutated(m)
			if changed && !seen[key] && !noticed(s) {
				t.Logf("%s, of %s", key, id)
			}
			seen[key] = true
		}
	}
	t.Logf("%d changes, each of one resource of its type", len(seen))
}

// changes returns all mutations of the value at a path, other than those to values of the
// same kind that may be equally good.
func changes(path string, node any) []mutation {
	var found []mutation
	last := path[strings.LastIndex(path, ".")+1:]
	if slices.Contains([]string{"Action", "Principal", "Resource"}, last) {
		found = append(found, mutation{path: path, to: "*"})
	}
	switch node := node.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(node)) {
			if key == "Ref" || strings.HasPrefix(key, "Fn::") {
				return append(found, mutation{path: path, to: map[string]any{"Ref": "Nothing"}})
			}
			found = append(append(found, mutation{path: path + "." + key}), changes(path+"."+key, node[key])...)
		}
	case []any:
		for i := range node {
			each := fmt.Sprint(path, ".", i)
			found = append(append(found, mutation{path: each}), changes(each, node[i])...)
		}
	case bool:
		found = append(found, mutation{path: path, to: !node})
	case float64:
		found = append(found, mutation{path: path, to: 0.0}, mutation{path: path, to: 100*node + 1})
	case string:
		found = append(found, mutation{path: path, to: "other"})
	}
	return found
}

// noticed reports whether any check fails or panics.
func noticed(s stack) (yes bool) {
	defer func() { yes = yes || recover() != nil }()
	return slices.ContainsFunc(checks(), func(c check) bool {
		var found findings
		c.run(&found, s)
		return len(found) > 0
	})
}
