package cognito

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"unicode"

	"golang.org/x/crypto/argon2"
)

// The parameters of Argon2id: the minimum that OWASP recommends.
const (
	argonMemory  = 19456 // KiB
	argonTime    = 2
	argonThreads = 1
	argonPrefix  = "$argon2id$v=19$m=19456,t=2,p=1$"
)

// maxPassword is the maximum length of a password.
const maxPassword = 256

// hashPassword returns the hash of a password. It takes about 20 ms and 19 MiB.
func hashPassword(text string) string {
	salt := make([]byte, 16)
	rand.Read(salt) // never fails
	return argonPrefix + base64.RawStdEncoding.EncodeToString(salt) + "$" + base64.RawStdEncoding.EncodeToString(argon(text, salt))
}

// matches reports whether text is the password. An invalid hash matches nothing, but takes as long.
func matches(hash, text string) bool {
	encodedSalt, encodedHash, _ := strings.Cut(strings.TrimPrefix(hash, argonPrefix), "$")
	salt, saltErr := base64.RawStdEncoding.DecodeString(encodedSalt)
	wanted, err := base64.RawStdEncoding.DecodeString(encodedHash)
	same := subtle.ConstantTimeCompare(wanted, argon(text, salt)) == 1
	return same && saltErr == nil && err == nil && strings.HasPrefix(hash, argonPrefix)
}

func argon(text string, salt []byte) []byte {
	return argon2.IDKey([]byte(text), salt, argonTime, argonMemory, argonThreads, 32)
}

const symbols = "^$*.[]{}()?-\"!@#%&/\\,><':;|_~`+= "

// check returns an error if a password does not satisfy the policy.
func (p PasswordPolicy) check(text string) error {
	has := func(is func(rune) bool) bool { return strings.IndexFunc(text, is) >= 0 }
	within := func(low, high rune) func(rune) bool { return func(r rune) bool { return r >= low && r <= high } }
	switch {
	case len([]rune(text)) < p.Length || text == "":
		return invalidPassword("Password not long enough")
	case len(text) > maxPassword:
		return invalidPassword("Password too long")
	case strings.TrimFunc(text, unicode.IsSpace) != text:
		return invalidPassword("Password cannot begin or end with a space")
	case p.Lowercase && !has(within('a', 'z')):
		return invalidPassword("Password must have lowercase characters")
	case p.Uppercase && !has(within('A', 'Z')):
		return invalidPassword("Password must have uppercase characters")
	case p.Number && !has(within('0', '9')):
		return invalidPassword("Password must have numeric characters")
	case p.Symbols && !strings.ContainsAny(text, symbols):
		return invalidPassword("Password must have symbol characters")
	}
	return nil
}

// temporary returns a random password that satisfies the policy.
func (p PasswordPolicy) temporary() string {
	const letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	text := []byte("aA2!")
	for len(text) < max(12, p.Length) {
		text = append(text, letters[random(len(letters))])
	}
	for i := len(text) - 1; i > 0; i-- {
		j := random(i + 1)
		text[i], text[j] = text[j], text[i]
	}
	return string(text)
}

// random returns a random number from 0 to n-1.
func random(n int) int {
	v, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // never happens: the reader does not fail
	}
	return int(v.Int64())
}

// digits returns a random code with six digits.
func digits() string { return fmt.Sprintf("%06d", random(1_000_000)) }

// newUUID returns a random UUID.
func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// digest returns the hash under which a random token is stored.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
