package link_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		" -- ":                 "",
		"Spring-Menu_2026.pdf": "spring|menu|2026|pdf",
		"Größe: ÄRMEL":         "größe|ärmel",
		"e\u0301te\u0301":      "e\u0301te\u0301", // combining marks belong to their letters
		"咖啡menu":               "咖|啡|menu",
		"a/b?c=d&e":            "a|b|c|d|e",
		"don't":                "don|t",
	} {
		if got := strings.Join(link.Words(text), "|"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTerms(t *testing.T) {
	l := link.Link{Code: "sale", URL: "https://Example.com:8080/caf%C3%A9?q=1", Title: "Sales 咖", Tags: []string{"Print, A4"}, DeletedAt: now}
	want := []string{"w#sal", "w#咖", "w#pri", "w#a4", "w#exa", "w#com", "w#808", "w#caf", "w#q", "w#1", "t#Print, A4", "h#example.com", "d"}
	if got := l.Terms(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	l.Note = ""
	for n := range 200 {
		l.Note += fmt.Sprintf(" %03d", n)
	}
	if got := l.Terms(); len(got) != 60+3 || !slices.Contains(got, "t#Print, A4") {
		t.Errorf("%d terms: %q", len(got), got)
	}
}

// TestListsCoverMatches checks that each link that a query selects is in the lists that the
// query reads.
func TestListsCoverMatches(t *testing.T) {
	all := []link.Link{
		{Code: "a", URL: "https://example.com/menu", Title: "Spring", Tags: []string{"x", "y"}},
		{Code: "b", URL: "https://example.org/menus", Title: "spa 咖啡", Tags: []string{"y"}},
		{Code: "c", URL: "https://example.org/", DeletedAt: now, Tags: []string{"x"}},
	}
	for text, want := range map[string]string{
		"q=spring": "a", "q=sp": "ab", "q=menu": "ab", "q=咖": "b", "tag=x": "a", "tag=y&tag=x": "a", "anyTag=x&anyTag=y": "ab", "notTag=x": "b",
		"host=example.org": "b", "status=deleted": "c", "status=deleted&tag=x": "c", "q=spring&tag=x&host=example.com": "a",
	} {
		values := map[string][]string{}
		for pair := range strings.SplitSeq(text, "&") {
			name, value, _ := strings.Cut(pair, "=")
			values[name] = append(values[name], value)
		}
		q, err := link.ParseQuery(func(name string) []string { return values[name] })
		if err != nil {
			t.Fatal(err)
		}
		got, lists := "", q.Lists()
		for _, l := range all {
			if !q.Matches(l, now) {
				continue
			}
			got += l.Code
			if len(lists) > 0 && !slices.ContainsFunc(l.Terms(), func(term string) bool { return slices.Contains(lists, term) }) {
				t.Errorf("%s: %s is in none of %q", text, l.Code, lists)
			}
		}
		if got != want {
			t.Errorf("%s selects %q, want %q", text, got, want)
		}
	}
}

func TestQueryMistakes(t *testing.T) {
	for _, test := range []struct{ name, value string }{
		{"q", "--"}, {"q", strings.Repeat("x", 201)}, {"q", "a b c d e f g h i j k"}, {"tag", ""}, {"anyTag", strings.Repeat("x", 51)}, {"notTag", "\x00"},
		{"status", "new"}, {"host", "a b"}, {"from", "yesterday"}, {"from", "0001-01-01"}, {"to", "2026-13-01"}, {"to", "9999-12-31"}, {"clicked", "often"}, {"sort", "title"},
	} {
		_, err := link.ParseQuery(func(name string) []string {
			if name == test.name {
				return []string{test.value}
			}
			return nil
		})
		if found := fault.Of(err); found.Code != fault.Invalid || len(found.Fields) != 1 || found.Fields[0].Name != test.name {
			t.Errorf("%s=%q: %v", test.name, test.value, err)
		}
	}
	_, err := link.ParseQuery(func(name string) []string { return map[string][]string{"status": {"x"}, "sort": {"a", "b"}}[name] })
	if got := fault.Of(err).Fields; len(got) != 3 {
		t.Errorf("several mistakes: %v", got)
	}
	_, err = link.ParseQuery(func(name string) []string {
		return map[string][]string{"from": {"2026-11-21"}, "to": {"2026-11-20"}}[name]
	})
	if got := fault.Of(err).Message; got != "from: It must be before to." {
		t.Errorf("from after to: %v", err)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("Spring-Menu 咖啡")
	f.Add("%C3%28")
	f.Fuzz(func(t *testing.T, text string) {
		for _, word := range link.Words(text) {
			if word == "" {
				t.Errorf("%q has an empty word", text)
			}
		}
		l := link.Link{Code: "a", URL: text, Title: text}
		for _, term := range l.Terms() {
			if len(term) > 1024 && strings.HasPrefix(term, "w#") {
				t.Errorf("a term of %d bytes", len(term))
			}
		}
	})
}
