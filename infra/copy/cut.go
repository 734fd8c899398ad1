package main

import (
	_ "embed" // the copy's README
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

//go:embed readme.md
var readme string

// cut removes the features from the files.
func (t tree) cut(left []*feature) error {
	original := maps.Clone(t)
	var outdated []error // all at once, since a change may break many patterns
	for _, f := range left {
		outdated = append(outdated, t.remove(f, original)...)
	}
	for _, f := range left {
		outdated = append(outdated, t.edit(f, original)...)
	}
	if err := errors.Join(outdated...); err != nil {
		return err
	}
	for _, f := range left {
		t.exemplify(f)
	}
	for name, file := range t {
		if file.changed() && path.Ext(name) == ".go" {
			text, err := tidy(name, file.text)
			if err != nil {
				return err
			}
			file.text = text
			t[name] = file
		}
	}
	t.prune()
	t["README.md"] = entry{text: readme, mode: 0o644}
	if err := t.document(left, original); err != nil {
		return err
	}
	return t.check(left)
}

// remove removes the files of a feature. A pattern names files, or folders with all their files.
func (t tree) remove(f *feature, original tree) []error {
	var outdated []error
	for _, pattern := range f.Files {
		found := false
		for name := range original {
			if belongs(name, pattern) {
				found = true
				delete(t, name)
			}
		}
		if !found {
			outdated = append(outdated, fmt.Errorf("infra/features.yml: %s: no file matches %s", f.name, pattern))
		}
	}
	return outdated
}

// belongs reports whether the pattern matches the file, or a folder it is in.
func belongs(name, pattern string) bool {
	for ; name != "."; name = path.Dir(name) {
		if matched, err := path.Match(pattern, name); err == nil && matched {
			return true
		}
	}
	return false
}

// edit changes the feature's parts of other files. A file or part that another feature has already removed is
// ignored; one that is missing in the original is an error, so that infra/features.yml cannot get out of date.
func (t tree) edit(f *feature, original tree) []error {
	var outdated []error
	for _, name := range slices.Sorted(maps.Keys(f.Cuts)) {
		before, ok := original[name]
		if !ok {
			outdated = append(outdated, fmt.Errorf("infra/features.yml: %s: there is no file %s", f.name, name))
			continue
		}
		file, left := t[name]
		for _, e := range f.Cuts[name] {
			if !e.pattern.MatchString(before.text) {
				outdated = append(outdated, fmt.Errorf("infra/features.yml: %s: %s: nothing matches %q", f.name, name, e.pattern.String()[len("(?m)"):]))
				continue
			}
			if !left {
				continue
			}
			if e.replace != nil {
				file.text = e.pattern.ReplaceAllString(file.text, *e.replace)
			} else {
				file.text = removeBlocks(file.text, e.pattern)
			}
		}
		if left {
			t[name] = file
		}
	}
	return outdated
}

// exemplify replaces the feature's names in examples, longer names first.
func (t tree) exemplify(f *feature) {
	var pairs []string
	for _, name := range slices.SortedFunc(maps.Keys(f.Examples), func(a, b string) int { return len(b) - len(a) }) {
		pairs = append(pairs, name, f.Examples[name])
	}
	replacer := strings.NewReplacer(pairs...)
	for name, file := range t {
		if !generic(name) && path.Ext(name) != ".md" {
			file.text = replacer.Replace(file.text)
			t[name] = file
		}
	}
}

var (
	comment = regexp.MustCompile(`^\s*(//|#($|[^!#])|<!--)`)
	closing = regexp.MustCompile(`^\s*([\])}]|</|\*/|-->)`)
)

// removeBlocks removes each line that the pattern matches, together with its block: the lines below it that are
// indented deeper, the line that closes it, and the comment directly above it. All of the project's languages are
// indented by their structure, so this rule is the same for Go, YAML, JavaScript, HTML and Makefiles.
func removeBlocks(text string, pattern *regexp.Regexp) string {
	lines := strings.SplitAfter(text, "\n")
	for i := 0; i < len(lines); i++ {
		if lines[i] == "" || !pattern.MatchString(strings.TrimSuffix(lines[i], "\n")) {
			continue
		}
		begin, end := i, blockEnd(lines, i)
		for begin > 0 && comment.MatchString(lines[begin-1]) && indent(lines[begin-1]) == indent(lines[i]) && !comment.MatchString(lines[i]) {
			begin--
		}
		// Keep only one of the blank lines around the block.
		blank := func(i int) bool { return i < 0 || i >= len(lines) || strings.TrimSpace(lines[i]) == "" }
		if blank(begin-1) && blank(end) && end < len(lines) {
			end++
		}
		lines = slices.Delete(lines, begin, end)
		i = begin - 1
	}
	return strings.TrimRight(strings.Join(lines, ""), "\n") + "\n"
}

// blockEnd returns the line after the block that begins at a line.
func blockEnd(lines []string, begin int) int {
	depth, end := indent(lines[begin]), begin+1
	for i := begin + 1; i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) == "" {
			continue
		}
		if indent(lines[i]) <= depth {
			if indent(lines[i]) == depth && closing.MatchString(lines[i]) && end >= begin+1 && opens(lines[begin]) {
				return i + 1
			}
			return end
		}
		end = i + 1
	}
	return end
}

// opens reports whether a line opens a block that another line closes.
func opens(line string) bool {
	line = strings.TrimSpace(line)
	return regexp.MustCompile(`[\[({]$|[\[({]\s*(//.*)?$|^<[a-z]`).MatchString(line) || strings.HasSuffix(line, "`")
}

// indent counts the white space at the beginning of a line.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }
