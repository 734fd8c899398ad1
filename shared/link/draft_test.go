package link_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 123456789, time.UTC)

func site(t testing.TB, address string) link.Site {
	t.Helper()
	s, err := link.NewSite(address)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDraftBecomesLink(t *testing.T) {
	draft := link.Draft{
		URL: "https://example.com/?q=ä", Code: "my-Alias_1", Title: "Ein Titel", Tags: []string{"b", "a", "b"},
		ExpiresAt: "2027-01-01T01:30:00.0009+01:00", Redirect: 308,
	}
	got, err := draft.Link("me", site(t, "https://mini.example"), now)
	if err != nil {
		t.Fatal(err)
	}
	created := time.Date(2026, 11, 21, 3, 0, 0, 123000000, time.UTC)
	want := link.Link{
		Code: "my-Alias_1", URL: "https://example.com/?q=ä", Owner: "me", Title: "Ein Titel", Tags: []string{"b", "a"},
		Redirect: 308, Version: 1, CreatedAt: created, UpdatedAt: created, ExpiresAt: time.Date(2027, 1, 1, 0, 30, 0, 0, time.UTC),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got, err = link.Draft{URL: "http://a.b", Private: true}.Link("me", site(t, "https://mini.example"), now)
	if err != nil || got.Redirect != 302 || !got.Private || got.Code != "" || !got.ExpiresAt.IsZero() {
		t.Errorf("defaults: %+v, %v", got, err)
	}
}

func TestDraftMistakes(t *testing.T) {
	many := make([]string, link.MaxTags+1)
	for i := range many {
		many[i] = strings.Repeat("t", i+1)
	}
	tests := []struct {
		name  string
		draft link.Draft
		field string
		says  string
	}{
		{"title too long", link.Draft{Title: strings.Repeat("ä", 201)}, "title", "201 characters"},
		{"title with a line break", link.Draft{Title: "a\nb"}, "title", "control"},
		{"title not UTF-8", link.Draft{Title: "\xff"}, "title", "UTF-8"},
		{"too many tags", link.Draft{Tags: many}, "tags", "21 tags"},
		{"empty tag", link.Draft{Tags: []string{"a", ""}}, "tags", "Tag 2 is empty"},
		{"tag too long", link.Draft{Tags: []string{strings.Repeat("x", 51)}}, "tags", "51 characters"},
		{"several bad tags", link.Draft{Tags: []string{"a", "", "b\x00", ""}}, "tags", "Tag 2 is empty. Tag 3: It must not contain control characters. Tag 4 is empty."},
		{"tag with a control character", link.Draft{Tags: []string{"a\x00"}}, "tags", "control"},
		{"redirect not a redirect", link.Draft{Redirect: 200}, "redirect", "301"},
		{"redirect see other", link.Draft{Redirect: 303}, "redirect", "301"},
		{"expiry not a time", link.Draft{ExpiresAt: "tomorrow"}, "expiresAt", "RFC 3339"},
		{"expiry without zone", link.Draft{ExpiresAt: "2030-01-01T00:00:00"}, "expiresAt", "RFC 3339"},
		{"expiry now", link.Draft{ExpiresAt: now.Format(time.RFC3339Nano)}, "expiresAt", "future"},
		{"expiry past in another zone", link.Draft{ExpiresAt: "2026-11-21T04:59:59+02:00"}, "expiresAt", "future"},
		{"expiry too far", link.Draft{ExpiresAt: "9999-12-31T23:59:59-12:00"}, "expiresAt", "1970 to 9999"},
		{"alias too long", link.Draft{Code: strings.Repeat("a", 65)}, "code", "64"},
		{"alias with a slash", link.Draft{Code: "a/b"}, "code", "letters"},
		{"alias with an umlaut", link.Draft{Code: "ä"}, "code", "letters"},
		{"alias with a plus", link.Draft{Code: "a+"}, "code", "letters"},
		{"alias reserved", link.Draft{Code: "API"}, "code", "reserved"},
		{"alias and private", link.Draft{Code: "mine", Private: true}, "code", "private"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.draft.URL = "https://example.com"
			_, err := test.draft.Link("me", site(t, "https://mini.example"), now)
			f := fault.Of(err)
			if f.Code != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != test.field || !strings.Contains(f.Fields[0].Message, test.says) {
				t.Errorf("got %v, want %s to say %q", err, test.field, test.says)
			}
		})
	}
}

func TestDraftTellsEveryMistake(t *testing.T) {
	draft := link.Draft{Code: "a b", Title: "\n", Tags: []string{""}, ExpiresAt: "x", Redirect: 1}
	_, err := draft.Link("me", site(t, "https://mini.example"), now)
	var names []string
	for _, field := range fault.Of(err).Fields {
		names = append(names, field.Name)
	}
	if want := []string{"url", "code", "title", "tags", "redirect", "expiresAt"}; !slices.Equal(names, want) {
		t.Errorf("fields %v, want %v", names, want)
	}
}
