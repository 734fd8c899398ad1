package guard

import (
	"net/http"
	"strings"
)

// maxSegment is how long a part of a key between slashes may be: the emulator stores it as the name of a file.
const maxSegment = 255

// strange reports whether the emulator, which stores keys as paths, would store a key under another one, or not at all.
func strange(key string) bool {
	if key == "" {
		return false
	}
	segments := strings.Split(strings.TrimSuffix(key, "/"), "/")
	for _, s := range segments {
		if s == "" || s == "." || s == ".." || len(s) > maxSegment {
			return true
		}
	}
	return false
}

// checkKeys returns a refusal for a request with a key that the emulator cannot keep apart from others. Without it, a role
// limited to home/* would read secret.txt as home/../secret.txt.
func checkKeys(r *http.Request, keys ...string) error {
	for _, key := range keys {
		if strange(key) {
			return unknown("The local cloud cannot store the key %q: a part of it between slashes is empty, . or .., or longer than %d bytes (%s).", key, maxSegment, r.Method)
		}
	}
	return nil
}
