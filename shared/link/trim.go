package link

import (
	"strings"
	"unicode"
)

// Trim returns a visitor's code without what programs that find links in a text take for a
// part of them: punctuation and blanks of any script at its end, and parameters of a query
// that lost its question mark. A code may end in an underscore, so that is kept in the first
// of two results and removed in the second. Look each up only if the one before doesn't exist.
func Trim(code string) []string {
	if end := strings.IndexAny(code, "&?"); end >= 0 {
		code = code[:end]
	}
	kept := strings.TrimRightFunc(code, func(r rune) bool { return r != '_' && extra(r) })
	removed := strings.TrimRightFunc(kept, extra)
	if removed == kept {
		return []string{kept}
	}
	return []string{kept, removed}
}

// extra reports whether a character at the end of a code may not belong to it.
func extra(r rune) bool {
	return r != '-' && r != '/' && (unicode.IsPunct(r) || unicode.IsSymbol(r) || invisible(r))
}
