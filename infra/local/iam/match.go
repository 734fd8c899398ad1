package iam

import "strings"

// arn:partition:service:region:account:resource
const arnSegments = 6

func segments(arn string) []string {
	parts := strings.SplitN(arn, ":", arnSegments)
	if parts[0] != "arn" {
		return nil
	}
	return parts
}

// MatchARN reports whether a pattern matches an ARN. A wildcard matches only within its
// segment; the last segment is the whole rest. The pattern "*" matches everything.
func MatchARN(pattern, arn string) bool {
	if pattern == "*" {
		return true
	}
	for range arnSegments - 1 {
		var p, a string
		var more, also bool
		p, pattern, more = strings.Cut(pattern, ":")
		a, arn, also = strings.Cut(arn, ":")
		if !more || !also || !Match(p, a) {
			return false
		}
	}
	return Match(pattern, arn)
}

// Match reports whether a pattern with * (any characters) and ? (any one character) matches
// a whole text.
func Match(pattern, text string) bool {
	p, t := 0, 0
	star, mark := -1, 0 // the last star, and the position in the text at that star
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p, t = p+1, t+1
		case star >= 0: // the star matches one more character
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// matchFold is Match without case, for actions.
func matchFold(pattern, text string) bool {
	if strings.EqualFold(pattern, text) {
		return true
	}
	return strings.ContainsAny(pattern, "*?") && Match(strings.ToLower(pattern), strings.ToLower(text))
}
