package web

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Tagged adds an entity tag to a response that depends on who asks. A caller
// whose If-None-Match holds it has seen the same before, and gets 304 without a
// body.
func (r Response) Tagged(asked Request, tag string) Response {
	if Holds(asked.Header("If-None-Match"), tag) {
		r = Empty(http.StatusNotModified)
	}
	return r.With("ETag", tag).With("Cache-Control", "private, no-cache")
}

// Digest is an entity tag that changes with all that a value shows as JSON.
func Digest(v any) (string, error) {
	encoded, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("entity tag: %w", err)
	}
	sum := sha256.Sum256(encoded)
	return fmt.Sprintf(`"%x"`, sum[:8]), nil
}

// Holds reports whether a list of entity tags, as in If-Match and If-None-Match,
// holds the tag. The comparison is weak: what compresses on the way marks a tag
// as weak.
func Holds(list, tag string) bool {
	for entry := range strings.SplitSeq(list, ",") {
		entry = strings.TrimSpace(entry)
		if entry == "*" || strings.TrimPrefix(entry, "W/") == tag {
			return true
		}
	}
	return false
}

// Stale answers 412 to a request whose If-Match holds no entity tag of the current version,
// and names that version's tag.
func Stale(r Request, tag string) Response {
	return answer(StaleProblem(r, tag)).With("ETag", tag)
}

// StaleProblem is the problem document of Stale.
func StaleProblem(r Request, tag string) Problem {
	return NewProblem(r, http.StatusPreconditionFailed, "It has changed since you read it. The current version is "+tag+".")
}
