package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const (
	root   = "../.."
	module = "github.com/minim-dev/minim/"
)

// file is a parsed Go file of the project.
type file struct {
	name  string // from the root: shared/link/code.go
	test  bool
	lines int
	set   *token.FileSet
	ast   *ast.File
}

// folder returns the file's package path in the module: shared/link.
func (f file) folder() string { return path.Dir(f.name) }

// below reports whether the file lies in one of the folders.
func (f file) below(folders ...string) bool {
	for _, folder := range folders {
		if strings.HasPrefix(f.name, folder+"/") {
			return true
		}
	}
	return false
}

func (f file) line(p token.Pos) int { return f.set.Position(p).Line }

// imports lists what the file imports.
func (f file) imports() []string {
	var all []string
	for _, spec := range f.ast.Imports {
		if name, err := strconv.Unquote(spec.Path.Value); err == nil {
			all = append(all, name)
		}
	}
	return all
}

// calls reports each call of a package's function as "os.Getenv".
func (f file) calls(visit func(name string, at token.Pos)) {
	ast.Inspect(f.ast, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if pkg, ok := selector.X.(*ast.Ident); ok {
			visit(pkg.Name+"."+selector.Sel.Name, selector.Pos())
		}
		return true
	})
}

// generated is the only generated file, from docs/openapi.yaml. All rules except TestClientIsCurrent ignore it.
const generated = "client/api/api.gen.go"

// parsed parses the source once for all rules.
var parsed = sync.OnceValues(func() ([]file, error) {
	var all []file
	for _, top := range []string{"functions", "shared", "infra", "client", "tests"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "node_modules") {
				return filepath.SkipDir
			}
			if entry.IsDir() || filepath.Ext(name) != ".go" || name == filepath.Join(root, generated) {
				return nil
			}
			f, err := parse(name)
			all = append(all, f)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
})

func parse(name string) (file, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return file{}, err
	}
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	relative, _ := filepath.Rel(root, name)
	return file{
		name: filepath.ToSlash(relative), test: strings.HasSuffix(name, "_test.go"),
		lines: strings.Count(string(text), "\n"), set: set, ast: tree,
	}, err
}

func source(t *testing.T) []file {
	t.Helper()
	all, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	return all
}
