package rules

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestLinks: every link between pages leads to a file, and every #anchor to a
// heading in it.
func TestLinks(t *testing.T) {
	f := rule(t, "links")
	link := regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"`)
	outside := regexp.MustCompile(`^[a-z]+:`)
	for file, text := range documents(t) {
		for _, match := range link.FindAllStringSubmatch(text, -1) {
			target := match[1] + match[2]
			if outside.MatchString(target) {
				continue
			}
			name, anchor, _ := strings.Cut(target, "#")
			if name == "" {
				name = file
			} else {
				name = path.Join(path.Dir(file), name)
			}
			if _, err := os.Stat(filepath.Join(root, name)); err != nil {
				f.add(file, "%s does not exist", target)
			} else if anchor != "" && !anchors(read(t, name))[anchor] {
				f.add(file, "%s: there is no such heading", target)
			}
		}
	}
}

// anchors returns GitHub's anchors of a page's headings.
func anchors(page string) map[string]bool {
	all := map[string]bool{}
	dropped := regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
	for heading := range names(page, `(?m)^#+ (.+)$`) {
		all[strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")] = true
	}
	return all
}

// TestPaths: every file and folder of the repository that a page names exists.
// Files that a page says to create or to delete in a copy are ignored.
func TestPaths(t *testing.T) {
	f := rule(t, "paths")
	named := regexp.MustCompile("`(?:\\./)?((?:functions|shared|infra|client|tests|docs|frontend|\\.github)/[\\w./*{},-]*)`")
	for file, text := range documents(t) {
		for _, match := range named.FindAllStringSubmatch(text, -1) {
			for _, pattern := range alternatives(strings.TrimSuffix(match[1], "/...")) {
				if strings.Contains(pattern, "/note") || strings.HasPrefix(pattern, "infra/local/NAME") {
					continue
				}
				found, err := filepath.Glob(filepath.Join(root, pattern))
				if err != nil || len(found) == 0 {
					f.add(file, "there is no %s", pattern)
				}
			}
		}
	}
}

// alternatives expands a{b,c}, once.
func alternatives(pattern string) []string {
	before, rest, found := strings.Cut(pattern, "{")
	inside, after, closed := strings.Cut(rest, "}")
	if !found || !closed {
		return []string{pattern}
	}
	var all []string
	for choice := range strings.SplitSeq(inside, ",") {
		all = append(all, before+choice+after)
	}
	return all
}

// TestDependencies: docs/decisions has a reason for each dependency, and for no
// others.
func TestDependencies(t *testing.T) {
	const page = "docs/decisions/dependencies.md"
	f := rule(t, "dependencies")
	modules := read(t, "go.mod") + read(t, "infra/local/go.mod") + read(t, "client/go.mod") + read(t, "tests/load/go.mod")
	tools, _, _ := strings.Cut(read(t, "infra/tools/go.mod"), "\n)\n")
	packages := read(t, "package.json") + read(t, "frontend/package.json") + read(t, "tests/bench/package.json") + read(t, "tests/contract/package.json") + read(t, "infra/local/components/fauxqs/package.json")
	found := names(modules, `(?m)^\t(\S+) v[^ \n]+$`) // without "// indirect": direct dependencies
	maps.DeleteFunc(found, func(name string, _ bool) bool { return strings.HasPrefix(name+"/", module) })
	for tool := range names(tools, `(?m)^\t(\S+)$`) {
		found[path.Base(tool)] = true
	}
	for name := range names(packages, `(?m)^    "([^"]+)": "\d`) {
		found[name] = true
	}
	for name := range names(read(t, "tests/requirements.txt"), `(?m)^([a-z-]+)[=\[]`) {
		found[name] = true
	}
	// The downloads of the Makefile and its scripts.
	makefile := read(t, "Makefile") + read(t, "infra/local/components/components.go")
	for _, pattern := range []string{`= "(amplify-[a-z-]+)@`, `go install github\.com/([a-z-]+/[a-z-]+)/`} {
		for name := range names(makefile, pattern) {
			found[name] = true
		}
	}
	if len(found) < 30 {
		t.Fatalf("only %d dependencies found", len(found))
	}
	needed := map[string]bool{}
	for name := range found {
		name = strings.TrimPrefix(name, "github.com/")
		reason := ""
		for row := range reasons(read(t, page)) {
			// A row is about a module, one of its packages, or a family of modules.
			if row == name || path.Dir(row) == name || strings.HasPrefix(name, row+"/") {
				reason = row
				needed[row] = true
			}
		}
		if reason == "" {
			f.add(page, "%s has no reason", name)
		}
	}
	for row := range reasons(read(t, page)) {
		if !needed[row] {
			f.add(page, "%s is no longer a dependency", row)
		}
	}
}

// reasons returns the names in the first column of a page's tables.
func reasons(page string) map[string]bool {
	all := map[string]bool{}
	for cell := range names(page, `(?m)^\| ([^|]*`+"`"+`[^|]*) \|`) {
		for name := range names(cell, "`([^`]+)`") {
			all[name] = true
		}
	}
	return all
}
