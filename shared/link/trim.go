package link

import (
	"strings"
	"unicode"
)

// Trim returns a visitor's code without what programs that find links in a text take for a
// part of them: punctuation and blanks of any script at its end, and parameters of a query
// that lost its question mark. Look it up only if the code itself doesn't exist.
func Trim(code string) string {
	if end := strings.IndexAny(code, "&?"); end >= 0 {
		code = code[:end]
	}
	return strings.TrimRightFunc(code, func(r rune) bool {
		return r != '-' && r != '/' && (unicode.IsPunct(r) || unicode.IsSymbol(r) || invisible(r))
	})
}
