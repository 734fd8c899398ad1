package main

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// check returns an error that lists the places where files still mention a feature that is left out.
func (t tree) check(left []*feature) error {
	var remains []error
	for _, f := range left {
		for _, word := range f.Words {
			pattern, err := regexp.Compile(word)
			if err != nil {
				return fmt.Errorf("infra/features.yml: %s: %w", f.name, err)
			}
			for _, name := range slices.Sorted(maps.Keys(t)) {
				if generic(name) {
					continue
				}
				if pattern.MatchString(name) {
					remains = append(remains, fmt.Errorf("%s: the file belongs to %s", name, f.name))
				}
				number := 0
				for line := range strings.Lines(t[name].text) {
					if number++; pattern.MatchString(line) {
						remains = append(remains, fmt.Errorf("%s:%d: %s", name, number, strings.TrimSpace(line)))
					}
				}
			}
		}
	}
	if len(remains) > 0 {
		return fmt.Errorf("infra/features.yml does not cover these lines:\n%w", errors.Join(remains...))
	}
	return nil
}

// generic reports whether a file is independent of features: the local cloud runs any stack, scaffolds have their own
// examples, and the lists of packages and their reasons follow from the imports (prune).
func generic(name string) bool {
	return strings.HasPrefix(name, "infra/local/") || strings.HasPrefix(name, "infra/scaffold/") ||
		strings.HasPrefix(path.Base(name), "package-lock") || path.Ext(name) == ".sum" || name == dependencies
}
