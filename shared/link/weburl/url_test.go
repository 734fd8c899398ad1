package weburl_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/link/weburl"
)

// different lists the inputs that a browser opens and we refuse: hosts with characters newer
// than Unicode 15, the version of x/net/idna until Go 1.27. No registry accepts them.
func different() map[string]bool {
	return map[string]bool{
		"https://\U00032931" + "20.\u97f3.\ua8661./x":               true,
		"https://\U0003e8ac\u3002\u0729\u3002\ucbd95/x":             true,
		"https://\U0003e8ac\u3002\u0729\u3002\u110d\u1173\u11ac5/x": true,
	}
}

func TestAsBrowsers(t *testing.T) {
	data, err := os.ReadFile("testdata/urls.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases [][2]*string
	if err := json.Unmarshal(data, &cases); err != nil || len(cases) < 2500 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	different := different()
	for _, c := range cases {
		input, want := *c[0], c[1]
		got, mistake := weburl.Parse(input)
		switch {
		case want == nil && mistake == "":
			t.Errorf("%+q: got %s, want a mistake", input, got)
		case want == nil || different[input] && mistake != "":
		case mistake != "":
			t.Errorf("%+q: %s; want %s", input, mistake, *want)
		case got.Credentials: // they are left out
		case got.String() != *want:
			t.Errorf("%+q: got %s, want %s", input, got, *want)
		}
		delete(different, input)
	}
	for input := range different {
		t.Errorf("%+q is no test case any more", input)
	}
}

// TestDataIsCurrent compares the test data with what the pinned reference implementation says.
func TestDataIsCurrent(t *testing.T) {
	if testing.Short() {
		t.Skip("needs npm packages")
	}
	if out, err := exec.CommandContext(t.Context(), "node", "../../../infra/commands/urls.js", "--check").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func TestMistakes(t *testing.T) {
	tests := []struct{ text, says string }{
		{"", "http://"}, {"example.com", "http://"}, {"javascript:alert(1)", "http://"}, {"ftp://example.com", "http://"},
		{"https:", "needs a host"}, {"https://?q", "needs a host"}, {"https://me@", "needs a host"}, {"https://:80", "needs a host"},
		{"https://a b/", `must not contain ' '`}, {"https://a%00b/", `must not contain '\x00'`}, {"https://a%2fb/", `must not contain '/'`}, {`https://a"b|c/`, `must not contain '|'`},
		{"https://example.com:x/", "must be a number"}, {"https://example.com:65536/", "at most 65535"},
		{"http://256.256.256.256/", `IPv4 address: "256"`}, {"http://1.2.3.4.5/", "more than four parts"}, {"http://0x100000000/", "0x100000000"},
		{"http://foo.09/", `"foo"`}, {"http://1.2.3.08/", `"08"`}, {"http://1..2.3/", `""`}, {"http://99999999999999999999999/", "IPv4"},
		{"http://[fe80::1%25eth0]/", "IPv6"}, {"http://[::1/", "IPv6"}, {"http://[1.2.3.4]/", "IPv6"},
		{"https://look\u202eout.net/", "international domain name"}, {"https://xn--te\u0161la/", "international domain name"}, {"https://\u00ad/", "international domain name"},
	}
	for _, test := range tests {
		if got, mistake := weburl.Parse(test.text); !strings.Contains(mistake, test.says) || mistake == "" {
			t.Errorf("%q: got %s, %q, want it to say %q", test.text, got, mistake, test.says)
		}
	}
}

// FuzzParse checks that what Parse returns is ASCII, and stays what it is.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"https://example.com/a?b#c", "http://1.2", "https://[::1]:80/../%2e", "https:\\\\b\u00fccher.example:443/\u00fc?'", "http://0x7f.1/%", "https://\u10ba.\u03c2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, mistake := weburl.Parse(text)
		if mistake != "" {
			return
		}
		sent := u.String()
		if !weburl.ASCII(sent) || strings.ContainsAny(sent, " \t\r\n\x00\x7f") || u.Host == "" {
			t.Fatalf("%q became %q", text, sent)
		}
		again, mistake := weburl.Parse(sent)
		if mistake != "" || again.String() != sent {
			t.Fatalf("%q became %q, and that %q: %s", text, sent, again, mistake)
		}
	})
}
