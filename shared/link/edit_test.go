package link_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

func TestEdit(t *testing.T) {
	before := link.Link{ID: "l.1", Code: "a", URL: "https://example.com", Aliases: []string{"b", "c"}, Title: "T", Tags: []string{"x"}, Redirect: 302, Version: 3, ExpiresAt: now.Add(time.Hour)}
	for change, want := range map[string]func(*link.Link){
		`{}`:                                   func(*link.Link) {},
		`{"url":"https://example.org"}`:        func(l *link.Link) { l.URL = "https://example.org" },
		`{"title":"","note":"a\n\tb"}`:         func(l *link.Link) { l.Title, l.Note = "", "a\n\tb" },
		`{"tags":["y","y"],"redirect":308}`:    func(l *link.Link) { l.Tags, l.Redirect = []string{"y"}, 308 },
		`{"expiresAt":null,"disabled":true}`:   func(l *link.Link) { l.ExpiresAt, l.Disabled = time.Time{}, true },
		`{"expiresAt":"2030-01-31T12:00:00Z"}`: func(l *link.Link) { l.ExpiresAt = time.Date(2030, 1, 31, 12, 0, 0, 0, time.UTC) },
		`{"code":"a"}`:                         func(*link.Link) {},
		`{"code":"d"}`:                         func(l *link.Link) { l.Code, l.Aliases = "d", []string{"b", "c", "a"} },
		`{"code":"b"}`:                         func(l *link.Link) { l.Code, l.Aliases = "b", []string{"c", "a"} },
		`{"code":"d","aliases":["b"]}`:         func(l *link.Link) { l.Code, l.Aliases = "d", []string{"b"} },
		`{"aliases":["c"]}`:                    func(l *link.Link) { l.Aliases = []string{"c"} },
	} {
		expected := before
		want(&expected)
		got, err := edited(t, before, change)
		if diff := cmp.Diff(expected, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", change, err, diff)
		}
		if changes := link.Changes(before, got); (len(changes) == 0) != cmp.Equal(before, expected) {
			t.Errorf("%s: changes %v", change, changes)
		}
	}
	if before.Aliases[0] != "b" || len(before.Aliases) != 2 {
		t.Errorf("the link that was edited has changed: %v", before.Aliases)
	}
}

func TestEditMistakes(t *testing.T) {
	l := link.Link{Code: "a", URL: "https://example.com", Private: true, Aliases: strings.Split("1 2 3 4 5 6 7 8 9 10", " ")}
	for change, fields := range map[string]string{
		`{"url":"javascript:alert(1)"}`:                       "url",
		`{"code":"b"}`:                                        "code aliases", // private, and one code too many
		`{"aliases":["z"]}`:                                   "aliases",
		`{"title":"` + strings.Repeat("x", 201) + `"}`:        "title",
		`{"note":"` + strings.Repeat("x", 2001) + `"}`:        "note",
		`{"note":"a\u0000"}`:                                  "note",
		`{"tags":[""]}`:                                       "tags",
		`{"redirect":200,"expiresAt":"2020-01-01T00:00:00Z"}`: "redirect expiresAt",
	} {
		_, err := edited(t, l, change)
		var names []string
		for _, field := range fault.Of(err).Fields {
			names = append(names, field.Name)
		}
		if got := strings.Join(names, " "); got != fields {
			t.Errorf("%s: mistakes in %q, want %q", change, got, fields)
		}
	}
}

func TestChanges(t *testing.T) {
	before := link.Link{Title: "a", Tags: []string{"x"}}
	after := link.Link{Title: "b", ExpiresAt: now}
	got, err := json.Marshal(link.Changes(before, after))
	want := `[{"field":"title","from":"a","to":"b"},{"field":"tags","from":["x"],"to":[]},{"field":"expiresAt","from":null,"to":"2026-11-21T03:00:00.123Z"}]`
	if string(got) != want || err != nil {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestSeen(t *testing.T) {
	l := link.Link{Version: 12}
	for header, want := range map[string]bool{
		`"12"`: true, `"12-abc"`: true, `W/"12-abc"`: true, `"1", "12-x"`: true, `*`: true, l.VersionTag(): true,
		``: false, `"1"`: false, `"1-12"`: false, `"120"`: false, `"012"`: false,
	} {
		if got := l.Seen(header); got != want {
			t.Errorf("%s: %t", header, got)
		}
	}
}
