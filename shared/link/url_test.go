package link_test

import (
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/link/weburl"
)

func TestDestinations(t *testing.T) {
	const same = ""
	tests := []struct{ url, stored string }{
		{"https://example.com", same},
		{"HTTP://EXAMPLE.com:8080/a//b/../c?x=%20&y=a+b#frag", same},
		{"https://example.com/" + strings.Repeat("a", 8192-20), same},
		{"https://bücher.example/straße?q=😀", same},
		{"https://my_host.example./", same},
		{"https://xn--bcher-kva.example", same},
		{"http://127.0.0.1:3000/", same},
		{"http://[2001:db8::1]:80/", same},
		{"https://sub.mini.example/", same},
		{"https://mini.example.org/", same},
		{"https://example.com/?next=https://mini.example/", same},
		{"https://example.com/sale/100%", same},
		{"https://example.com/foo%2zbar", same},
		{"https://example.com/#50%-off", same},
		{"https://a$b/", same},
		{"https://(4).four/x", same},
		{"http://localhost:3000/x", same},

		{"example.com", "https://example.com"},
		{"example.com/page?a=b", "https://example.com/page?a=b"},
		{"//example.com", "https://example.com"},
		{"example.com:8080/x", "https://example.com:8080/x"},
		{"localhost:3000", "https://localhost:3000"},
		{"[2001:db8::1]/x", "https://[2001:db8::1]/x"},
		{"bücher.example", "https://bücher.example"},
		{" \t\n\u00a0\ufeffhttps://example.com\u200b\r\n ", "https://example.com"},
		{"https://www.example.com/some path with white spaces here", "https://www.example.com/some%20path%20with%20white%20spaces%20here"},
		{"https://example.com/list?region=Dallas%20%2F%20Fort%20Worth area&subcat=1,2", "https://example.com/list?region=Dallas%20%2F%20Fort%20Worth%20area&subcat=1,2"},
		{"https://example.com/very/\r\n  long", "https://example.com/very/%20%20long"},
		{"https://example.com/a\u00a0b", "https://example.com/a%C2%A0b"},
		{"https://example.com/\u0085x", "https://example.com/%C2%85x"},
		{"https://example.com/\u202egnp.exe", "https://example.com/%E2%80%AEgnp.exe"},
		{"https://example.com/\x00x", "https://example.com/%00x"},
		{"https:example.com", "https://example.com/"},
		{"https:///example.com/path", "https://example.com/path"},
		{`https:\\example.com\a`, "https://example.com/a"},
		{"https://b%C3%BCcher.example", "https://xn--bcher-kva.example/"},
		{"http://0x7f.1:3000/", "http://127.0.0.1:3000/"},
	}
	for _, test := range tests {
		made, err := link.Draft{URL: test.url}.Link("me", site(t, "https://mini.example"), now)
		want := test.stored
		if want == same {
			want = test.url
		}
		if err != nil || made.URL != want {
			t.Errorf("%.60q became %.60q, want %.60q, %v", test.url, made.URL, want, err)
		}
	}
}

func TestRefusedDestinations(t *testing.T) {
	tests := []struct{ url, says string }{
		{"", "missing"},
		{" \n", "missing"},
		{"https://example.com/" + strings.Repeat("a", 8193-20), "8193 bytes"},
		{"https://example.com/" + strings.Repeat("ä", 1400), "8420 bytes"},
		{"https://example.com/\xff", "UTF-8"},
		{"nonsense", "http://"},
		{"two words", "http://"},
		{"/path", "http://"},
		{"java\tscript:alert(1)", "http://"},
		{"javascript:alert(1)", "http://"},
		{"javascript:example.com", "http://"},
		{"data:text/html,x", "http://"},
		{"ftp://example.com", "http://"},
		{"tel:110", "http://"},
		{"mailto:me@example.com", "http://"},
		{"me@example.com", "user name"},
		{"https://me@example.com", "user name"},
		{"https://me:secret@example.com", "user name"},
		{"https://@example.com", "user name"},
		{"https:", "host"},
		{"https://./", "host"},
		{"https://?q", "host"},
		{`https://"><b>/`, "host"},
		{"https://[fe80::1%25en0x/", "IPv6"},
		{"http://[fe80::1%25eth0]/", "IPv6"},
		{"http://256.256.256.256/", "IPv4"},
		{"http://1.2.3.4.5/", "IPv4"},
		{"1.2.3.4.5", "IPv4"},
		{"https://look\u202eout.net/x", "domain name"},
		{"https://example.com:99999/", "port"},
		{"https://example.com:x/", "port"},
	}
	for _, test := range tests {
		t.Run(test.url[:min(len(test.url), 40)], func(t *testing.T) {
			refuses(t, site(t, "https://mini.example"), test.url, test.says)
		})
	}
}

