package rules

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// TestCalls: some functions may be called only in some places.
func TestCalls(t *testing.T) {
	main := func(f file) bool { return path.Base(f.name) == "main.go" }
	command := func(f file) bool { return f.below("infra", "client/cmd") }
	for _, r := range []struct {
		name    string
		calls   []string
		allowed func(file) bool
	}{
		{"environment", []string{"os.Getenv", "os.LookupEnv", "os.Environ"}, func(f file) bool { return f.below("shared/env") || command(f) }},
		{"exit", []string{"os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln", "lambda.Start", "lambda.StartWithOptions"}, main},
		{"context", []string{"context.Background", "context.TODO"}, main},
		{"print", []string{"fmt.Print", "fmt.Printf", "fmt.Println", "log.Print", "log.Printf", "log.Println"}, command},
	} {
		t.Run(r.name, func(t *testing.T) {
			f := rule(t, r.name)
			for _, file := range source(t) {
				if file.test || file.below("tests") || r.allowed(file) {
					continue
				}
				file.calls(func(name string, at token.Pos) {
					if slices.Contains(r.calls, name) {
						f.add(file.name, "line %d: %s does not belong here", file.line(at), name)
					}
				})
			}
		})
	}
}

// TestNoInit: initialization is in main, in a visible order.
func TestNoInit(t *testing.T) {
	f := rule(t, "init")
	for _, file := range source(t) {
		for _, decl := range file.ast.Decls {
			if function, ok := decl.(*ast.FuncDecl); ok && function.Recv == nil && function.Name.Name == "init" {
				f.add(file.name, "init()")
			}
		}
	}
}

// TestPackageVariables: nothing changes package variables, so that a warm
// environment keeps no state by accident.
func TestPackageVariables(t *testing.T) {
	f := rule(t, "variables")
	variables := map[string]map[string]string{} // folder to name to file
	for _, file := range source(t) {
		if file.test {
			continue
		}
		for _, name := range packageVariables(file) {
			if variables[file.folder()] == nil {
				variables[file.folder()] = map[string]string{}
			}
			variables[file.folder()][name] = file.name
		}
	}
	for _, file := range source(t) {
		if file.test {
			continue
		}
		for _, decl := range file.ast.Decls {
			if function, ok := decl.(*ast.FuncDecl); ok && function.Body != nil {
				for name, at := range changed(function) {
					if home := variables[file.folder()][name]; home != "" {
						f.add(home+": "+name, "changed in %s, line %d", file.name, file.line(at))
					}
				}
			}
		}
	}
}

// packageVariables lists a file's package variables. A variable without a value must
// be meant to be changed, unless a file is embedded in it.
func packageVariables(f file) (names []string) {
	for _, decl := range f.ast.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				if name.Name != "_" {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}

// changed finds the names that a function assigns to, even through a field, an
// element or an address, without declaring them.
func changed(function *ast.FuncDecl) map[string]token.Pos {
	found, own := map[string]token.Pos{}, map[string]bool{}
	declare := func(e ast.Expr) {
		if name, ok := e.(*ast.Ident); ok {
			own[name.Name] = true
		}
	}
	change := func(e ast.Expr) {
		if name := rootName(e); name != nil {
			found[name.Name] = name.Pos()
		}
	}
	ast.Inspect(function, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.Field:
			for _, name := range x.Names {
				declare(name)
			}
		case *ast.ValueSpec:
			for _, name := range x.Names {
				declare(name)
			}
		case *ast.RangeStmt:
			if x.Tok == token.DEFINE {
				declare(x.Key)
				declare(x.Value)
			}
		case *ast.AssignStmt:
			for _, left := range x.Lhs {
				if x.Tok == token.DEFINE {
					declare(left)
				} else {
					change(left)
				}
			}
		case *ast.IncDecStmt:
			change(x.X)
		case *ast.UnaryExpr:
			if x.Op == token.AND {
				change(x.X)
			}
		case *ast.CallExpr:
			if name, ok := x.Fun.(*ast.Ident); ok && slices.Contains([]string{"delete", "clear"}, name.Name) {
				change(x.Args[0])
			}
		}
		return true
	})
	for name := range own {
		delete(found, name)
	}
	return found
}

// rootName returns x for x, x.f, x[i] and *x, nil if it is not a variable.
func rootName(e ast.Expr) *ast.Ident {
	switch x := e.(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		return rootName(x.X)
	case *ast.IndexExpr:
		return rootName(x.X)
	case *ast.StarExpr:
		return rootName(x.X)
	case *ast.ParenExpr:
		return rootName(x.X)
	}
	return nil
}

// TestStateless: shared packages have no main, and no package variable is a lock or a
// pool.
func TestStateless(t *testing.T) {
	f := rule(t, "stateless")
	for _, file := range source(t) {
		if !file.below("shared", "functions") || file.test {
			continue
		}
		if file.below("shared") && file.ast.Name.Name == "main" {
			f.add(file.name, "shared code has no main")
		}
		for _, decl := range file.ast.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || group.Tok != token.VAR {
				continue
			}
			for _, spec := range group.Specs {
				value := spec.(*ast.ValueSpec)
				embedded := strings.Contains(commentText(group.Doc)+commentText(value.Doc), "go:embed")
				if len(value.Values) == 0 && value.Names[0].Name != "_" && !embedded {
					f.add(file.name+": "+value.Names[0].Name, "a package variable without a value must be meant to be changed")
				}
			}
		}
	}
}

// commentText returns a comment with its directives, which Text omits.
func commentText(group *ast.CommentGroup) string {
	if group == nil {
		return ""
	}
	var b strings.Builder
	for _, c := range group.List {
		b.WriteString(c.Text)
	}
	return b.String()
}
