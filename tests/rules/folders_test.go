package rules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestFolders: all function folders have the same files.
func TestFolders(t *testing.T) {
	f := rule(t, "folders")
	folders, err := os.ReadDir(filepath.Join(root, "functions"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		name := "functions/" + folder.Name()
		for _, needed := range []string{"main.go", "handler.go", "handler_test.go", "function.yml", "policy.yml", "testdata/event.json"} {
			if _, err := os.Stat(filepath.Join(root, name, needed)); err != nil {
				f.add(name+"/"+needed, "is missing")
			}
		}
	}
}

// TestPolicies: a policy names its actions and its resources.
func TestPolicies(t *testing.T) {
	f := rule(t, "policies")
	policies, err := filepath.Glob(filepath.Join(root, "functions", "*", "policy.yml"))
	if err != nil || len(policies) == 0 {
		t.Fatalf("no policies: %v", err)
	}
	for _, name := range policies {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var list yaml.Node
		if err := yaml.Unmarshal(text, &list); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		relative := "functions/" + filepath.Base(filepath.Dir(name)) + "/policy.yml"
		for key, value := range statements(&list) {
			for _, v := range value {
				switch {
				case key == "Action" && strings.Contains(v, "*"):
					f.add(relative, "action %s: name the actions", v)
				case key == "Resource" && v == "*":
					f.add(relative, "resource *: name the resources")
				case key == "Effect" || key == "NotAction" || key == "NotResource" || key == "Principal":
					f.add(relative, "%s does not belong in a policy of a function", key)
				}
			}
		}
	}
}

// statements collects the values of each key of a list of statements.
func statements(document *yaml.Node) map[string][]string {
	found := map[string][]string{}
	if len(document.Content) == 0 {
		return found
	}
	for _, statement := range document.Content[0].Content {
		for i := 0; i+1 < len(statement.Content); i += 2 {
			key, value := statement.Content[i].Value, statement.Content[i+1]
			values := []*yaml.Node{value}
			if value.Kind == yaml.SequenceNode {
				values = value.Content
			}
			for _, v := range values {
				found[key] = append(found[key], v.Value)
			}
		}
	}
	return found
}
