package rules

import (
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The budget.
const (
	functionLines    = 80
	handlerLines     = 150
	mainLines        = 60
	fileLines        = 400
	interfaceMethods = 3
)

func TestFilesAreShort(t *testing.T) {
	f := rule(t, "file length")
	for _, file := range source(t) {
		limit := fileLines
		switch path.Base(file.name) {
		case "main.go":
			limit = mainLines
		case "handler.go":
			limit = handlerLines
		}
		if file.lines > limit {
			f.add(file.name, "%d lines, at most %d", file.lines, limit)
		}
	}
}

func TestFunctionsAreShort(t *testing.T) {
	f := rule(t, "function length")
	for _, file := range source(t) {
		for _, decl := range file.ast.Decls {
			function, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := file.line(function.End()) - file.line(function.Pos()) + 1; n > functionLines {
				f.add(file.name+": "+function.Name.Name, "%d lines, at most %d", n, functionLines)
			}
		}
	}
}

func TestInterfacesAreSmall(t *testing.T) {
	f := rule(t, "interface size")
	for _, file := range source(t) {
		ast.Inspect(file.ast, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if i, ok := spec.Type.(*ast.InterfaceType); ok && i.Methods.NumFields() > interfaceMethods {
				f.add(file.name+": "+spec.Name.Name, "%d methods, at most %d", i.Methods.NumFields(), interfaceMethods)
			}
			return true
		})
	}
}

func TestPackagesAreDocumented(t *testing.T) {
	f := rule(t, "package comment")
	documented := map[string]bool{}
	for _, file := range source(t) {
		if !file.test {
			documented[file.folder()] = documented[file.folder()] || file.ast.Doc.Text() != ""
		}
	}
	for folder, ok := range documented {
		if !ok {
			f.add(folder, "the package has no comment")
		}
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	f := rule(t, "comments")
	for _, file := range source(t) {
		if file.test || file.ast.Name.Name == "main" {
			continue
		}
		for _, decl := range file.ast.Decls {
			for _, name := range undocumented(decl) {
				f.add(file.name+": "+name, "exported without a comment")
			}
		}
	}
}

// undocumented lists the exported names of a declaration without a comment. A comment
// on a group covers the whole group.
func undocumented(decl ast.Decl) (names []string) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc.Text() == "" && exportedReceiver(d) {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && s.Doc.Text()+d.Doc.Text() == "" {
					names = append(names, s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, name := range s.Names {
					if name.IsExported() && s.Doc.Text()+s.Comment.Text()+d.Doc.Text() == "" {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return names
}

// exportedReceiver reports whether a method is visible outside its package. It is true for a
// function, which has no receiver. Methods of unexported types need no comment.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	return ast.IsExported(strings.TrimPrefix(receiverType(d.Recv.List[0].Type), "*"))
}

func receiverType(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.StarExpr:
		return receiverType(x.X)
	case *ast.IndexExpr:
		return receiverType(x.X)
	case *ast.Ident:
		return x.Name
	}
	return ""
}

func TestNames(t *testing.T) {
	f := rule(t, "names")
	empty := []string{"util", "utils", "common", "helper", "helpers", "types", "models", "base", "misc"}
	for _, file := range source(t) {
		if slices.Contains(empty, file.ast.Name.Name) {
			f.add(file.name, "the name %s does not describe the package", file.ast.Name.Name)
		}
		for _, decl := range file.ast.Decls {
			method, ok := decl.(*ast.FuncDecl)
			if !ok || method.Recv == nil || len(method.Recv.List[0].Names) == 0 {
				continue
			}
			if receiver := method.Recv.List[0].Names[0].Name; utf8.RuneCountInString(receiver) > 1 {
				f.add(file.name+": "+method.Name.Name, "receiver %s: one letter", receiver)
			}
		}
	}
}

func TestNothingIsLeftToDo(t *testing.T) {
	f := rule(t, "unfinished")
	for _, file := range source(t) {
		for _, group := range file.ast.Comments {
			for _, word := range []string{"TO" + "DO", "FIX" + "ME", "XX" + "X"} {
				if strings.Contains(group.Text(), word) {
					f.add(file.name, "line %d: %s", file.line(group.Pos()), word)
				}
			}
		}
	}
}
