package guard

import (
	"net/http"
	"strings"
)

// maxSegment is the maximum length of a key's segment between slashes: the emulator uses it as a file name.
const maxSegment = 255

// strange reports whether the emulator, which stores keys as paths, would reject a key or store it under another one.
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

// checkKeys returns a refusal for a key that the emulator cannot distinguish from others. Without this check, a role
// limited to home/* could read secret.txt as home/../secret.txt.
func checkKeys(r *http.Request, keys ...string) error {
	for _, key := range keys {
		if strange(key) {
			return unknown("The local cloud cannot store the key %q: a part of it between slashes is empty, . or .., or longer than %d bytes (%s).", key, maxSegment, r.Method)
		}
	}
	return nil
}
