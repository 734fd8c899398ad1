package objectkeys

import (
	"encoding/hex"
	"strings"
)

const (
	// area is the prefix of encoded keys in each bucket.
	area = ".local-cloud/"
	// afterArea is the first key after those with the prefix.
	afterArea = ".local-cloud0"
	// chunk is the number of characters of an encoded key in one file name.
	chunk      = 240
	maxSegment = 255 // bytes in a file name
	uploads    = ".sgwtmp"
)

// plain reports whether versitygw can store a key as it is.
func plain(key string) bool {
	segments := strings.Split(strings.TrimSuffix(key, "/"), "/")
	for _, s := range segments {
		if s == "" || s == "." || s == ".." || len(s) > maxSegment {
			return false
		}
	}
	control := strings.IndexFunc(key, func(c rune) bool { return c < ' ' || c == 0x7f }) >= 0
	return !control && segments[0] != strings.TrimSuffix(area, "/") && segments[0] != uploads
}

// encode returns a key that versitygw can store for any key: its bytes in hexadecimal, cut into file names. Encoded
// keys sort as the keys do, and the code of a prefix is a prefix of the code. Folders end in "-", so that no file and
// no folder have one name.
func encode(key string) string {
	text := hex.EncodeToString([]byte(key))
	var s strings.Builder
	s.WriteString(area)
	for len(text) > chunk {
		s.WriteString(text[:chunk] + "-/")
		text = text[chunk:]
	}
	return s.String() + text
}

// Decode returns the key of an object that versitygw stores under another key.
func Decode(stored string) string {
	text, ok := strings.CutPrefix(stored, area)
	if !ok {
		return stored
	}
	key, err := hex.DecodeString(strings.ReplaceAll(text, "-/", ""))
	if err != nil {
		return stored
	}
	return string(key)
}

// escape encodes a path as signatures require: all characters other than unreserved ones and slashes.
func escape(path string) string { return encoded(path, "/") }

// encoded encodes a text for a signature, except for the unreserved characters and those in also.
func encoded(text, also string) string {
	const hexadecimal = "0123456789ABCDEF"
	var s strings.Builder
	for _, c := range []byte(text) {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', strings.IndexByte("-._~"+also, c) >= 0:
			s.WriteByte(c)
		default:
			s.Write([]byte{'%', hexadecimal[c>>4], hexadecimal[c&15]})
		}
	}
	return s.String()
}
