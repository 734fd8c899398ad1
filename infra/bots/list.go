package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// people are patterns that also match the browsers and phones of people. Most bots of
// these patterns have other signs.
var people = map[string]string{
	`AP3A\.240617\.008`: "a build of Android 15",
	"Butterfly":         "an HTC phone",
	`Code\/1\.`:         "the browser in Visual Studio Code",
	"coccoc":            "a browser in Vietnam",
	"Fluid":             "a browser for macOS",
	`mail\.ru`:          "a browser in Russia",
	"MetaIAB Facebook":  "the browser in Facebook",
	"Sonic":             "a phone model",
}

// minSign is the length of the shortest sign, such as ^bw/.
const minSign = 3

// list returns the embedded list: one line for each sign of a bot, in lower case and
// in order of bytes, followed by a tab and the bot's name. A sign that begins with ^
// applies only to the beginning of a User-Agent.
func list(data []byte) ([]byte, error) {
	var entries []struct {
		Pattern   string
		Instances []string
	}
	if err := json.Unmarshal(data, &entries); err != nil {
		return nil, fmt.Errorf("read the list: %w", err)
	}
	names := map[string]string{} // by sign
	for _, entry := range entries {
		if _, excluded := people[entry.Pattern]; excluded {
			continue
		}
		parsed, err := syntax.Parse(entry.Pattern, syntax.Perl)
		if err != nil {
			return nil, fmt.Errorf("pattern %q: %w", entry.Pattern, err)
		}
		for _, text := range texts(parsed) {
			sign := sign(text, entry.Instances)
			if len(strings.TrimPrefix(sign, "^")) < minSign {
				return nil, fmt.Errorf("pattern %q: %q is too short", entry.Pattern, sign)
			}
			if _, known := names[sign]; !known {
				names[sign] = strings.TrimFunc(longest(text), notWord)
			}
		}
	}
	var out bytes.Buffer
	for _, sign := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(&out, "%s\t%s\n", sign, names[sign])
	}
	return out.Bytes(), nil
}

// sign is the part of a pattern's text to search for. It begins with a word, because
// it is compared at the beginnings of words. If it is not obviously a bot's and all
// examples begin with it, it applies only to the beginning: apps have such names too.
func sign(text string, examples []string) string {
	sign := strings.ToLower(strings.TrimLeftFunc(longest(text), notWord))
	obvious := strings.Contains(sign, "bot") || strings.Contains(sign, "crawl") || strings.Contains(sign, "spider")
	begins := func(example string) bool { return strings.HasPrefix(strings.ToLower(example), sign) }
	if strings.HasPrefix(text, "^") || !obvious && len(examples) > 0 && all(examples, begins) {
		return "^" + sign
	}
	return sign
}

func all(texts []string, holds func(string) bool) bool {
	return !slices.ContainsFunc(texts, func(text string) bool { return !holds(text) })
}

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// gap separates the parts of a text between which a pattern allows anything.
const gap = "\x00"

// longest is the longest part of a text without gaps.
func longest(text string) string {
	return slices.MaxFunc(strings.Split(text, gap), func(a, b string) int { return cmp.Compare(len(a), len(b)) })
}

// texts returns the texts that a pattern matches, with gaps where it allows anything.
func texts(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpBeginText, syntax.OpBeginLine:
		return []string{"^"}
	case syntax.OpEndText, syntax.OpEndLine, syntax.OpEmptyMatch:
		return []string{""}
	case syntax.OpCapture:
		return texts(re.Sub[0])
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			all = append(all, texts(sub)...)
		}
		return all
	case syntax.OpConcat:
		all := []string{""}
		for _, sub := range re.Sub {
			var next []string
			for _, begin := range all {
				for _, end := range texts(sub) {
					next = append(next, begin+end)
				}
			}
			all = next
		}
		return all
	default:
		return []string{gap}
	}
}
