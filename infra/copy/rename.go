package main

import (
	"errors"
	"fmt"
	"go/format"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"
)

const origin = "github.com/minim-dev/minim"

var (
	lower  = regexp.MustCompile(`\bminim\b`)
	title  = regexp.MustCompile(`\bMinim\b`)
	folder = regexp.MustCompile(`/minim/`)  // of the command
	upper  = regexp.MustCompile(`\bMINIM_`) // variables of the environment
)

// rename gives the copy its module path and its name. The licence keeps its authors.
func (t tree) rename(o order) error {
	if t["serverless.yml"].text == "" {
		return errors.New("there is no serverless.yml")
	}
	words := regexp.MustCompile(`-`).ReplaceAllString(o.name, " ")
	capital := strings.ToUpper(words[:1]) + words[1:]
	for name, file := range maps.Clone(t) {
		if moved := folder.ReplaceAllLiteralString(name, "/"+o.name+"/"); moved != name {
			delete(t, name)
			name = moved
			t[name] = file
		}
		if name == "LICENSE" || !utf8.ValidString(file.text) || strings.Contains(file.text, "\x00") {
			continue
		}
		before := file.text
		// The name must not change inside the new module's path.
		file.text = strings.ReplaceAll(file.text, origin, "\x00")
		file.text = lower.ReplaceAllLiteralString(file.text, o.name)
		file.text = title.ReplaceAllLiteralString(file.text, capital)
		file.text = upper.ReplaceAllLiteralString(file.text, strings.ToUpper(strings.ReplaceAll(o.name, "-", "_"))+"_")
		file.text = strings.ReplaceAll(file.text, "\x00", o.module)
		if file.text != before && path.Ext(name) == ".go" {
			text, err := format.Source([]byte(file.text))
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			file.text = string(text)
		}
		t[name] = file
	}
	return nil
}

// prune removes the reasons for dependencies that go.mod no longer lists.
func prune(root string) error {
	page := filepath.Join(root, dependencies)
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	var listed strings.Builder
	for _, name := range []string{"go.mod", "client/go.mod", "infra/local/go.mod", "infra/tools/go.mod", "tests/load/go.mod", "package.json", "tests/bench/package.json", "tests/requirements.txt", "Makefile", "infra/commands/dynamodb-local"} {
		more, err := os.ReadFile(filepath.Join(root, name))
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		listed.Write(regexp.MustCompile(`(?m)^.*// indirect$`).ReplaceAll(more, nil))
	}
	var kept strings.Builder
	for line := range strings.Lines(string(text)) {
		row := regexp.MustCompile("^\\| ([^|]*`[^|]*) \\|").FindStringSubmatch(line)
		if row == nil || needed(row[1], listed.String()) {
			kept.WriteString(line)
		}
	}
	return os.WriteFile(page, []byte(kept.String()), 0o644)
}

// needed reports whether a dependency in a row's first cell is listed.
func needed(cell, listed string) bool {
	for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
		if strings.Contains(listed, name[1]) || strings.Contains(listed, path.Dir(name[1])+" ") {
			return true
		}
	}
	return false
}
