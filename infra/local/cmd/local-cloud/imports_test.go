package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers lists the packages of the module from top to bottom. A package imports only packages of lower layers.
var layers = [][]string{
	{"cmd/aws-check", "cmd/local-cloud"},
	{"site"},
	{"cloud", "console", "develop"},
	{"delivery", "plan", "terminal"},
	{"userpools"},
	{"account", "bus", "cloudfront", "cognito", "components", "conformance", "emulators", "guard", "httpapi", "lambda", "logs", "loopback", "missing", "schedule", "secrets", "ses", "sns", "sources", "sqs", "ssm", "stack", "watch"},
	{"awsjson", "disk", "iam", "objectkeys", "openapi", "pattern", "template"},
	{"disk/disktest"},
}

// readers are the packages that may read templates: cloud loads the file, develop compares two versions, plan and
// userpools plan, and stack creates tables, buckets and queues.
var readers = []string{"cloud", "develop", "plan", "stack", "userpools"}

// sizes limits the lines of packages that tend to attract code that belongs in others.
var sizes = map[string]int{"cmd/local-cloud": 250, "site": 800, "cloud": 600, "plan": 2000}

func TestImportsGoDown(t *testing.T) {
	const module = "github.com/minim-dev/minim/"
	const own = module + "infra/local/"
	lines := map[string]int{}
	for file, imports := range files(t, lines) {
		folder := path.Dir(file)
		from := layer(folder)
		if from < 0 {
			t.Errorf("%s is in no layer", folder)
			continue
		}
		for _, imported := range imports {
			name, inside := strings.CutPrefix(imported, own)
			switch to := layer(name); {
			case !inside && strings.HasPrefix(imported, module):
				t.Errorf("%s imports %s: the local cloud imports nothing of the application", file, imported)
			case inside && to <= from:
				t.Errorf("%s imports %s, which is not below %s", file, name, folder)
			case name == "template" && !slices.Contains(readers, folder):
				t.Errorf("%s imports template; read from the plan instead", file)
			}
		}
	}
	for folder, most := range sizes {
		if lines[folder] == 0 || lines[folder] > most {
			t.Errorf("%s has %d lines; the limit is %d", folder, lines[folder], most)
		}
	}
	for _, folders := range layers {
		for _, folder := range folders {
			if _, err := os.Stat(filepath.Join("..", "..", folder)); err != nil {
				t.Errorf("there is no package %s", folder)
			}
		}
	}
}

func layer(folder string) int {
	return slices.IndexFunc(layers, func(folders []string) bool { return slices.Contains(folders, folder) })
}

// files returns the imports of each file other than tests, and adds the number of lines of each package to lines.
func files(t *testing.T, lines map[string]int) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	root := os.DirFS(filepath.Join("..", ".."))
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == "testdata" {
			return fs.SkipDir
		}
		if entry.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		lines[path.Dir(name)] += strings.Count(string(text), "\n")
		parsed, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		all[name] = nil
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			all[name] = append(all[name], imported)
		}
		return nil
	})
	if err != nil || len(all) < 100 {
		t.Fatalf("%d files: %v", len(all), err)
	}
	return all
}
