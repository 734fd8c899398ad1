package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestThreatsAreHeld: each threat in docs/security.md names existing tests of its
// countermeasures: a folder with test functions, or a script.
func TestThreatsAreHeld(t *testing.T) {
	f := rule(t, "threats")
	const page = "docs/security.md"
	row := regexp.MustCompile(`(?m)^\| [STRIDE] \| ([^|]+) \|.*\| ([^|]+) \|$`)
	quoted := regexp.MustCompile("`([^`]+)`")
	threats := row.FindAllStringSubmatch(read(t, page), -1)
	if len(threats) < 30 {
		f.add(page, "has only %d threats", len(threats))
	}
	for _, threat := range threats {
		tests, found := "", 0
		for _, name := range quoted.FindAllStringSubmatch(threat[2], -1) {
			switch path := filepath.Join(root, name[1]); {
			case filepath.Ext(path) != "": // TestPaths checks it
				found++
			case strings.Contains(name[1], "/"):
				tests = sourceOfTests(t, path)
			case strings.Contains(tests, "\nfunc "+name[1]+"("):
				found++
			default:
				f.add(page, "%s: there is no %s", threat[1], name[1])
			}
		}
		if found == 0 {
			f.add(page, "%s: no test is named", threat[1])
		}
	}
}

func sourceOfTests(t *testing.T, folder string) (all string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all += string(text)
	}
	return all
}
