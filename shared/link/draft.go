package link

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/minim-dev/minim/shared/dates"
	"github.com/minim-dev/minim/shared/fault"
)

// Limits of what an owner may write.
const (
	MaxTitle = 200 // characters
	MaxNote  = 2000
	MaxTags  = 20
	MaxTag   = 50 // characters
)

// Draft is a link as its owner asks for it. Absent fields are zero.
type Draft struct {
	URL       string   `json:"url"`
	Code      string   `json:"code" web:"filled"`
	Private   bool     `json:"private"`
	Title     string   `json:"title"`
	Note      string   `json:"note"`
	Tags      []string `json:"tags"`
	ExpiresAt string   `json:"expiresAt" web:"filled"` // RFC 3339
	Redirect  int      `json:"redirect" web:"filled"`
	DraftOptions
}

// Link returns the first version of the owner's link, still without an ID, or an
// Invalid fault that lists every mistake in the draft. The code is empty if none was
// asked for.
func (d Draft) Link(owner string, site Site, now time.Time) (Link, error) {
	now = now.UTC().Truncate(time.Millisecond)
	var mistakes []fault.Field
	check := func(field, mistake string) {
		if mistake != "" {
			mistakes = append(mistakes, fault.Field{Name: field, Message: mistake})
		}
	}
	destination, mistake := site.destination(d.URL)
	check("url", mistake)
	if d.Code != "" {
		check("code", checkAlias(d.Code, d.Private))
	}
	check("title", checkText(d.Title, MaxTitle))
	check("note", checkNote(d.Note))
	check("tags", checkTags(d.Tags))
	redirect, mistake := parseRedirect(d.Redirect)
	check("redirect", mistake)
	expires, mistake := parseExpiry(d.ExpiresAt, now)
	check("expiresAt", mistake)
	options := d.options(site, expires, check)
	if len(mistakes) == 0 {
		check("utm", checkSent(destination, d.UTM))
	}
	if err := fault.Fields(mistakes...); err != nil {
		return Link{}, err
	}
	if d.Password != "" {
		options.Password = NewPassword(d.Password)
	}
	return Link{
		Code: d.Code, URL: destination, Owner: owner, Title: d.Title, Note: d.Note, Tags: distinct(d.Tags), Redirect: redirect,
		Private: d.Private, Version: 1, CreatedAt: now, UpdatedAt: now, ExpiresAt: expires, Options: options,
	}, nil
}

// The check functions return a sentence for the owner, "" when all is well.

func checkText(text string, limit int) string {
	switch length := utf8.RuneCountInString(text); {
	case !utf8.ValidString(text):
		return "It is not valid UTF-8."
	case length > limit:
		return fmt.Sprintf("It has %d characters; at most %d are allowed.", length, limit)
	}
	for _, r := range text {
		if unicode.IsControl(r) {
			return "It must not contain control characters."
		}
	}
	return ""
}

// checkNote allows lines and tabs.
func checkNote(note string) string {
	return checkText(strings.NewReplacer("\r\n", " ", "\n", " ", "\t", " ").Replace(note), MaxNote)
}

func checkTags(tags []string) string {
	if len(tags) > MaxTags {
		return fmt.Sprintf("There are %d tags; at most %d are allowed.", len(tags), MaxTags)
	}
	var mistakes []string
	for i, tag := range tags {
		if tag == "" {
			mistakes = append(mistakes, fmt.Sprintf("Tag %d is empty.", i+1))
		} else if mistake := checkText(tag, MaxTag); mistake != "" {
			mistakes = append(mistakes, fmt.Sprintf("Tag %d: %s", i+1, mistake))
		}
	}
	return strings.Join(mistakes, " ")
}

func parseRedirect(status int) (int, string) {
	switch status {
	case 0:
		return http.StatusFound, ""
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return status, ""
	}
	return 0, "It must be 301, 302, 307 or 308."
}

func parseExpiry(text string, now time.Time) (time.Time, string) {
	at, mistake := parseTime(text)
	if mistake == "" && text != "" && !at.After(now) {
		mistake = "It must be in the future."
	}
	return at, mistake
}

// parseTime reads an optional time. Without it, the time is zero.
func parseTime(text string) (time.Time, string) {
	if text == "" {
		return time.Time{}, ""
	}
	at, mistake := dates.Time(text)
	return at.Truncate(time.Millisecond), mistake
}

// distinct returns the tags without repetitions, in their order.
func distinct(tags []string) []string {
	var out []string
	for _, tag := range tags {
		if !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out
}
