package template

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestAnchors: values that several resources share are in the file's block `shared`, so that a resource can be
// deleted with its feature without affecting another one.
func TestAnchors(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "infra", "*.yml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	aliases := 0
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var document yaml.Node
		if err := yaml.Unmarshal(source, &document); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		owners, used := map[*yaml.Node]string{}, map[*yaml.Node]string{}
		visit(&document, nil, func(node *yaml.Node, path []string) {
			owner := strings.Join(path[:min(len(path), 2)], ".")
			if len(path) > 0 && path[0] == "stack" {
				owner = strings.Join(path[:min(len(path), 3)], ".")
			}
			if node.Kind == yaml.AliasNode {
				used[node] = owner
			} else if node.Anchor != "" {
				owners[node] = owner
			}
		})
		for alias, user := range used {
			aliases++
			if owner := owners[alias.Alias]; owner != user && !strings.HasPrefix(owner, "shared") {
				t.Errorf("%s:%d: %s uses *%s of %s; define it in the block shared", filepath.Base(name), alias.Line, user, alias.Value, owner)
			}
		}
	}
	if aliases < 10 {
		t.Errorf("%d aliases", aliases)
	}
}

// visit calls a function for each node with the keys that lead to it.
func visit(node *yaml.Node, path []string, do func(*yaml.Node, []string)) {
	do(node, path)
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode {
			if i%2 == 1 {
				visit(child, append(path[:len(path):len(path)], node.Content[i-1].Value), do)
			}
			continue
		}
		visit(child, path, do)
	}
}
