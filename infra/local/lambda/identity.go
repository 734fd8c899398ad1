package lambda

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

func random(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// newID returns an ID for an environment. The names of log streams end with it.
func newID() string { return random(16) }

// newUUID returns an ID for a request or an extension.
func newUUID() string {
	b := make([]byte, 16)
	rand.Read(b)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// newTrace returns an X-Ray trace header.
func newTrace() string {
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=1", time.Now().Unix(), random(12), random(8))
}

// FunctionName returns the name in a function's ARN, without its qualifier, and false for any other text.
func FunctionName(arn string) (string, bool) {
	segments := strings.Split(arn, ":")
	if len(segments) < 7 || segments[2] != "lambda" || segments[5] != "function" {
		return "", false
	}
	return segments[6], true
}
