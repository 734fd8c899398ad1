package rules

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/key"
)

// TestScopes: every scope has a constant in shared/key, is in key.Scopes and is
// required by a function; functions use the constants, not their text.
func TestScopes(t *testing.T) {
	f := rule(t, "scopes")
	constants, required := scopeConstants(t), map[key.Scope]bool{key.Admin: true}
	for _, scopes := range requiredScopes(t, constants) {
		for _, scope := range scopes {
			required[scope] = true
		}
	}
	listed := key.Scopes()
	for name, scope := range constants {
		if !slices.Contains(listed, scope) {
			f.add("shared/key/key.go", "the constant %s is not in Scopes", name)
		}
		if !required[scope] {
			f.add("shared/key/key.go", "no function requires the scope %s", scope)
		}
	}
	if len(listed) != len(constants) {
		f.add("shared/key/key.go", "%d scopes in Scopes, %d constants", len(listed), len(constants))
	}
	form := regexp.MustCompile(`^[a-z-]+:(read|write)$`)
	for _, file := range source(t) {
		if file.test || !file.below("functions") {
			continue
		}
		ast.Inspect(file.ast, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if text, err := strconv.Unquote(literal.Value); err == nil && form.MatchString(text) {
					f.add(file.name, "line %d: use the constant of shared/key instead of %q", file.line(literal.Pos()), text)
				}
			}
			return true
		})
	}
}

// TestScopesOfRoutes: every route for API keys requires a scope, and a route that
// changes something or starts work requires a scope other than a read scope.
func TestScopesOfRoutes(t *testing.T) {
	f := rule(t, "scopes of routes")
	required := requiredScopes(t, scopeConstants(t))
	route := regexp.MustCompile(`(?m)^ *- httpApi: \{method: (\w+), path: '?([^,']+)'?, authorizer: \{name: keys\}\}$`)
	paths, err := filepath.Glob(filepath.Join(root, "functions", "*", "function.yml"))
	if err != nil {
		t.Fatal(err)
	}
	routes := 0
	for _, path := range paths {
		name := filepath.Base(filepath.Dir(path))
		where, scopes := "functions/"+name+"/function.yml", required[name]
		text := read(t, where)
		found := route.FindAllStringSubmatch(text, -1)
		if strings.Count(text, "{name: keys}") != len(found) {
			f.add(where, "write a route on one line: - httpApi: {method: GET, path: '/api/notes', authorizer: {name: keys}}")
		}
		for _, match := range found {
			routes++
			if len(scopes) == 0 {
				f.add(where, "%s %s requires no scope", match[1], match[2])
			}
			onlyRead := !slices.ContainsFunc(scopes, func(s key.Scope) bool { return !strings.HasSuffix(string(s), ":read") })
			if match[1] != "GET" && match[1] != "HEAD" && onlyRead {
				f.add(where, "%s %s requires only %v; a read scope permits no change and starts no work", match[1], match[2], scopes)
			}
		}
	}
	if routes == 0 {
		t.Error("no function has a route for API keys")
	}
}

// scopeConstants returns the constants of type Scope in shared/key by their names.
func scopeConstants(t *testing.T) map[string]key.Scope {
	constants := map[string]key.Scope{}
	for _, file := range source(t) {
		if file.name != "shared/key/key.go" {
			continue
		}
		ast.Inspect(file.ast, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			kind, _ := spec.Type.(*ast.Ident)
			value, _ := spec.Values[0].(*ast.BasicLit)
			if kind != nil && kind.Name == "Scope" && value != nil {
				text, err := strconv.Unquote(value.Value)
				if err != nil {
					t.Fatal(err)
				}
				constants[spec.Names[0].Name] = key.Scope(text)
			}
			return true
		})
	}
	return constants
}

// requiredScopes returns the scopes that each function's code names, by folder.
func requiredScopes(t *testing.T, constants map[string]key.Scope) map[string][]key.Scope {
	required := map[string][]key.Scope{}
	for _, file := range source(t) {
		if file.test || !file.below("functions") {
			continue
		}
		file.calls(func(name string, _ token.Pos) {
			if constant, ok := strings.CutPrefix(name, "key."); ok && constants[constant] != "" {
				function := filepath.Base(file.folder())
				required[function] = append(required[function], constants[constant])
			}
		})
	}
	return required
}
