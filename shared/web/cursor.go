package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/minim-dev/minim/shared/fault"
)

// Cursors turns positions in a list into cursors for clients and back. A cursor
// tells nothing that may change without notice, holds for one list only, and
// cannot be made or altered by a client.
type Cursors struct{ key []byte }

// NewCursors returns cursors that are signed with key.
func NewCursors(key string) Cursors { return Cursors{key: []byte(key)} }

const sealSize = 16 // bytes of the HMAC that are kept

// Seal returns a cursor for a position in a list. The list's name should hold
// all that the position is bound to, such as the owner. The empty position,
// the end of the list, has the empty cursor.
func (c Cursors) Seal(list, position string) string {
	if position == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(append(c.seal(list, position), position...))
}

// Open returns the position of a cursor that was sealed for the same list, or
// an Invalid fault. The empty cursor is the start of the list.
func (c Cursors) Open(list, cursor string) (position string, err error) {
	if cursor == "" {
		return "", nil
	}
	invalid := fault.Fields(fault.Field{Name: "cursor", Message: "Expected the next of an earlier answer of this list."})
	sealed, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(sealed) <= sealSize {
		return "", invalid
	}
	position = string(sealed[sealSize:])
	if !hmac.Equal(sealed[:sealSize], c.seal(list, position)) {
		return "", invalid
	}
	return position, nil
}

func (c Cursors) seal(list, position string) []byte {
	mac := hmac.New(sha256.New, c.key)
	mac.Write([]byte(list + "\x00" + position))
	return mac.Sum(nil)[:sealSize]
}
