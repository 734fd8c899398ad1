package link_test

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/minim-dev/minim/shared/link"
)

func TestLocation(t *testing.T) {
	for text, want := range map[string]string{
		"HTTP://EXAMPLE.com:8080/a//b/../c?x=%20&y=a+b|#frag": "HTTP://EXAMPLE.com:8080/a//b/../c?x=%20&y=a+b|#frag",
		"https://example.com":                               "https://example.com",
		"https://bücher.example":                            "https://xn--bcher-kva.example",
		"https://Bücher.example:8443/straße?q=😀%20#é":       "https://xn--bcher-kva.example:8443/stra%C3%9Fe?q=%F0%9F%98%80%20#%C3%A9",
		"https://bücher.example?ü":                          "https://xn--bcher-kva.example?%C3%BC",
		"https://faß.example/":                              "https://xn--fa-hia.example/",
		"http://[2001:db8::1]:80/ü":                         "http://[2001:db8::1]:80/%C3%BC",
		"https://example.com/?next=https://bücher.example/": "https://example.com/?next=https://b%C3%BCcher.example/",
	} {
		if got := link.Location(text); got != want {
			t.Errorf("%s is sent as %s, want %s", text, got, want)
		}
	}
}

// checkLocation holds what is sent to what was written: a URL in ASCII that leads
// to the same place.
func checkLocation(t *testing.T, text string) {
	t.Helper()
	sent := link.Location(text)
	if strings.IndexFunc(sent, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 || link.Location(sent) != sent {
		t.Fatalf("%q is sent as %q", text, sent)
	}
	wrote, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	got, err := url.Parse(sent)
	if err != nil || got.Path != wrote.Path || got.Port() != wrote.Port() || got.Fragment != wrote.Fragment {
		t.Fatalf("%q is sent as %q, which leads elsewhere: %v", text, sent, err)
	}
}