// refuses checks that a site takes a destination for a mistake.
func refuses(t *testing.T, own link.Site, url, says string) {
	t.Helper()
	_, err := link.Draft{URL: url}.Link("me", own, now)
	f := fault.Of(err)
	if len(f.Fields) != 1 || f.Fields[0].Name != "url" || !strings.Contains(f.Fields[0].Message, says) {
		t.Errorf("%q: got %v, want it to say %q", url, err, says)
	}
}

func TestDestinationsOnTheSite(t *testing.T) {
	own, err := link.NewSite("https://mini.example", "d111.cloudfront.example", "abc.execute-api.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{
		"https://mini.example", "mini.example/x", "http://MINI.Example.:8443/x", "https://ｍｉｎｉ.example/", "https://mini。example/",
		"https://mi\u00adni.example/", `https://mini.example\@example.com/`, "https://D111.cloudfront.example/x", "http://abc.execute-api.example",
	} {
		refuses(t, own, url, "this site")
	}
	for _, name := range []string{"https://bücher.example", "https://xn--bcher-kva.example", "https://BÜCHER.example"} {
		for _, url := range []string{"http://bücher.example/", "http://XN--BCHER-KVA.example.", "http://b%C3%BCcher.example:80"} {
			refuses(t, site(t, name), url, "this site")
		}
	}
	for _, local := range []string{"http://localhost:8080", "http://127.0.0.1:8080"} {
		own, err := link.NewSite(local, "localhost:8080", "abc.execute-api.example")
		if err != nil {
			t.Fatal(err)
		}
		for _, url := range []string{
			"http://localhost:8080/loop", "localhost:8080", "http://127.0.0.1:8080/loop", "http://127.1:8080", "http://127.8.8.8:8080", "http://[::1]:8080",
			"http://[::ffff:127.0.0.1]:8080", "http://0.0.0.0:8080", "http://[::]:8080", "http://app.localhost:8080", "http://LOCALHOST.:8080", "https://abc.execute-api.example/x",
		} {
			refuses(t, own, url, "this site")
		}
		for _, url := range []string{"http://localhost:3000/", "http://127.0.0.1/", "http://192.168.0.1:8080/", "http://localhost.example:8080"} {
			if _, err := (link.Draft{URL: url}).Link("me", own, now); err != nil {
				t.Errorf("%s refuses %s: %v", local, url, err)
			}
		}
	}
	refuses(t, site(t, "http://localhost"), "http://127.0.0.1:80", "this site")
	refuses(t, site(t, "https://localhost"), "https://127.0.0.1", "this site")
}

func TestNewSite(t *testing.T) {
	for _, wrong := range []string{"", "mini.example", "ftp://mini.example", "https://", ":"} {
		if _, err := link.NewSite(wrong); err == nil {
			t.Errorf("NewSite(%q) succeeds", wrong)
		}
	}
	if _, err := link.NewSite("https://mini.example", "a b"); err == nil {
		t.Error("a name with a blank is accepted")
	}
	if got := site(t, "http://localhost:8080/").ShortURL("abc"); got != "http://localhost:8080/abc" {
		t.Errorf("ShortURL = %s", got)
	}
}

// FuzzDestination checks that what is stored is stored the same again, is sent as a header
// that browsers take to the same place, and is not on the site.
func FuzzDestination(f *testing.F) {
	for _, seed := range []string{
		"https://example.com/a?b#c", "http://mini.example", "https://a@b", "javascript:x", "http://[::1]", "https://bücher.example", "example.com:80/\u202e x", "//a.b\\c",
	} {
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
		again, err := link.Draft{URL: made.URL}.Link("me", own, now)
		if err != nil || again.URL != made.URL {
			t.Fatalf("%q was stored as %q, and that as %q: %v", text, made.URL, again.URL, err)
		}
		sent := link.Location(made.URL)
		if !weburl.ASCII(sent) || strings.ContainsAny(sent, " \t\r\n\x00\x7f") || link.Location(sent) != sent {
			t.Fatalf("%q is sent as %q", text, sent)
		}
		wants, _ := weburl.Parse(made.URL)
		got, mistake := weburl.Parse(sent)
		if mistake != "" || got.String() != wants.String() || got.Credentials || strings.Trim(got.Host, ".") == "mini.example" {
			t.Fatalf("%q is sent as %q, which leads to %s: %s", text, sent, got, mistake)
		}
	})
}
