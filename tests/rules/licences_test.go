package rules

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/licensecheck"
)

// permissive are the licences that require at most a notice. Minim has the MIT
// licence, so everything that it links must have one of them. Python-2.0 and
// PSF-2.0 are Python's own licence, which some npm packages use.
var permissive = []string{
	"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0", "Python-2.0",
}

// tolerance allows another licence for some dependencies. Copyleft is allowed only
// for programs that are run, but neither linked nor distributed.
type tolerance struct {
	from    string // the folder of the go.mod or package-lock.json
	name    string // a path.Match pattern of dependencies
	licence string
	reason  string
}

var tolerances = []tolerance{
	{".", "github.com/aws/aws-lambda-go", "unknown: LICENSE-SUMMARY", "says which of the other files is for what"},
	{"infra/local", "github.com/aws/aws-lambda-go", "unknown: LICENSE-SUMMARY", "says which of the other files is for what"},
	{"infra/local", "github.com/dop251/goja", "unknown: LICENSE_LUCENE", "Lucent's own, as permissive as MIT"},
	{"infra/local", "github.com/muhlemmer/gu", "Unlicense", "in the public domain; part of zitadel/oidc"},
	{".", "axe-core", "MPL-2.0", "the browser tests run it unchanged"},
	{"infra/tools", "github.com/hashicorp/*", "MPL-2.0", "part of versitygw, which runs as a process of its own"},
	{"infra/tools", "github.com/hashicorp/go-secure-stdlib/*", "MPL-2.0", "part of versitygw"},
	{"frontend", "lightningcss*", "MPL-2.0", "Vite runs it unchanged to write the site's styles; the site contains none of it"},
	{"tests/bench", "@img/*", "LGPL-3.0-or-later", "the benchmark runs sharp, which loads libvips as a shared library"},
}

// TestLicences: the licences of all dependencies are compatible with ours. For Go it
// checks the packages of our binaries, tests and tools; for npm all packages of
// each lock file. It does not check modules that are in go.sum but are not
// compiled.
func TestLicences(t *testing.T) {
	needed := map[tolerance]bool{}
	found := 0
	check := func(from, name, licence string) {
		found++
		if slices.Contains(permissive, licence) {
			return
		}
		for _, other := range tolerances {
			if matches, _ := path.Match(other.name, name); matches && other.from == from && other.licence == licence {
				needed[other] = true
				return
			}
		}
		t.Errorf("%s: %s has the licence %q, which is not on the list; choose another dependency", from, name, licence)
	}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		from, _ := filepath.Rel(root, filepath.Dir(file))
		switch name := entry.Name(); {
		case entry.IsDir() && (name == "node_modules" || name == "testdata" || name == "build" || name != ".." && strings.HasPrefix(name, ".") && file != root):
			return fs.SkipDir
		case name == "go.mod":
			goLicences(t, filepath.ToSlash(from), check)
		case name == "package-lock.json":
			npmLicences(t, file, filepath.ToSlash(from), check)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 300 {
		t.Errorf("found only %d licences", found)
	}
	for _, other := range tolerances {
		if !needed[other] {
			t.Errorf("%s: no dependency %s has the licence %s; remove the exception", other.from, other.name, other.licence)
		}
	}
}

// goLicences checks the licence files in each package's folder and in those above
// it up to the module's root: a module may contain code of other authors.
func goLicences(t *testing.T, from string, check func(from, name, licence string)) {
	t.Helper()
	seen := map[string]bool{}
	for _, args := range [][]string{{"-test", "./..."}, {"tool"}} {
		list := exec.Command("go", append([]string{"list", "-deps", "-f",
			"{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}"}, args...)...)
		list.Dir = filepath.Join(root, from)
		list.Env = os.Environ()
		if from != "." && !strings.Contains(read(t, "go.work"), "\t./"+from+"\n") {
			list.Env = append(list.Env, "GOWORK=off") // for modules outside the workspace
		}
		var report strings.Builder
		list.Stderr = &report // also contains the modules that it downloads
		out, err := list.Output()
		if err != nil {
			t.Fatalf("%s: %v: %s", from, err, report.String())
		}
		for line := range strings.Lines(string(out)) {
			fields := strings.Split(strings.TrimSpace(line), "\t")
			if len(fields) != 3 {
				continue
			}
			module, top, dir := fields[0], fields[1], fields[2]
			for ; ; dir = filepath.Dir(dir) {
				if !seen[dir] {
					seen[dir] = true
					licences := licencesIn(t, dir)
					if len(licences) == 0 && dir == top {
						check(from, module, "none")
					}
					for _, licence := range licences {
						check(from, module, licence)
					}
				}
				if dir == top || len(dir) < len(top) {
					break
				}
			}
		}
	}
}

// licencesIn identifies the licences in a folder by their texts. A file with too much
// other text is "unknown".
func licencesIn(t *testing.T, dir string) (ids []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`(?i)^(un)?(licen[cs]e|copying)([-_.].*)?$`)
	for _, entry := range entries {
		if entry.IsDir() || filepath.Ext(entry.Name()) == ".go" || !named.MatchString(entry.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		coverage := licensecheck.Scan(text)
		if coverage.Percent < 75 {
			ids = append(ids, "unknown: "+entry.Name())
		}
		for _, match := range coverage.Match {
			ids = append(ids, match.ID)
		}
	}
	return ids
}

// npmLicences checks the declaration of each package in a lock file: one licence, or
// several joined by AND. Of alternatives joined by OR it checks only the first.
func npmLicences(t *testing.T, file, from string, check func(from, name, licence string)) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct{ License string }
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		t.Fatal(err)
	}
	for place, declared := range lock.Packages {
		if place == "" {
			continue // this repository itself
		}
		const folder = "node_modules/"
		name := place[strings.LastIndex(place, folder)+len(folder):]
		first, _, _ := strings.Cut(strings.Trim(declared.License, "()"), " OR ")
		for licence := range strings.SplitSeq(first, " AND ") {
			check(from, name, strings.TrimSpace(licence))
		}
	}
}
