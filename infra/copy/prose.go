package main

import (
	"path"
	"regexp"
	"strings"
)

// document removes the features from the pages of documentation: sentences, rows and list items about them, sections
// that become empty, and links to removed pages.
func (t tree) document(left []*feature, original tree) error {
	for name, file := range t {
		if path.Ext(name) != ".md" {
			continue
		}
		for _, f := range left {
			if f.Prose == "" || name == dependencies {
				continue
			}
			about, err := regexp.Compile(f.Prose)
			if err != nil {
				return err
			}
			file.text = withoutSentences(file.text, about)
		}
		file.text = t.unlink(name, file.text, original)
		t[name] = file
	}
	return nil
}

// dependencies is the page whose rows follow go.mod and package.json instead.
const dependencies = "docs/decisions/dependencies.md"

var (
	link     = regexp.MustCompile(`(!?)\[([^\]]*)\]\(([^)\s]+)\)`)
	heading  = regexp.MustCompile(`^(#+) `)
	item     = regexp.MustCompile(`^\s*([-*]|\d+\.) `)
	sentence = regexp.MustCompile(`[.!?:]['")*]*\s+`)
)

// unlink replaces links to removed pages and headings by their text.
func (t tree) unlink(name, text string, original tree) string {
	return link.ReplaceAllStringFunc(text, func(whole string) string {
		parts := link.FindStringSubmatch(whole)
		target, anchor, _ := strings.Cut(parts[3], "#")
		if strings.Contains(target, ":") {
			return whole
		}
		page := name
		if target != "" {
			page = path.Join(path.Dir(name), target)
		}
		_, there := t[page]
		if _, was := original[page]; was && !there {
			if parts[1] != "" {
				return ""
			}
			return parts[2]
		}
		if anchor != "" && there && path.Ext(page) == ".md" && !anchored(t[page].text, anchor) {
			return parts[2]
		}
		return whole
	})
}

// anchored reports whether a page has a heading with that anchor.
func anchored(page, anchor string) bool {
	dropped := regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
	for line := range strings.Lines(page) {
		if words := strings.TrimSpace(strings.TrimLeft(line, "#")); heading.MatchString(line) &&
			strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(words), ""), " ", "-") == anchor {
			return true
		}
	}
	return false
}

// withoutSentences removes the sentences, rows and list items that match the expression from a page.
func withoutSentences(page string, about *regexp.Regexp) string {
	var kept []string
	lines := strings.Split(page, "\n")
	for i := 0; i < len(lines); {
		end := i + 1
		switch {
		case strings.HasPrefix(strings.TrimSpace(lines[i]), "```"):
			for end < len(lines) && !strings.HasPrefix(strings.TrimSpace(lines[end]), "```") {
				end++
			}
			end = min(end+1, len(lines))
			if strings.Contains(lines[i], "mermaid") { // diagrams have patterns of their own
				kept = append(kept, lines[i:end]...)
			} else {
				kept = append(kept, codeWithout(lines[i:end], about)...)
			}
		case heading.MatchString(lines[i]) && about.MatchString(lines[i]):
			level := len(heading.FindStringSubmatch(lines[i])[1])
			for end < len(lines) {
				if next := heading.FindStringSubmatch(lines[end]); next != nil && len(next[1]) <= level {
					break
				}
				end++
			}
		case strings.TrimSpace(lines[i]) == "" || heading.MatchString(lines[i]):
			kept = append(kept, lines[i])
		case strings.HasPrefix(lines[i], "|"):
			if !about.MatchString(lines[i]) {
				kept = append(kept, lines[i])
			}
		default:
			for end < len(lines) && strings.TrimSpace(lines[end]) != "" && !item.MatchString(lines[end]) && !heading.MatchString(lines[end]) &&
				!strings.HasPrefix(lines[end], "|") && !strings.HasPrefix(strings.TrimSpace(lines[end]), "```") {
				end++
			}
			kept = append(kept, paragraphWithout(lines[i:end], about)...)
		}
		i = end
	}
	return withoutRemains(strings.Join(kept, "\n"))
}

// codeWithout removes the matching lines of a code block, and a block that becomes empty.
func codeWithout(lines []string, about *regexp.Regexp) []string {
	var kept []string
	for _, line := range lines {
		if !about.MatchString(line) {
			kept = append(kept, line)
		}
	}
	if len(kept) <= 2 {
		return nil
	}
	return kept
}

// paragraphWithout removes the matching sentences of a paragraph or list item.
func paragraphWithout(lines []string, about *regexp.Regexp) []string {
	text := strings.Join(lines, "\n")
	if !about.MatchString(text) {
		return lines
	}
	mark := item.FindString(text)
	text = text[len(mark):]
	var kept strings.Builder
	for text != "" {
		end := len(text)
		if at := sentence.FindStringIndex(text); at != nil {
			end = at[1]
		}
		if !about.MatchString(text[:end]) {
			kept.WriteString(text[:end])
		}
		text = text[end:]
	}
	if strings.TrimSpace(kept.String()) == "" {
		return nil
	}
	return strings.Split(mark+strings.TrimSpace(kept.String()), "\n")
}

// withoutRemains removes tables without rows, headings without text, and repeated blank lines.
func withoutRemains(page string) string {
	page = regexp.MustCompile(`(?m)^\|.*\n\|[ :|-]+\|\n(\n|\z)`).ReplaceAllString(page+"\n", "$1")
	page = regexp.MustCompile(`\n{3,}`).ReplaceAllString(page, "\n\n")
	for {
		lines := strings.Split(page, "\n")
		var kept []string
		for i, line := range lines {
			if here := heading.FindStringSubmatch(line); here != nil && len(here[1]) > 1 {
				next := i + 1
				for next < len(lines) && lines[next] == "" {
					next++
				}
				if next == len(lines) {
					continue
				}
				if below := heading.FindStringSubmatch(lines[next]); below != nil && len(below[1]) <= len(here[1]) {
					continue
				}
			}
			kept = append(kept, line)
		}
		shorter := regexp.MustCompile(`\n{3,}`).ReplaceAllString(strings.Join(kept, "\n"), "\n\n")
		if shorter == page {
			return strings.TrimRight(page, "\n") + "\n"
		}
		page = shorter
	}
}
