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
		{"curl", []string{"User-Agent: curl/8.5.0"}, click.Click{Referrer: click.Direct, Browser: "other", System: "other", Device: "other"}},
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

func TestRobots(t *testing.T) {
	robots := []string{
		"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
		"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36",
		"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
		"Slack-ImgProxy (+https://api.slack.com/robots)",
		"Twitterbot/1.0", "TelegramBot (like TwitterBot)", "LinkedInBot/1.0 (compatible; Mozilla/5.0)",
		"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
		"meta-externalagent/1.1", "WhatsApp/2.23.20.0 A",
		"Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
		"Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
		"Mastodon/4.3.0 (http.rb/5.2.0; +https://mastodon.example/)",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36",
		"Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)", "CCBot/2.0", "ClaudeBot/1.0", "AhrefsBot/7.0",
		"Mozilla/5.0 (Linux; Android 11; moto g power) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse",
		"Microsoft Office Existence Discovery", "Embedly/0.2", "Yandex/1.01.001 (compatible; Win16; YandexBot; H)", "Baiduspider+",
	}
	for _, agent := range robots {
		if _, counts := of(http.MethodGet, "User-Agent: "+agent); counts {
			t.Errorf("counts: %s", agent)
		}
	}
}

func TestPeople(t *testing.T) {
	tests := []struct{ agent, browser, system, device string }{
		{chromeWindows, "Chrome", "Windows", "desktop"},
		{chromeWindows + " Edg/140.0.0.0", "Edge", "Windows", "desktop"},
		{chromeWindows + " OPR/120.0.0.0", "Opera", "Windows", "desktop"},
		{chromeWindows + " Cunning/1.0", "other", "Windows", "desktop"},
		{safariPhone, "Safari", "iOS", "mobile"},
		{"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1", "Chrome", "iOS", "tablet"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari", "macOS", "desktop"},
		{"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox", "Linux", "desktop"},
		{"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome", "ChromeOS", "desktop"},
		{"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome", "Android", "mobile"},
		{"Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome", "Android", "tablet"},
		{"Mozilla/5.0 (Linux; Android 10; CUBOT_X18) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome", "Android", "mobile"},
		{"Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36", "Samsung Browser", "Android", "mobile"},
		{"Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer", "Windows", "desktop"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 300.0.0.0 (iPhone14,5; iOS 17_0; en_US)", "Instagram", "iOS", "mobile"},
		{"invented by a visitor/1.0", "other", "other", "other"},
	}
	for _, test := range tests {
		c, counts := of(http.MethodGet, "User-Agent: "+test.agent)
		got := []string{c.Browser, c.System, c.Device}
		if diff := cmp.Diff([]string{test.browser, test.system, test.device}, got); diff != "" || !counts {
			t.Errorf("%s\ncounts: %v, (-want +got)\n%s", test.agent, counts, diff)
		}
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
		for _, name := range []string{c.Country, c.City, c.Referrer, c.Browser, c.System, c.Device} {
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

func BenchmarkOf(b *testing.B) {
	for b.Loop() {
		of(http.MethodGet, "User-Agent: "+safariPhone, "Referer: https://www.example.com/")
	}
}
