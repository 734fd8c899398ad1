package link

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/link/weburl"
)

func TestTwins(t *testing.T) {
	if utf8.RuneCountInString(twins) != len(originals) {
		t.Fatalf("%d letters, %d originals", utf8.RuneCountInString(twins), len(originals))
	}
	for _, r := range twins {
		if r < utf8.RuneSelf || !weburl.ASCII(skeleton(string(r))) {
			t.Errorf("%c looks like %s", r, skeleton(string(r)))
		}
	}
}

func TestShow(t *testing.T) {
	tests := map[string]Shown{
		"https://example.com/a?b=c#d":             {Before: "https://", Host: "example.com", After: "/a?b=c#d"},
		"http://example.com:8080":                 {Before: "http://", Host: "example.com:8080"},
		"https://example.com?x":                   {Before: "https://", Host: "example.com", After: "?x"},
		"https://[2001:db8::1]/":                  {Before: "https://", Host: "[2001:db8::1]", After: "/"},
		"https://bücher.example/ä":                {Before: "https://", Host: "bücher.example", After: "/ä"},
		"https://例え.jp/":                          {Before: "https://", Host: "例え.jp", After: "/"},
		"https://お茶tea.example":                   {Before: "https://", Host: "お茶tea.example"},
		"https://приклад.укр/":                    {Before: "https://", Host: "приклад.укр", After: "/"},
		"https://рос.рф/":                         {Before: "https://", Host: "рос.рф", After: "/"}, // Russian, though it looks like poc
		"https://example.com/a\u202egpj.exe":      {Before: "https://", Host: "example.com", After: "/a%E2%80%AEgpj.exe"},
		"https://example.com/\u200b":              {Before: "https://", Host: "example.com", After: "/%E2%80%8B"},
		"https://pаypal.com/":                     {Before: "https://", Host: "pаypal.com", After: "/", ASCII: "xn--pypal-4ve.com", Imitates: "paypal.com"},
		"https://xn--pypal-4ve.com/":              {Before: "https://", Host: "xn--pypal-4ve.com", After: "/", ASCII: "xn--pypal-4ve.com", Imitates: "paypal.com"},
		"https://аррӏе.com":                       {Before: "https://", Host: "аррӏе.com", ASCII: "xn--80ak6aa92e.com", Imitates: "apple.com"},
		"https://exampleя.com":                    {Before: "https://", Host: "exampleя.com", ASCII: "xn--example-cng.com"},
		"https://gıthub.com":                      {Before: "https://", Host: "gıthub.com", ASCII: "xn--gthub-n4a.com", Imitates: "github.com"},
		"https://www.gοοgle.com.login.example:81": {Before: "https://", Host: "www.gοοgle.com.login.example:81", ASCII: "www.xn--ggle-0nda.com.login.example", Imitates: "www.google.com.login.example"},
	}
	for url, want := range tests {
		if diff := cmp.Diff(want, Show(url)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", url, diff)
		}
	}
}

func FuzzShow(f *testing.F) {
	for _, url := range []string{"https://example.com/", "https://xn--pypal-4ve.com/", "//", "", "https://\xff/"} {
		f.Add(url)
	}
	f.Fuzz(func(t *testing.T, url string) {
		if s := Show(url); s.Imitates != "" && (s.ASCII == "" || !weburl.ASCII(s.Imitates)) {
			t.Errorf("%+v", s)
		}
	})
}
