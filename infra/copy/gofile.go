package main

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// tidy removes the imports that a Go file no longer needs, and formats it.
func tidy(name, text string) (string, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return "", fmt.Errorf("a cut broke the file: %w", err)
	}
	used := map[string]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok {
			if pkg, ok := selector.X.(*ast.Ident); ok {
				used[pkg.Name] = true
			}
		}
		return true
	})
	lines := strings.SplitAfter(text, "\n")
	for _, spec := range file.Imports {
		if local := packageName(spec); local != "_" && local != "." && !used[local] {
			lines[set.Position(spec.Pos()).Line-1] = ""
		}
	}
	text = regexp.MustCompile(`\nimport \(\s*\)\n`).ReplaceAllString(strings.Join(lines, ""), "\n")
	text = regexp.MustCompile(`(?m)^(import \(\n)\n+`).ReplaceAllString(text, "$1")
	formatted, err := format.Source([]byte(text))
	return string(formatted), err
}

// packageName returns the name by which a file refers to an import.
func packageName(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	name, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return "_"
	}
	base := path.Base(name)
	if regexp.MustCompile(`^v\d+$`).MatchString(base) {
		base = path.Base(path.Dir(name))
	}
	base, _, _ = strings.Cut(strings.TrimPrefix(base, "go-"), ".")
	return base[strings.LastIndexByte(base, '-')+1:]
}
