// Package session holds the rules of signing in: who a person is, how long a session
// lasts, and how the browser's tokens are checked without being stored. It is pure.
package session

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"net/url"
	"path"
	"strings"
	"time"
)

// The cookies. Browsers accept the prefix only from this host, with Secure and for all paths, so that
// no subdomain can plant one.
const (
	Cookie       = "__Host-session"
	SignInCookie = "__Host-signin" // binds a sign-in under way to its browser
)

const (
	// Idle is how long a session lasts after its last use, give or take useInterval.
	Idle = 12 * time.Hour
	// Longest is how long it lasts if it is used all the time.
	Longest = 30 * 24 * time.Hour
	// SignInTime is how long a sign-in may take.
	SignInTime = 15 * time.Minute

	useInterval = 10 * time.Minute // at most one write for the use of a session
	tokenLength = 26               // of rand.Text: 130 bits
)

// Person is who the issuer says somebody is. Only issuer and subject together are unique and never
// change hands; an address does.
type Person struct {
	Issuer, Subject string
	Email           string // as verified by the issuer, else empty
}

// Owner is the name under which everything that a person makes is stored: it is always the same and
// does not identify the person.
func (p Person) Owner() string {
	sum := sha256.Sum256([]byte(p.Issuer + "\x00" + p.Subject))
	return "u-" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:26])
}

// Session is a session as it is stored: all but its token.
type Session struct {
	ID string // SHA-256 of the token
	Person
	SignOut   string // where the issuer ends its own session, may be empty
	CreatedAt time.Time
	UsedAt    time.Time // to useInterval
	ExpiresAt time.Time
}

// New begins a session and returns the token, which exists nowhere else.
func New(p Person, signOut string, now time.Time) (s Session, token string) {
	token = rand.Text()
	now = now.UTC().Truncate(time.Millisecond)
	return Session{ID: Digest(token), Person: p, SignOut: signOut, CreatedAt: now, UsedAt: now, ExpiresAt: now.Add(Idle)}, token
}

// Active reports whether the session has not expired.
func (s Session) Active(now time.Time) bool { return now.Before(s.ExpiresAt) }

// Use returns the session after it has been used, and whether that is worth a write.
func (s Session) Use(now time.Time) (used Session, changed bool) {
	now = now.UTC().Truncate(time.Millisecond)
	if now.Sub(s.UsedAt) < useInterval {
		return s, false
	}
	s.UsedAt, s.ExpiresAt = now, now.Add(Idle)
	if end := s.CreatedAt.Add(Longest); end.Before(s.ExpiresAt) {
		s.ExpiresAt = end
	}
	return s, true
}

// SignIn is a sign-in under way: what the browser must come back with.
type SignIn struct {
	ID        string // SHA-256 of the state
	Browser   string // SHA-256 of the browser's token
	Nonce     string
	Verifier  string // of PKCE
	To        string // the path where the browser goes then
	ExpiresAt time.Time
}

// Begin begins a sign-in of the browser with the token.
func Begin(browser, to string, now time.Time) (s SignIn, state string) {
	state = rand.Text()
	return SignIn{
		ID: Digest(state), Browser: Digest(browser), Nonce: rand.Text(), Verifier: rand.Text() + rand.Text(), To: Path(to),
		ExpiresAt: now.UTC().Truncate(time.Millisecond).Add(SignInTime),
	}, state
}

// Token returns a new token for a browser that signs in, or the one that it has: several tabs may sign in at the same time.
func Token(former string) string {
	if IsToken(former) {
		return former
	}
	return rand.Text()
}

// IsToken reports whether text may be a token.
func IsToken(text string) bool {
	return len(text) == tokenLength && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

// Digest is how a token is stored.
func Digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Path returns the path of the site that a browser may be sent to, or "/". Only pages of the site are: any
// other path may be a short link, which leads elsewhere.
func Path(to string) string {
	for _, c := range []byte(to) {
		if c <= ' ' || c > '~' || c == '\\' { // browsers drop some of these, and take a backslash for a slash
			return "/"
		}
	}
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(to, "/") {
		return "/"
	}
	if clean := path.Clean(u.Path); clean != "/app" && !strings.HasPrefix(clean, "/app/") || strings.Contains(u.Path, "..") {
		return "/"
	}
	return to
}
