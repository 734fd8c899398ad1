package link

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/minim-dev/minim/shared/fault"
)

// MaxAliases is how many earlier codes a link keeps at most.
const MaxAliases = 10

// RestoreTime is how long a deleted link can be restored.
const RestoreTime = 30 * 24 * time.Hour

// Edit is a change of a link as its owner asks for it. Absent fields stay as they are.
type Edit struct {
	URL       *string          `json:"url"`
	Code      *string          `json:"code"`
	Aliases   *[]string        `json:"aliases"`
	Title     *string          `json:"title"`
	Note      *string          `json:"note"`
	Tags      *[]string        `json:"tags"`
	ExpiresAt Expiry           `json:"expiresAt"`
	Redirect  *int             `json:"redirect"`
	Disabled  *bool            `json:"disabled"`
	TakenDown Nullable[string] `json:"takenDown"` // only for admins; see Permitted
	EditOptions
}

// Expiry is the expiry in an edit: empty if absent, an RFC 3339 time, or never, which is
// null in JSON.
type Expiry string

const never Expiry = "never"

// UnmarshalJSON reads a time or null.
func (e *Expiry) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*e = never
		return nil
	}
	return json.Unmarshal(data, (*string)(e))
}

// Apply returns the link as it is after the edit, without another version, or an Invalid
// fault that lists every mistake. A deleted link is a Conflict fault. The code that it had until now becomes an alias, unless
// the edit lists the aliases: it may free some of them, but add none.
func (e Edit) Apply(l Link, site Site, now time.Time) (Link, error) {
	var mistakes []fault.Field
	check := func(field, mistake string) {
		if mistake != "" {
			mistakes = append(mistakes, fault.Field{Name: field, Message: mistake})
		}
	}
	if !l.DeletedAt.IsZero() {
		return Link{}, fault.New(fault.Conflict, "The link is deleted. Restore it first.")
	}
	after := l
	if e.URL != nil && *e.URL != l.URL {
		destination, mistake := site.destination(*e.URL)
		check("url", mistake)
		after.URL, after.Pending = destination, false
	}
	if e.Code != nil && *e.Code != l.Code {
		check("code", checkAlias(*e.Code, l.Private))
		after.Code = *e.Code
	}
	after.Aliases = renamed(l, after.Code)
	if e.Aliases != nil {
		check("aliases", checkAliases(*e.Aliases, after.Aliases))
		after.Aliases = distinct(*e.Aliases)
	}
	if len(after.Aliases) > MaxAliases {
		check("aliases", fmt.Sprintf("A link keeps at most %d earlier codes; list those to keep.", MaxAliases))
	}
	if e.Title != nil {
		check("title", checkText(*e.Title, MaxTitle))
		after.Title = *e.Title
	}
	if e.Note != nil {
		check("note", checkNote(*e.Note))
		after.Note = *e.Note
	}
	if e.Tags != nil {
		check("tags", checkTags(*e.Tags))
		after.Tags = distinct(*e.Tags)
	}
	if e.Redirect != nil {
		redirect, mistake := parseRedirect(*e.Redirect)
		check("redirect", mistake)
		after.Redirect = redirect
	}
	if e.Disabled != nil {
		after.Disabled = *e.Disabled
	}
	if e.TakenDown.Set {
		check("takenDown", checkReason(e.TakenDown.Value))
		e.TakenDown.to(&after.TakenDown)
	}
	if e.ExpiresAt == never {
		after.ExpiresAt = time.Time{}
	} else if e.ExpiresAt != "" {
		expires, mistake := parseExpiry(string(e.ExpiresAt), now)
		check("expiresAt", mistake)
		after.ExpiresAt = expires
	}
	after.Options = e.EditOptions.apply(after, site, check)
	return after, fault.Fields(mistakes...)
}

// renamed returns the earlier codes of a link after its code has become another one.
func renamed(l Link, code string) []string {
	if code == l.Code {
		return l.Aliases
	}
	aliases := append(slices.Clone(l.Aliases), l.Code)
	return slices.DeleteFunc(aliases, func(alias string) bool { return alias == code })
}

func checkAliases(wanted, possible []string) string {
	for _, alias := range wanted {
		if !slices.Contains(possible, alias) {
			return fmt.Sprintf("%q is no earlier code of this link.", alias)
		}
	}
	return ""
}

// Change is one field that an edit has changed. From and To are as in a View.
type Change struct {
	Field string `json:"field"`
	From  any    `json:"from"`
	To    any    `json:"to"`
}

// Changes lists what differs between two versions of a link, by field.
func Changes(before, after Link) []Change {
	changes := []Change{}
	add := func(field string, differ bool, from, to any) {
		if differ {
			changes = append(changes, Change{field, from, to})
		}
	}
	add("code", before.Code != after.Code, before.Code, after.Code)
	add("aliases", !slices.Equal(before.Aliases, after.Aliases), list(before.Aliases), list(after.Aliases))
	add("url", before.URL != after.URL, before.URL, after.URL)
	add("title", before.Title != after.Title, before.Title, after.Title)
	add("note", before.Note != after.Note, before.Note, after.Note)
	add("tags", !slices.Equal(before.Tags, after.Tags), list(before.Tags), list(after.Tags))
	add("expiresAt", !before.ExpiresAt.Equal(after.ExpiresAt), moment(before.ExpiresAt), moment(after.ExpiresAt))
	add("redirect", before.Redirect != after.Redirect, before.Redirect, after.Redirect)
	add("takenDown", before.TakenDown != after.TakenDown, nullable(before.TakenDown), nullable(after.TakenDown))
	add("disabled", before.Disabled != after.Disabled, before.Disabled, after.Disabled)
	return append(changes, optionChanges(before.Options, after.Options)...)
}

// list is a list in JSON even if it is empty.
func list(texts []string) []string { return append([]string{}, texts...) }

// moment is a time as the API shows it, nil for none.
func moment(at time.Time) *string {
	if at.IsZero() {
		return nil
	}
	text := at.UTC().Format(timeFormat)
	return &text
}
