package click_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/click"
)

const (
	chromeWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
	safariPhone   = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)

// of asks click.Of with headers given as "Name: value" lines.
func of(method string, lines ...string) (click.Click, bool) {
	headers := http.Header{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		headers.Set(name, value)
	}
	return click.Of(method, headers.Get)
}

func TestOf(t *testing.T) {
	tests := []struct {
		name    string
		headers []string
		want    click.Click
	}{
		{"everything is known", []string{
			"User-Agent: " + chromeWindows, "Referer: https://www.News.example:8443/story?secret=1",
			"CloudFront-Viewer-Country: de", "CloudFront-Viewer-City: M%C3%BCnchen",
		}, click.Click{Country: "DE", City: "München", Referrer: "news.example", Browser: "Chrome", System: "Windows", Device: "desktop"}},
		{"nothing is known", nil, click.Click{Referrer: click.Direct}},
		{"do not track", []string{
			"User-Agent: " + safariPhone, "DNT: 1", "Referer: https://news.example/", "CloudFront-Viewer-Country: FR", "CloudFront-Viewer-City: Lyon",
		}, click.Click{Country: "FR", Browser: "Safari", System: "iOS", Device: "mobile"}},
		{"global privacy control", []string{"Sec-GPC: 1", "Referer: https://news.example/", "CloudFront-Viewer-City: Lyon"}, click.Click{}},
		{"an app is a referrer", []string{"Referer: android-app://com.example.mail/"}, click.Click{Referrer: "com.example.mail"}},
		{"a referrer that is none", []string{"Referer: javascript:alert(1)"}, click.Click{}},
		{"a referrer with an odd host", []string{"Referer: https://a%20b/"}, click.Click{}},
		{"an invented country", []string{"CloudFront-Viewer-Country: <b>"}, click.Click{Referrer: click.Direct}},
		{"a city with control characters", []string{"CloudFront-Viewer-City: Ly%00on%0a"}, click.Click{City: "Lyon", Referrer: click.Direct}},
		{"a bot has only a name", []string{
			"User-Agent: curl/8.5.0", "Referer: https://news.example/", "CloudFront-Viewer-Country: de",
		}, click.Click{Bot: "curl"}},
		{"no agent, through the edge", []string{"User-Agent: Amazon CloudFront"}, click.Click{Referrer: click.Direct}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, counts := of(http.MethodGet, test.headers...)
			if diff := cmp.Diff(test.want, got); diff != "" || !counts {
				t.Errorf("counts: %v, (-want +got)\n%s", counts, diff)
			}
		})
	}
}

func TestWhatIsNoClick(t *testing.T) {
	prefetches := []string{
		"Sec-Purpose: prefetch", "Sec-Purpose: prefetch;prerender", "Sec-Purpose: prefetch;anonymous-client-ip",
		"Purpose: prefetch", "Purpose: Preview", "X-Purpose: preview", "X-Moz: prefetch",
	}
	for _, header := range prefetches {
		if _, counts := of(http.MethodGet, "User-Agent: "+chromeWindows, header); counts {
			t.Errorf("%s counts", header)
		}
	}
	if _, counts := of(http.MethodHead, "User-Agent: "+chromeWindows); counts {
		t.Error("HEAD counts")
	}
}

// FuzzOf holds that whatever a visitor sends gives short, printable names and
// a message that can be read again.
func FuzzOf(f *testing.F) {
	f.Add(chromeWindows, "https://www.example.com/", "DE", "K%C3%B6ln", "")
	f.Add("Mozilla/5.0 (CrOS x86_64 ", "http://[::1]:80/", "XX", "%", "prefetch")
	f.Add("Android", "android-app://x", "", "\xff\xfe", "")
	f.Fuzz(func(t *testing.T, agent, referer, country, city, purpose string) {
		c, counts := of(http.MethodGet, "User-Agent: "+agent, "Referer: "+referer,
			"CloudFront-Viewer-Country: "+country, "CloudFront-Viewer-City: "+city, "Sec-Purpose: "+purpose)
		if !counts {
			return
		}
		for _, name := range []string{c.Country, c.City, c.Referrer, c.Browser, c.System, c.Device, c.Bot} {
			if len(name) > 80 || !utf8.ValidString(name) || strings.ContainsAny(name, "\x00\n\r") {
				t.Errorf("name %q", name)
			}
		}
		c.At = time.Date(2026, 11, 21, 3, 4, 5, 0, time.UTC)
		c.ID, c.Link, c.Code, c.Owner = click.NewID(c.At), "l.1", "code", "me"
		message, err := c.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := click.Decode(message)
		if diff := cmp.Diff(c, again); diff != "" || err != nil {
			t.Errorf("%v, (-sent +read)\n%s", err, diff)
		}
	})
}

// BenchmarkOf is a part of each redirect.
func BenchmarkOf(b *testing.B) {
	headers := http.Header{"User-Agent": {safariPhone}, "Referer": {"https://www.example.com/"}}
	for b.Loop() {
		click.Of(http.MethodGet, headers.Get)
	}
}
