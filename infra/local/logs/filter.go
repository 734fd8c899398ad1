package logs

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Filter selects log events by a pattern of CloudWatch Logs: terms, or conditions on JSON
// fields. It is safe for concurrent use.
type Filter struct {
	matches func(message string) bool
}

// Match reports whether a message matches the filter.
func (f *Filter) Match(message string) bool { return f.matches(message) }

// ParseFilter parses a pattern. It returns an error for the other patterns of CloudWatch,
// which are not supported: lists of fields and regular expressions.
func ParseFilter(pattern string) (*Filter, error) {
	pattern = strings.TrimSpace(pattern)
	switch {
	case pattern == "":
		return &Filter{func(string) bool { return true }}, nil
	case strings.HasPrefix(pattern, "["):
		return nil, errors.New("patterns for fields between spaces, [a, b], are not supported by the local cloud")
	case strings.HasPrefix(pattern, "%"):
		return nil, errors.New("regular expressions, %…%, are not supported by the local cloud")
	case strings.HasPrefix(pattern, "{"):
		return parseJSON(pattern)
	}
	return parseTerms(pattern)
}

// terms are the terms that a message must all contain, must not contain, and must contain one of.
type terms struct{ all, none, any []string }

func parseTerms(pattern string) (*Filter, error) {
	var t terms
	for rest := pattern; rest != ""; rest = strings.TrimLeftFunc(rest, unicode.IsSpace) {
		into := &t.all
		switch rest[0] {
		case '-':
			into, rest = &t.none, rest[1:]
		case '?':
			into, rest = &t.any, rest[1:]
		}
		term, after, err := cutTerm(rest)
		if err != nil {
			return nil, err
		}
		*into, rest = append(*into, term), after
	}
	if len(t.any) > 0 && len(t.all)+len(t.none) > 0 {
		return nil, errors.New("terms with ? beside others: CloudWatch would ignore them")
	}
	return &Filter{t.match}, nil
}

// cutTerm cuts a quoted phrase or a word from the beginning.
func cutTerm(text string) (term, rest string, err error) {
	if phrase, ok := strings.CutPrefix(text, `"`); ok {
		term, rest, ok = cutQuoted(phrase)
		if !ok || term == "" {
			return "", "", fmt.Errorf("%s: a phrase in double quotes has no end, or is empty", text)
		}
		return term, rest, nil
	}
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		end = len(text)
	}
	term, rest = text[:end], text[end:]
	odd := strings.ContainsFunc(term, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if odd || term == "" {
		return "", "", fmt.Errorf("%q: quote terms that contain characters other than letters, digits and _", term)
	}
	return term, rest, nil
}

// cutQuoted returns the text before the closing quote, with \" and \\ unescaped.
func cutQuoted(text string) (inside, rest string, ok bool) {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return out.String(), text[i+1:], true
		case text[i] == '\\' && i+1 < len(text) && (text[i+1] == '"' || text[i+1] == '\\'):
			i++
		}
		out.WriteByte(text[i])
	}
	return "", "", false
}

func (t terms) match(message string) bool {
	has := func(term string) bool { return strings.Contains(message, term) }
	if len(t.any) > 0 {
		return slices.ContainsFunc(t.any, has)
	}
	return !slices.ContainsFunc(t.all, func(term string) bool { return !has(term) }) && !slices.ContainsFunc(t.none, has)
}
