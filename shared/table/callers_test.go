package table_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCallersAreKnown finds the functions that call transact in the source, so
// that a new one has to be tested here.
func TestCallersAreKnown(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "transact.go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if function, ok := decl.(*ast.FuncDecl); ok && transacts(function) {
				found = append(found, receiver(function)+function.Name.Name)
			}
		}
	}
	slices.Sort(found)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(callers())), found); diff != "" {
		t.Errorf("callers of transact (-tested +found)\n%s", diff)
	}
}

func transacts(function *ast.FuncDecl) (calls bool) {
	ast.Inspect(function.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			name, ok := call.Fun.(*ast.Ident)
			calls = calls || ok && strings.HasPrefix(name.Name, "transact")
		}
		return true
	})
	return calls
}

func receiver(function *ast.FuncDecl) string {
	if function.Recv == nil {
		return ""
	}
	if pointer, ok := function.Recv.List[0].Type.(*ast.StarExpr); ok {
		return pointer.X.(*ast.Ident).Name + "."
	}
	return function.Recv.List[0].Type.(*ast.Ident).Name + "."
}
