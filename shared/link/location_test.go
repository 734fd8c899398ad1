package link_test

import (
	"testing"

	"github.com/minim-dev/minim/shared/link"
)

func TestLocation(t *testing.T) {
	for text, want := range map[string]string{
		"HTTP://EXAMPLE.com:8080/a//b/../c?x=%20&y=a+b|#frag": "HTTP://EXAMPLE.com:8080/a//b/../c?x=%20&y=a+b|#frag",
		"https://example.com":                               "https://example.com",
		"https://example.com/100%":                          "https://example.com/100%",
		"https://bücher.example":                            "https://xn--bcher-kva.example",
		"https://Bücher.example:8443/straße?q=😀%20#é":       "https://xn--bcher-kva.example:8443/stra%C3%9Fe?q=%F0%9F%98%80%20#%C3%A9",
		"https://bücher.example?ü":                          "https://xn--bcher-kva.example?%C3%BC",
		"https://faß.example/":                              "https://xn--fa-hia.example/",
		"https://\u04c0.example/":                           "https://xn--s5a.example/",
		"http://[2001:db8::1]:80/ü":                         "http://[2001:db8::1]:80/%C3%BC",
		"https://example.com/?next=https://bücher.example/": "https://example.com/?next=https://b%C3%BCcher.example/",
		"https://\u202e.example/ü":                          "https://%E2%80%AE.example/%C3%BC", // never stored
	} {
		if got := link.Location(text); got != want {
			t.Errorf("%s is sent as %s, want %s", text, got, want)
		}
	}
}
