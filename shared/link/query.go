package link

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/minim-dev/minim/shared/dates"
	"github.com/minim-dev/minim/shared/fault"
)

// Sort is the order of a list of links.
type Sort string

// The orders: newest first, most clicks first, latest click first.
const (
	ByCreated   Sort = "created"
	ByClicks    Sort = "clicks"
	ByLastClick Sort = "lastClick"
)

// Limits of a query.
const (
	maxQuery = 200 // characters of a search text
	maxWords = 10
)

// Query selects links of a list. Zero fields select all; deleted links are only
// selected by their status.
type Query struct {
	Words        []string // each is the beginning of a word of the link
	Tags         []string // the link has all of them
	AnyTags      []string // it has one of them
	NoTags       []string // it has none of them
	Status       Status
	Host         string    // of the destination
	From, To     time.Time // when it was created; To is excluded
	NeverClicked bool
	Sort         Sort
}

// ParseQuery reads the parameters of a list, or returns an Invalid fault that lists every
// mistake. The function values returns all values of a parameter.
func ParseQuery(values func(name string) []string) (Query, error) {
	var mistakes []fault.Field
	wrong := func(name, message string) { mistakes = append(mistakes, fault.Field{Name: name, Message: message}) }
	one := func(name string) string {
		all := values(name)
		if len(all) > 1 {
			wrong(name, "It must be given once.")
		}
		return strings.Join(all[:min(len(all), 1)], "")
	}
	q := Query{Tags: values("tag"), AnyTags: values("anyTag"), NoTags: values("notTag"), Sort: cmp.Or(Sort(one("sort")), ByCreated)}
	for name, tags := range map[string][]string{"tag": q.Tags, "anyTag": q.AnyTags, "notTag": q.NoTags} {
		if mistake := checkTags(tags); mistake != "" {
			wrong(name, mistake)
		}
	}
	text := one("q")
	q.Words = distinct(Words(text))
	switch {
	case !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxQuery:
		wrong("q", fmt.Sprintf("It must be at most %d characters of valid UTF-8.", maxQuery))
	case len(q.Words) > maxWords:
		wrong("q", fmt.Sprintf("It has %d words; at most %d are allowed.", len(q.Words), maxWords))
	case text != "" && len(q.Words) == 0:
		wrong("q", "It has no letters or digits to search for.")
	}
	if q.Status = Status(one("status")); !slices.Contains([]Status{"", Active, Pending, Scheduled, Expired, Disabled, TakenDown, Deleted}, q.Status) {
		wrong("status", "It must be active, pending, scheduled, expired, disabled, takenDown or deleted.")
	}
	if host := one("host"); host != "" {
		if q.Host = normalHost(host); q.Host == "" {
			wrong("host", "It must be a host such as example.com.")
		}
	}
	var bounds []fault.Field
	q.From, q.To, bounds = dates.Span(one("from"), one("to"), dates.UTC)
	mistakes = append(mistakes, bounds...)
	switch one("clicked") {
	case "":
	case "never":
		q.NeverClicked = true
	default:
		wrong("clicked", `It must be "never".`)
	}
	if !slices.Contains([]Sort{ByCreated, ByClicks, ByLastClick}, q.Sort) {
		wrong("sort", "It must be created, clicks or lastClick.")
	}
	slices.SortFunc(mistakes, func(a, b fault.Field) int { return strings.Compare(a.Name, b.Name) })
	return q, fault.Fields(mistakes...)
}

// Name identifies the query, so that a cursor is bound to it.
func (q Query) Name() string {
	name, err := json.Marshal(q)
	if err != nil {
		return "" // texts, times and a bool always encode
	}
	return string(name)
}

// Matches reports whether the query selects the link at a moment. It ignores
// NeverClicked: a link does not know its clicks.
func (q Query) Matches(l Link, now time.Time) bool {
	status := l.Status(now)
	switch {
	case q.Status == "" && status == Deleted, q.Status != "" && q.Status != status,
		q.Host != "" && q.Host != l.host(),
		l.CreatedAt.Before(q.From), !q.To.IsZero() && !l.CreatedAt.Before(q.To):
		return false
	}
	has := func(tag string) bool { return slices.Contains(l.Tags, tag) }
	for _, tag := range q.Tags {
		if !has(tag) {
			return false
		}
	}
	if len(q.AnyTags) > 0 && !slices.ContainsFunc(q.AnyTags, has) || slices.ContainsFunc(q.NoTags, has) {
		return false
	}
	if len(q.Words) == 0 {
		return true
	}
	words := l.words()
	for _, wanted := range q.Words {
		if !slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(word, wanted) }) {
			return false
		}
	}
	return true
}

// All reports whether the query selects every link that is not deleted.
func (q Query) All() bool {
	return q.Name() == Query{Sort: q.Sort}.Name()
}

// Lists returns the terms of the index that together list all links that the query
// selects, as few as possible: the longest word is the rarest. It returns nothing if only
// the list of all links will do.
func (q Query) Lists() []string {
	longest := ""
	for _, word := range q.Words {
		if listed(word) && len(word) > len(longest) {
			longest = word
		}
	}
	switch {
	case q.Status == Deleted:
		return []string{deletedTerm}
	case longest != "":
		return []string{wordTerm + beginning(longest)}
	case len(q.Tags) > 0:
		return []string{tagTerm + q.Tags[0]}
	case q.Host != "":
		return []string{hostTerm + q.Host}
	}
	var terms []string
	for _, tag := range distinct(q.AnyTags) {
		terms = append(terms, tagTerm+tag)
	}
	return terms
}
