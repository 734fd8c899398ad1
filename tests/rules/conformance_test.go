package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestConformanceNamesTests: the tests named in docs/conformance.md exist.
func TestConformanceNamesTests(t *testing.T) {
	document, err := os.ReadFile("../../docs/conformance.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z0-9]+)\\.(Test[A-Za-z0-9]+)`").FindAllStringSubmatch(string(document), -1)
	if len(named) < 50 {
		t.Errorf("only %d tests are named", len(named))
	}
	folders := map[string]string{"e2e": "../e2e"}
	source := map[string]string{}
	for _, name := range named {
		folder, special := folders[name[1]]
		if !special {
			folder = "../../infra/local/" + name[1]
		}
		if source[folder] == "" {
			files, err := filepath.Glob(folder + "/*_test.go")
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				source[folder] += string(text)
			}
		}
		if !strings.Contains(source[folder], "func "+name[2]+"(") {
			t.Errorf("docs/conformance.md names %s.%s, which does not exist", name[1], name[2])
		}
	}
	for line := range strings.Lines(string(document)) {
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| behaviour") && !strings.HasPrefix(line, "| ---") && !strings.Contains(line, ".Test") {
			t.Errorf("no test is named: %s", line)
		}
	}
}
