package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestCommands: every command that the documentation names exists.
func TestCommands(t *testing.T) {
	f := rule(t, "commands")
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, target := range regexp.MustCompile(`(?m)^([a-z][a-z0-9-]*):`).FindAllStringSubmatch(string(makefile), -1) {
		known[target[1]] = true
	}
	var files []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", ".github/workflows/*.yml"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	command := regexp.MustCompile("(?m)(?:`|^ *|&& |run: )make ([a-z][a-z0-9-]*)")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		fenced := false
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(strings.TrimSpace(line), "```") {
				fenced = !fenced
			}
			for _, match := range command.FindAllStringSubmatch(line, -1) {
				// A sentence may begin with the verb; a command stands in code.
				if begins := !strings.Contains(match[0], "`") && filepath.Ext(file) == ".md" && !fenced; !begins && !known[match[1]] {
					f.add(strings.TrimPrefix(file, root+"/"), "make %s is no command", match[1])
				}
			}
		}
	}
}
