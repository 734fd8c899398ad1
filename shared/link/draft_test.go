package link_test

import (
	"net/url"
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
		{"expiry too far", link.Draft{ExpiresAt: "9999-12-31T23:59:59-12:00"}, "expiresAt", "10000"},
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

func TestDestinations(t *testing.T) {
	tests := []struct {
		url  string
		says string // "": allowed
	}{
		{"https://example.com", ""},
		{"HTTP://EXAMPLE.com:8080/a//b/../c?x=%20&y=a+b#frag", ""},
		{"https://example.com/" + strings.Repeat("a", 8192-20), ""},
		{"https://bücher.example/straße?q=😀", ""},
		{"https://my_host.example./", ""},
		{"https://xn--bcher-kva.example", ""},
		{"http://127.0.0.1:3000/", ""},
		{"http://[2001:db8::1]:80/", ""},
		{"https://sub.mini.example/", ""},
		{"https://mini.example.org/", ""},
		{"https://example.com/?next=https://mini.example/", ""},
		{"", "missing"},
		{"https://example.com/" + strings.Repeat("a", 8193-20), "8193 bytes"},
		{"https://example.com/" + strings.Repeat("ä", 1400), "8420 bytes"},
		{"https://example.com/\xff", "UTF-8"},
		{"https://example.com/a b", "spaces"},
		{" https://example.com", "spaces"},
		{"https://example.com/\r\nSet-Cookie:a=b", "control"},
		{"https://example.com/\u0085", "control"},
		{"https://example.com/\u00a0", "spaces"},
		{"java\tscript:alert(1)", "control"},
		{"javascript:alert(1)", "http://"},
		{"data:text/html,x", "http://"},
		{"ftp://example.com", "http://"},
		{"//example.com", "http://"},
		{"example.com", "http://"},
		{"/path", "http://"},
		{"https:", "host"},
		{"https:///path", "host"},
		{"https:example.com", "host"},
		{"https://./", "host"},
		{"https://?q", "host"},
		{`https://"><b>/`, "host"},
		{"https://a$b/", "host"},
		{"https://[fe80::1%25en0x/", "well-formed"},
		{`https:\\example.com`, "host"},
		{`https://mini.example\@example.com/`, "well-formed"},
		{"https://example.com/%zz", "well-formed"},
		{"https://example.com:99999/", "port"},
		{"https://example.com:x/", "well-formed"},
		{"https://me@example.com", "user name"},
		{"https://me:secret@example.com", "user name"},
		{"https://@example.com", "user name"},
		{"https://mini.example", "this site"},
		{"http://MINI.Example.:8443/x", "this site"},
		{"https://ｍｉｎｉ.example/", "this site"},
		{"https://mini。example/", "this site"},
		{"https://mi\u00adni.example/", "this site"},
	}
	for _, test := range tests {
		t.Run(test.url[:min(len(test.url), 40)], func(t *testing.T) {
			made, err := link.Draft{URL: test.url}.Link("me", site(t, "https://mini.example"), now)
			if test.says == "" {
				if err != nil || made.URL != test.url {
					t.Errorf("got %q, %v", made.URL, err)
				}
				return
			}
			f := fault.Of(err)
			if len(f.Fields) != 1 || f.Fields[0].Name != "url" || !strings.Contains(f.Fields[0].Message, test.says) {
				t.Errorf("got %v, want it to say %q", err, test.says)
			}
		})
	}
}

func TestDestinationsOfInternationalSite(t *testing.T) {
	for _, own := range []string{"https://bücher.example", "https://xn--bcher-kva.example", "https://BÜCHER.example"} {
		for _, target := range []string{"http://bücher.example/", "http://XN--BCHER-KVA.example.", "http://b%C3%BCcher.example:80"} {
			if _, err := (link.Draft{URL: target}).Link("me", site(t, own), now); !fault.Is(err, fault.Invalid) {
				t.Errorf("site %s took %s", own, target)
			}
		}
	}
}

func TestNewSite(t *testing.T) {
	for _, wrong := range []string{"", "mini.example", "ftp://mini.example", "https://", ":"} {
		if _, err := link.NewSite(wrong); err == nil {
			t.Errorf("NewSite(%q) took it", wrong)
		}
	}
	if got := site(t, "http://localhost:8080/").ShortURL("abc"); got != "http://localhost:8080/abc" {
		t.Errorf("ShortURL = %s", got)
	}
}

func FuzzDestination(f *testing.F) {
	for _, seed := range []string{"https://example.com/a?b#c", "http://mini.example", "https://a@b", "javascript:x", "http://[::1]", "https://bücher.example"} {
		f.Add(seed)
	}
	own := site(f, "https://mini.example")
	f.Fuzz(func(t *testing.T, text string) {
		made, err := link.Draft{URL: text}.Link("me", own, now)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if made.URL != text {
			t.Fatalf("%q was stored as %q", text, made.URL)
		}
		if strings.ContainsAny(text, " \t\r\n\x00\x7f") {
			t.Fatalf("%q would break a header", text)
		}
		checkLocation(t, text)
		u, err := url.Parse(text)
		if err != nil || u.User != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			t.Fatalf("%q was taken: %v", text, err)
		}
		if strings.EqualFold(strings.TrimRight(u.Hostname(), "."), "mini.example") {
			t.Fatalf("%q leads back", text)
		}
	})
}
