package rules

import (
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// banned are words and phrases that must not return, with their replacements
// (docs/glossary.md). Patterns match lower-case text. Add one only if it cannot match
// ordinary English.
var banned = []struct{ pattern, instead string }{
	// Field terms: one word per concept.
	{`\bpictures?\b`, "image"},
	{`\bcrowds?\b`, "hot counter"},
	{`\bshel(f|ves)\b`, "index partition"},
	{`\bcondemn(s|ed)?\b|\bbur(y|ies|ied)\b`, "claim for deletion, purge, delete"},
	{`\bwishes\b`, "notifications"},
	{`\bdoom(s|ed)?\b`, "kill"},
	{`\bfarewell\b|\bpatience\b`, "timeout, margin"},
	{`\bcleared away\b`, "deleted"},

	// Phrases that read like a translation.
	{`\bwhat only computes\b`, "parts that only compute"},
	{`\b(is|are|was|were|be|been) told\b`, "gets, is notified, is reported"},
	{`\bis said to be\b`, "state the fact"},
	{`\bwhat only (computes|copies|reads)\b`, "name the functions"},
	{`\bthe matter with\b`, "wrong with"},
	{`\blooks? whether\b`, "checks whether"},
	{`\b(has|have) done again\b|\bhave it done\b`, "reprocess"},
	{`\bin vain\b`, "after N failed attempts"},
	{`\bwhat (is|are) not at rest\b|\bone at rest\b`, "unfinished items"},
	{`\bstands? against\b`, "prevents, makes … fail"},
	{`\bkeeps? nobody\b|\bwhen nobody comes\b|\bnobody gets in\b`, "name the effect"},
	{`\btells? whether\b`, "reports whether"},
	{`\bhow far (it|an image) is\b`, "its progress, its status"},
}

// stored are texts that keep an old word, because it names something that is stored.
var stored = []string{
	"<picture>", "</picture>", // elements of HTML
	"`crowd`", "`crowd: true`", // the mark of hot counters in docs/decisions/counters.md
	`"crowd"`, `"shelf"`, `"pictures"`, // attributes of items
}

// TestLanguage: pages, comments and messages use plain English and one term per concept.
func TestLanguage(t *testing.T) {
	f := rule(t, "language")
	var patterns []string
	for _, b := range banned {
		patterns = append(patterns, b.pattern)
	}
	all := regexp.MustCompile(strings.Join(patterns, "|"))
	check := func(name, text string) {
		for _, s := range stored {
			text = strings.ReplaceAll(text, s, "")
		}
		for _, found := range all.FindAllString(strings.ToLower(text), -1) {
			f.add(name, "%q; write: %s", found, instead(found))
		}
	}
	pages := documents(t)
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		if name != "CHANGELOG.md" { // about the past
			check(name, pages[name])
		}
	}
	for _, pattern := range []string{"frontend/*.html", "frontend/src/*.ts*", "frontend/src/*/*.ts*", "frontend/src/*/*.css", "infra/*.js", "infra/edge/*.js", "infra/stages/*.yml", "functions/*/*.yml"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, ".d.ts") {
				continue // generated
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			check(strings.TrimPrefix(filepath.ToSlash(file), root+"/"), string(text))
		}
	}
	for _, file := range source(t) {
		if file.name == "tests/rules/language_test.go" {
			continue
		}
		for _, group := range file.ast.Comments {
			check(file.name, group.Text())
		}
		for _, text := range sentences(file) {
			check(file.name, text)
		}
	}
}

// instead returns the replacement for a banned text.
func instead(found string) string {
	for _, b := range banned {
		if regexp.MustCompile(b.pattern).MatchString(found) {
			return b.instead
		}
	}
	return ""
}

// sentences returns the string literals of a file with more than three words: messages
// and help, but not keys, names or expressions of DynamoDB.
func sentences(f file) []string {
	var all []string
	expression := regexp.MustCompile(`^,? ?(SET|ADD|REMOVE|DELETE|attribute_|#)|[=:<]:|= :`)
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok {
			if text, err := strconv.Unquote(literal.Value); err == nil && len(strings.Fields(text)) > 3 && !expression.MatchString(text) {
				all = append(all, text)
			}
		}
		return true
	})
	return all
}
