package link

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/teris-io/shortid"
)

// MaxCode is the longest code.
const MaxCode = 64

// privateSymbols are letters and digits without vowels, without digits that
// stand for vowels, and without those that look alike (1 l I, 0 O, 2 Z, 5 S,
// u v): 36 symbols, so that 12 of them carry 62 bits.
const privateSymbols = "6789BCDFGHJKLMNPQRTWbcdfghjkmnpqrtwz"

const privateLength = 12

// ValidCode reports whether text can be a code at all: 1 to 64 letters,
// digits, hyphens and underscores of ASCII.
func ValidCode(text string) bool {
	if text == "" || len(text) > MaxCode {
		return false
	}
	for _, r := range text {
		if !isCodeSymbol(r) {
			return false
		}
	}
	return true
}

func isCodeSymbol(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_'
}

// Reserved reports whether a code is kept for the site itself, in any case, or
// never comes here: API Gateway answers /ping and /sping.
func Reserved(code string) bool {
	switch strings.ToLower(code) {
	case "_local", ".well-known", "admin", "api", "app", "assets", "favicon", "favicon.ico", "health", "i", "index",
		"index.html", "login", "logout", "ping", "robots", "robots.txt", "sitemap", "sitemap.xml", "sping", "static", "well-known", "www":
		return true
	}
	return false
}

// CheckAlias returns a sentence for an owner about what is wrong with a code
// that they ask for, "" when nothing is.
func CheckAlias(code string) string { return checkAlias(code, false) }

func checkAlias(code string, private bool) string {
	switch {
	case private:
		return "A private link gets a code that nobody can guess; leave out code or private."
	case !ValidCode(code):
		return fmt.Sprintf("It must be 1 to %d letters, digits, hyphens or underscores.", MaxCode)
	case Reserved(code):
		return "This code is reserved; please choose another."
	}
	return ""
}

// Codes makes codes for links whose owner asked for none. It may be used by
// several goroutines.
type Codes struct{ short *shortid.Shortid }

// NewCodes returns a generator. The seed, the same for all generators of a
// stage, orders the alphabet; each generator works as one of 32 workers, drawn
// at random. Two generators can therefore make the same code, if rarely:
// whoever stores a link must refuse a code that is taken and ask for the next.
func NewCodes(seed uint64) (*Codes, error) {
	return newCodes(seed, randomByte()%32) // 256 is a multiple of 32: no worker is favoured
}

func newCodes(seed uint64, worker byte) (*Codes, error) {
	short, err := shortid.New(worker, shortid.DefaultABC, seed)
	if err != nil {
		return nil, fmt.Errorf("code generator: %w", err)
	}
	return &Codes{short: short}, nil
}

// Next returns a code of 9 to 11 symbols that tells the moment it was made to
// those who look closely or, for a private link, 12 random ones.
func (c *Codes) Next(private bool) (string, error) {
	if private {
		return privateCode(randomByte), nil
	}
	// About one code in 16 is unfit; a hundred in a row are not bad luck.
	for range 100 {
		code, err := c.short.Generate()
		if err != nil {
			return "", fmt.Errorf("code generator: %w", err)
		}
		if fit(code) {
			return code, nil
		}
	}
	return "", errors.New("code generator: no fit code in 100")
}

// fit reports whether a code survives: programs that find links in text drop
// punctuation at their ends, and the site needs its own words.
func fit(code string) bool {
	return strings.Trim(code, "-_") == code && !Reserved(code)
}

// privateCode returns symbols of equal probability if draw returns such bytes:
// a byte beyond the last whole multiple of the alphabet is drawn again.
func privateCode(draw func() byte) string {
	const n = len(privateSymbols)
	code := make([]byte, 0, privateLength)
	for len(code) < privateLength {
		if b := int(draw()); b < 256/n*n {
			code = append(code, privateSymbols[b%n])
		}
	}
	return string(code)
}

func randomByte() byte {
	var b [1]byte
	rand.Read(b[:]) // never fails: it crashes the program instead
	return b[0]
}
