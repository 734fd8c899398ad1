package link

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"
)

// NewID returns a new ID of a link, such as l.0193a1b2c3d4k5zqv3m2n7ab4xyw. IDs order
// by time, to the millisecond; 80 bits of each are random. No code contains a dot, so
// an ID never equals a code: links made before there were IDs use their code as ID.
func NewID(at time.Time) string {
	return fmt.Sprintf("l.%012x%s", at.UnixMilli(), strings.ToLower(rand.Text()[:16]))
}
