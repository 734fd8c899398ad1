package page

import (
	"fmt"
	"strings"
	"time"
)

// Language is one that the pages are written in, as in the lang attribute.
type Language string

// The languages of the pages.
const (
	English   Language = "en"
	German    Language = "de"
	Spanish   Language = "es"
	French    Language = "fr"
	Ukrainian Language = "uk"
)

// Choose returns the first of a visitor's languages, most wanted first, that the
// pages are written in; else English. de-AT is German.
func Choose(wanted []string) Language {
	for _, tag := range wanted {
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if _, known := all[Language(primary)]; known {
			return Language(primary)
		}
	}
	return English
}

// date writes a day in UTC in words.
func (l Language) date(at time.Time) string {
	at = at.UTC()
	month := strings.Fields(all[l].months)[at.Month()-1]
	switch l {
	case German:
		return fmt.Sprintf("%d. %s %d", at.Day(), month, at.Year())
	case Spanish:
		return fmt.Sprintf("%d de %s de %d", at.Day(), month, at.Year())
	case French:
		if at.Day() == 1 {
			return fmt.Sprintf("1er %s %d", month, at.Year())
		}
	case Ukrainian:
		return fmt.Sprintf("%d %s %d р.", at.Day(), month, at.Year())
	}
	return fmt.Sprintf("%d %s %d", at.Day(), month, at.Year())
}
