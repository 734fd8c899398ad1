package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDiagram: the diagram of the architecture shows exactly the functions, tables,
// buckets and queues that exist.
func TestDiagram(t *testing.T) {
	f := rule(t, "diagram")
	page, err := os.ReadFile(filepath.Join(root, "docs/architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, diagram, _ := strings.Cut(string(page), "\n```mermaid\n")
	diagram, _, closed := strings.Cut(diagram, "\n```\n")
	if !closed {
		t.Fatal("docs/architecture.md has no diagram")
	}
	shown := map[string]bool{}
	for _, node := range regexp.MustCompile(`\{\{([a-z0-9-]+)\}\}|\[[\[(]([a-z0-9-]+ (?:table|bucket|queue))[\])]\]`).FindAllStringSubmatch(diagram, -1) {
		shown[node[1]+node[2]] = true
	}
	for name := range stands(t) {
		if !shown[name] {
			f.add("docs/architecture.md", "the diagram lacks %s", name)
		}
		delete(shown, name)
	}
	for name := range shown {
		f.add("docs/architecture.md", "the diagram shows %s, which does not exist", name)
	}
}

// stands returns the names of all functions, tables, buckets and queues.
func stands(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	folders, err := filepath.Glob(filepath.Join(root, "functions", "*", "function.yml"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no functions: %v", err)
	}
	for _, folder := range folders {
		all[filepath.Base(filepath.Dir(folder))] = true
	}
	name := regexp.MustCompile(`(Table|Bucket|Queue)Name: (?:!Sub ')?\$\{self:service\}-\$\{sls:stage\}-([a-z0-9-]*[a-z0-9])`)
	files, err := filepath.Glob(filepath.Join(root, "infra", "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range name.FindAllStringSubmatch(string(text), -1) {
			all[found[2]+" "+strings.ToLower(found[1])] = true
		}
	}
	return all
}
