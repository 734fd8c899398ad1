package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/key"
)

// TestScopes: keys can have exactly the scopes that functions ask for, and admin.
func TestScopes(t *testing.T) {
	f := rule(t, "scopes")
	files, err := filepath.Glob(filepath.Join(root, "functions", "*", "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no functions: %v", err)
	}
	asked := map[string]string{"admin": "shared/key"}
	form := regexp.MustCompile(`^[a-z-]+:(read|write)$`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if text, err := strconv.Unquote(literal.Value); err == nil && form.MatchString(text) {
					asked[text] = strings.TrimPrefix(file, root+"/")
				}
			}
			return true
		})
	}
	for _, scope := range key.Scopes() {
		if asked[scope] == "" {
			f.add("shared/key/key.go", "no function asks for the scope %s", scope)
		}
		delete(asked, scope)
	}
	for scope, file := range asked {
		f.add(file, "no key can have the scope %s, which shared/key does not know", scope)
	}
}
