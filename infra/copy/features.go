package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// project is the entry for parts that belong only to this project and to no copy.
const project = "project"

// feature is an entry of infra/features.yml.
type feature struct {
	Needs []string          // features it depends on
	Files []string          // patterns of its files and folders
	Cuts  map[string][]edit // its parts of other files
	// Examples are names of the feature that other files use only as examples, with their replacements.
	Examples map[string]string
	Words    []string // regular expressions of its names, which a copy without it must not contain
	Prose    string   // a regular expression; sentences of the documentation that match are left out
	name     string
}

// edit changes a part of a file: it removes the blocks whose first lines match the pattern, or, if there is a
// replacement, replaces only the matches.
type edit struct {
	pattern *regexp.Regexp
	replace *string
}

// UnmarshalYAML reads a pattern, or a pattern with its replacement.
func (e *edit) UnmarshalYAML(node *yaml.Node) error {
	pattern := node.Value
	if node.Kind == yaml.MappingNode {
		var pair map[string]string
		if err := node.Decode(&pair); err != nil {
			return err
		}
		if len(pair) != 1 {
			return fmt.Errorf("line %d: want one pattern and its replacement", node.Line)
		}
		for from, to := range pair {
			pattern, e.replace = from, &to
		}
	}
	var err error
	e.pattern, err = regexp.Compile("(?m)" + pattern)
	return err
}

// features contains all entries of infra/features.yml.
type features map[string]*feature

func readFeatures(root string) (features, error) {
	const file = "infra/features.yml"
	text, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		return nil, fmt.Errorf("this folder is not the root of the repository: %w", err)
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	var all features
	if err := decoder.Decode(&all); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for name, f := range all {
		f.name = name
	}
	if all[project] == nil {
		return nil, errors.New(file + ": has no entry " + project)
	}
	return all, nil
}

// names lists the features that a user can leave out.
func (f features) names() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(f)), func(name string) bool { return name == project })
}

// leftOut returns the features to leave out, and always the project's own entry. A feature comes before those it needs.
func (f features) leftOut(without string) ([]*feature, error) {
	chosen := []*feature{f[project]}
	var names []string
	for name := range strings.SplitSeq(without, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if name == project || f[name] == nil {
			return nil, fmt.Errorf("WITHOUT=%s: there is no feature %q; the features are %s", without, name, strings.Join(f.names(), ", "))
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range f.names() {
		for _, needed := range f[name].Needs {
			if slices.Contains(names, needed) && !slices.Contains(names, name) {
				return nil, fmt.Errorf("WITHOUT=%s: %s needs %s; leave out %s too: WITHOUT=%s", without, name, needed, name, strings.Join(append(names, name), ","))
			}
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return strings.Compare(fmt.Sprint(len(f[b].Needs), a), fmt.Sprint(len(f[a].Needs), b))
	})
	for _, name := range names {
		chosen = append(chosen, f[name])
	}
	return chosen, nil
}
