package link

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Password is the hash of a link's password, in the PHC string format
// ($argon2id$v=19$m=19456,t=2,p=1$salt$hash).
type Password string

// The parameters of Argon2id, the smallest that OWASP recommends. Hashes contain
// theirs, so that these can be changed.
const (
	argonMemory  = 19456 // KiB
	argonTime    = 2
	argonThreads = 1
	saltBytes    = 16
	hashBytes    = 32
)

// NewPassword hashes a password with a random salt. It takes some 20 ms and 19 MiB.
func NewPassword(text string) Password {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails
	return newPassword(text, salt)
}

func newPassword(text string, salt []byte) Password {
	encode := base64.RawStdEncoding.EncodeToString
	hash := argon2.IDKey(normal(text), salt, argonTime, argonMemory, argonThreads, hashBytes)
	return Password(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, argonMemory, argonTime, argonThreads, encode(salt), encode(hash)))
}

// Matches reports whether text is the password. A hash that can't be read matches nothing.
func (p Password) Matches(text string) bool {
	parts := strings.Split(string(p), "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return false
	}
	var memory, time uint32
	var threads uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil || time == 0 || threads == 0 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	hash, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(hash) == 0 {
		return false
	}
	return subtle.ConstantTimeCompare(hash, argon2.IDKey(normal(text), salt, time, memory, threads, uint32(len(hash)))) == 1
}

// Digest identifies what a draft says; see Digest.
func (d Draft) Digest(salt string) (string, error) {
	return Digest(d, d.Password != "", salt)
}

// Digest identifies a request. It takes as long as a password hash if the request contains
// a password, which must not be easier to guess by the digest; the salt, any text, then
// makes digests of equal requests differ.
func Digest(request any, password bool, salt string) (string, error) {
	content, err := json.Marshal(request)
	if err != nil {
		return "", fmt.Errorf("digest a request: %w", err)
	}
	sum := sha256.Sum256(content)
	if !password {
		return hex.EncodeToString(sum[:]), nil
	}
	key := sha256.Sum256([]byte(salt))
	return hex.EncodeToString(argon2.IDKey(content, key[:saltBytes], argonTime, argonMemory, argonThreads, hashBytes)), nil
}

// normal is the form in which passwords are compared: ü has two encodings, and
// which one a visitor sends depends on the keyboard.
func normal(text string) []byte { return norm.NFC.Bytes([]byte(text)) }
