package main

import (
	"errors"
	"fmt"
	"go/format"
	"regexp"
	"strings"
)

// publish plans what a route needs: an operation in the contract, a scope for API keys, and a row in the test of every
// operation with every kind of credential.
func (f function) publish(t *tree) error {
	return errors.Join(
		t.edit("docs/openapi.yaml", f.document),
		t.edit("shared/key/key.go", f.admit),
		t.edit("tests/e2e/authorization_test.go", f.access),
	)
}

// access adds the operation to the text of the authorization matrix, before the last one.
func (f function) access(text string) (string, error) {
	last := regexp.MustCompile(`(?m)^\t\t"getHealth":`).FindStringIndex(text)
	if last == nil {
		return "", errors.New("has no row getHealth")
	}
	changed, err := format.Source([]byte(text[:last[0]] + fmt.Sprintf("\t\t%q: {scope: key.%s},\n", f.Operation, f.ScopeName) + text[last[0]:]))
	return string(changed), err
}

// document adds the function's operation to the text of docs/openapi.yaml: to
// its path if that exists, otherwise at the end of the paths.
func (f function) document(text string) (string, error) {
	text = f.listScope(f.tag(text))
	begin, end := block(text)
	if begin == end {
		return "", errors.New("has no paths")
	}
	paths := text[begin:end]
	item, err := f.item(paths)
	if err != nil {
		return "", err
	}
	f.Parameters = len(f.Variables) > 0
	if item == "" {
		operation, err := f.fill("openapi.yaml")
		return text[:end] + "\n  " + f.Path + ":\n" + string(operation) + text[end:], err
	}
	if strings.Contains(item, "\n    parameters:\n") {
		f.Parameters = false
	}
	operation, err := f.fill("openapi.yaml")
	at := begin + strings.Index(paths, item) + len(item)
	return text[:at] + string(operation) + text[at:], err
}

// listScope adds the scope to the list in the description of API keys.
func (f function) listScope(text string) string {
	if strings.Contains(text, "`"+f.Scope+"`") {
		return text
	}
	if strings.Contains(text, " and `admin`.") {
		return strings.Replace(text, " and `admin`.", ", `"+f.Scope+"` and `admin`.", 1)
	}
	return strings.Replace(text, "`admin`.", "`"+f.Scope+"` and `admin`.", 1)
}

// block returns the beginning and end of the paths: they end before the next top-level key and its comment.
func block(text string) (begin, end int) {
	found := regexp.MustCompile(`(?m)^paths:\n(?:(?:[ #].*)?\n)*`).FindStringIndex(text)
	if found == nil {
		return 0, 0
	}
	paths := text[found[0]:found[1]]
	if after := regexp.MustCompile(`(?m)(?:^(?:#.*)?\n)+\z`).FindStringIndex(paths); after != nil {
		paths = paths[:after[0]]
	}
	return found[0], found[0] + len(paths)
}

// tag adds the function's tag to the list of tags, if there is a list and it lacks the tag.
func (f function) tag(text string) string {
	before, list, found := strings.Cut(text, "\ntags:\n")
	end := regexp.MustCompile(`(?m)^\S|^$`).FindStringIndex(list)
	if !found || end == nil || strings.Contains(list[:end[0]], "- name: "+f.Plural+"\n") {
		return text
	}
	entry := fmt.Sprintf("  - name: %s\n    description: %s\n", f.Plural, title(strings.ReplaceAll(f.Plural, "-", " ")))
	return before + "\ntags:\n" + list[:end[0]] + entry + list[end[0]:]
}

// item returns the text of the path in the paths, "" if it is missing. The error
// is not nil if the API could not distinguish the route from an existing one.
func (f function) item(paths string) (string, error) {
	anonymous := regexp.MustCompile(`\{\w+\}`)
	starts := regexp.MustCompile(`(?m)^  (/\S*):\n`).FindAllStringSubmatchIndex(paths, -1)
	for _, start := range starts {
		path := paths[start[2]:start[3]]
		if anonymous.ReplaceAllString(path, "{}") != anonymous.ReplaceAllString(f.Path, "{}") {
			continue
		}
		if path != f.Path {
			return "", fmt.Errorf("ROUTE=%q: the path exists with other names, %s; use those", f.Route, path)
		}
		item := paths[start[0]:]
		if next := regexp.MustCompile(`\n(\n*  \S|\n*$)`).FindStringIndex(item); next != nil {
			item = item[:next[0]+1]
		}
		if strings.Contains(item, "\n    "+strings.ToLower(f.Method)+":\n") {
			return "", fmt.Errorf("ROUTE=%q exists already; choose another route", f.Route)
		}
		return item, nil
	}
	return "", nil
}
