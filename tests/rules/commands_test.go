package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestCommands: every make command in the documentation exists, and so do its
// variables.
func TestCommands(t *testing.T) {
	f := rule(t, "commands")
	makefile := read(t, "Makefile")
	known := map[string]bool{}
	for targets := range names(makefile, `(?m)^([a-z][a-z0-9 -]*):`) {
		for _, target := range strings.Fields(targets) {
			known[target] = true
		}
	}
	variables := names(makefile+read(t, "infra/local/cmd/local-cloud/flags.go"), `(?m)(?:\$\$?[({]?|^[a-z]+: export |^ifndef |^|Getenv\(")([A-Z][A-Z_]+)\b`)
	command := regexp.MustCompile("(?m)(`|^ *|&& |run: )((?:[A-Z_]+=\\S+ )*)make ([a-z][a-z0-9-]*)([^`#\n|;&]*)")
	variable := regexp.MustCompile(`\b([A-Z][A-Z_]+)=`)
	for file, text := range documents(t, ".github/workflows/*.yml") {
		fenced := false
		for line := range strings.Lines(text) {
			if strings.HasPrefix(strings.TrimSpace(line), "```") {
				fenced = !fenced
			}
			for _, match := range command.FindAllStringSubmatch(line, -1) {
				// A sentence may begin with the verb "make"; commands are in code.
				if match[1] != "`" && filepath.Ext(file) == ".md" && !fenced {
					continue
				}
				if !known[match[3]] {
					f.add(file, "make %s is not a command", match[3])
				}
				for _, set := range variable.FindAllStringSubmatch(match[2]+match[4], -1) {
					if !variables[set[1]] {
						f.add(file, "make %s: nothing reads %s", match[3], set[1])
					}
				}
			}
		}
	}
}

// documents returns the texts of all pages of documentation and of the other files
// that match the patterns, by name.
func documents(t *testing.T, patterns ...string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, pattern := range append(patterns, "*.md", "docs/*.md", "docs/*/*.md") {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			name := filepath.ToSlash(strings.TrimPrefix(file, root+string(filepath.Separator)))
			all[name] = read(t, name)
		}
	}
	if len(all) < 20 {
		t.Fatalf("only %d documents", len(all))
	}
	return all
}

// read returns the text of a file of the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// names returns the matches of a pattern's first group in a text.
func names(text, pattern string) map[string]bool {
	all := map[string]bool{}
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		all[match[1]] = true
	}
	return all
}
