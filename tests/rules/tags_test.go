package rules

import (
	"os"
	"path/filepath"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestTags: the list of tags in docs/openapi.yaml contains exactly the tags of its operations.
func TestTags(t *testing.T) {
	f := rule(t, "tags")
	text, err := os.ReadFile(filepath.Join(root, "docs/openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Tags  []struct{ Name string }
		Paths map[string]map[string]yaml.Node
	}
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	used := map[string]string{}
	for path, item := range document.Paths {
		for method, node := range item {
			var operation struct{ Tags []string }
			if node.Kind != yaml.MappingNode {
				continue // the parameters of a path
			}
			if err := node.Decode(&operation); err != nil {
				t.Fatal(err)
			}
			for _, tag := range operation.Tags {
				used[tag] = method + " " + path
			}
		}
	}
	for _, tag := range document.Tags {
		if used[tag.Name] == "" {
			f.add("docs/openapi.yaml", "no operation has the tag %s", tag.Name)
		}
		delete(used, tag.Name)
	}
	for tag, where := range used {
		f.add("docs/openapi.yaml", "%s has the tag %s, which is not described", where, tag)
	}
}
