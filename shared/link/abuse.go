package link

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/minim-dev/minim/shared/fault"
)

// MaxAbuseText is the longest text of an abuse report, in characters.
const MaxAbuseText = 1000

// AbuseKeepTime is how long an abuse report is stored.
const AbuseKeepTime = 90 * 24 * time.Hour

// Abuse is a visitor's report of a link. It changes nothing about the link: it is for
// admins, who can take the link down.
type Abuse struct {
	ID     string // see NewAbuse
	Link   string // the link's ID
	Code   string // under which the visitor found it
	At     time.Time
	Reason string // one of AbuseReasons
	Text   string // what the visitor wrote, may be empty
}

// AbuseReasons are the reasons that a visitor can choose from.
func AbuseReasons() []string { return []string{"phishing", "malware", "spam", "illegal", "other"} }

// NewAbuse returns a report of a link, or an Invalid fault if there is no such reason; without one
// it is other. What can't be seen and what is too long is cut from the text. IDs order by
// time, as those of links.
func NewAbuse(l Link, code, reason, text string, at time.Time) (Abuse, error) {
	if reason == "" {
		reason = "other"
	}
	if reasons := AbuseReasons(); !slices.Contains(reasons, reason) {
		return Abuse{}, fault.Fields(fault.Field{Name: "reason", Message: "It must be one of " + strings.Join(reasons, ", ") + "."})
	}
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && invisible(r) && r != ' ' || r == utf8.RuneError {
			return -1
		}
		return r
	}, text))
	if runes := []rune(text); len(runes) > MaxAbuseText {
		text = string(runes[:MaxAbuseText])
	}
	return Abuse{
		ID: fmt.Sprintf("a%012x%s", at.UnixMilli(), strings.ToLower(rand.Text()[:12])), Link: l.ID, Code: code,
		At: at.UTC().Truncate(time.Millisecond), Reason: reason, Text: text,
	}, nil
}

// ValidAbuseID reports whether text can be the ID of a report.
func ValidAbuseID(text string) bool { return len(text) == 25 && text[0] == 'a' && ValidCode(text) }
