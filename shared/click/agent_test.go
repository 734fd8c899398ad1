package click_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBots(t *testing.T) {
	tests := []struct{ agent, name string }{
		{"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"},
		{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36", "bingbot"},
		{"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Slackbot"},
		{"Slack-ImgProxy (+https://api.slack.com/robots)", "Slack-ImgProxy"},
		{"Twitterbot/1.0", "Twitterbot"},
		{"TelegramBot (like TwitterBot)", "TelegramBot"},
		{"LinkedInBot/1.0 (compatible; Mozilla/5.0)", "LinkedInBot"},
		{"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "facebookexternalhit"},
		{"meta-externalagent/1.1", "meta-externalagent"},
		{"WhatsApp/2.23.20.0 A", "WhatsApp"},
		{"Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com", "SkypeUriPreview"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0", "Facebot"},
		{"Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", "Discordbot"},
		{"Mastodon/4.3.0 (http.rb/5.2.0; +https://mastodon.example/)", "Mastodon"},
		{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36", "HeadlessChrome"},
		{"Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)", "GPTBot"},
		{"CCBot/2.0", "CCBot"}, {"ClaudeBot/1.0", "ClaudeBot"}, {"AhrefsBot/7.0", "AhrefsBot"},
		{"Mozilla/5.0 (Linux; Android 11; moto g power) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse", "Chrome-Lighthouse"},
		{"Microsoft Office Existence Discovery", "other"},
		{"Embedly/0.2", "Embedly"},
		{"Baiduspider+", "Baiduspider"},
		{"Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)", "other"},
		{"Viber/23.1.0.0", "Viber"},
		{"Valve/Steam HTTP Client 1.0 (SteamChatURLLookup)", "Valve/Steam"},
		{"Discourse Forum Onebox v3.3.0", "Discourse Forum Onebox"},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/123.0.0.0 Safari/537.36 GoogleMessages/15.1", "other"},
		{"Asana/1.4.0 WebsiteMetadataRetriever", "Asana"},
		{"Uptime-Kuma/1.23.16", "Uptime-Kuma"}, {"ELB-HealthChecker/2.0", "other"}, {"kube-probe/1.15", "other"},
		{"check_http/v2.2.1 (nagios-plugins 2.2.1)", "check_http"},
		{"Blackbox Exporter/0.20.0", "Blackbox Exporter"}, {"updown.io daemon 2.11", "updown.io"},
		{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 DatadogSynthetics", "DatadogSynthetics"},
		{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Claude-User/1.0; +Claude-User@anthropic.com)", "Claude-User"},
		{"ChatGPT-User/1.0", "ChatGPT-User"}, {"Perplexity-User/1.0", "Perplexity-User"},
		{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/49.0.0.0 Safari/537.36 Google Favicon", "Google Favicon"},
		{"Mozilla/5.0 (compatible; NetcraftSurveyAgent/1.0; +info@netcraft.com)", "NetcraftSurveyAgent"},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Playwright/1.40.0", "Playwright"},
		{"Chrome Privacy Preserving Prefetch Proxy", "Chrome Privacy Preserving Prefetch Proxy"},
		{"Go-http-client/1.1", "Go-http-client"}, {"python-requests/2.31.0", "python-requests"}, {"axios/1.6.0", "axios"},
		{"okhttp/4.9.0", "okhttp"}, {"Wget/1.21", "Wget"},
		{"somethingnew/1.0", "other"}, {"Newcomer-Bot/0.1 (beta)", "other"}, {"somebots; x", "other"}, {"robot", "other"},
		{"Java/17.0.2", "other"}, {"PHP/8.3.1", "other"}, {"<script>alert(1)</script>", "other"},
		{"Somebody (+hello@example.com)", "other"},
		{strings.Repeat("x", 400) + " Googlebot/2.1", "Googlebot"},
	}
	for _, test := range tests {
		if c, counts := of(http.MethodGet, "User-Agent: "+test.agent); c.Bot != test.name || !counts {
			t.Errorf("bot %q, want %q, counts: %v: %s", c.Bot, test.name, counts, test.agent)
		}
	}
}

func TestPeople(t *testing.T) {
	const android, webkit = "Mozilla/5.0 (Linux; Android ", ") AppleWebKit/537.36 (KHTML, like Gecko) "
	tests := []struct{ agent, browser, system, device string }{
		{chromeWindows, "Chrome", "Windows", "desktop"},
		{chromeWindows + " Edg/140.0.0.0", "Edge", "Windows", "desktop"},
		{chromeWindows + " OPR/120.0.0.0", "Opera", "Windows", "desktop"},
		{chromeWindows + " Cunning/1.0", "other", "Windows", "desktop"},
		{chromeWindows + ",gzip(gfe)", "Chrome", "Windows", "desktop"},
		{safariPhone, "Safari", "iOS", "mobile"},
		{"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1", "Chrome", "iOS", "tablet"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari", "macOS", "desktop"},
		{"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox", "Linux", "desktop"},
		{"Mozilla/5.0 (Android 14; Tablet; rv:143.0) Gecko/143.0 Firefox/143.0", "Firefox", "Android", "tablet"},
		{"Mozilla/5.0 (Android 14; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0", "Firefox", "Android", "mobile"},
		{"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0" + webkit + "Chrome/140.0.0.0 Safari/537.36", "Chrome", "ChromeOS", "desktop"},
		{"Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer", "Windows", "desktop"},
		{"invented by a visitor/1.0", "other", "other", "other"},

		// Phones and tablets.
		{android + "10; K" + webkit + "Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome", "Android", "mobile"},
		{android + "13; SM-X906C" + webkit + "Chrome/140.0.0.0 Safari/537.36", "Chrome", "Android", "tablet"},
		{android + "14; SAMSUNG SM-S918B" + webkit + "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36", "Samsung Browser", "Android", "mobile"},
		{android + "9; SAMSUNG SM-T515" + webkit + "SamsungBrowser/10.1 Chrome/71.0.3578.99 Safari/537.36", "Samsung Browser", "Android", "tablet"},
		{android + "13; SM-X700" + webkit + "Chrome/130.0.0.0 Safari/537.36 EdgA/130.0.0.0", "Edge", "Android", "tablet"},
		{android + "13; SM-X700 Build/TP1A; wv" + webkit + "Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/440.0.0.0;]", "Facebook", "Android", "tablet"},
		{android + "9; KFMAWI" + webkit + "Silk/130.3.1 like Chrome/130.0.0.0 Safari/537.36", "Silk", "Android", "tablet"},
		{android + "9; KFMAWI" + webkit + "Silk/130.3.1 like Chrome/130.0.0.0 Mobile Safari/537.36", "Silk", "Android", "tablet"},
		{"Mozilla/5.0 (X11; Linux x86_64" + webkit + "SamsungBrowser/16.0 Chrome/92.0.4515.166 Safari/537.36", "Samsung Browser", "Linux", "desktop"},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64" + webkit + "SamsungBrowser/29.0 Chrome/136.0.0.0 Safari/537.36", "Samsung Browser", "Windows", "desktop"},
		{"Dalvik/2.1.0 (Linux; U; Android 9; SM-G965U Build/PPR1.180610.011)", "other", "Android", "mobile"},

		// Televisions, consoles and watches.
		{android + "9; AFTS" + webkit + "Chrome/70.0.0.0 Safari/537.36", "Chrome", "Android", "other"},
		{android + "9; AFTMM Build/PS7233" + webkit + "Silk/122.1 like Chrome/122.0 Safari/537.36", "Silk", "Android", "other"},
		{"Mozilla/5.0 (Web0S; Linux/SmartTV" + webkit + "Chrome/94.0.4606.128 Safari/537.36", "Chrome", "other", "other"},
		{"Mozilla/5.0 (PlayStation; PlayStation 5/8.00) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.4 Safari/605.1.15", "Safari", "other", "other"},

		// Apps that show pages themselves.
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 300.0.0.0 (iPhone14,5; iOS 17_0; en_US)", "Instagram", "iOS", "mobile"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/440.0]", "Facebook", "iOS", "mobile"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/MessengerForiOS;FBAV/440.0]", "Messenger", "iOS", "mobile"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.29", "LinkedIn", "iOS", "mobile"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/300.0 Mobile/15E148 Safari/604.1", "Google", "iOS", "mobile"},
		{android + "13; Pixel 7; wv" + webkit + "Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36 BytedanceWebview/d8a21c6 musical_ly", "TikTok", "Android", "mobile"},
		{android + "13; Pixel 7; wv" + webkit + "Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0", "WeChat", "Android", "mobile"},
		{android + "13; Pixel 7; wv" + webkit + "Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36 Snapchat/12.0", "Snapchat", "Android", "mobile"},

		// Names in which a bot seems to be.
		{android + "10; CUBOT_X18" + webkit + "Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome", "Android", "mobile"},
		{android + "9; CUBOT MAX" + webkit + "Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome", "Android", "mobile"},
		{android + "9; AFTKA; wv" + webkit + "Chrome/70.0.0.0 Mobile Safari/537.36 fuboTV/4.47.0", "other", "Android", "other"},
		{"fuboTV/4.47.0 (Linux;Android 9; AFTKA) ExoPlayerLib/2.12", "other", "Android", "other"},
		{"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.0; Banca Caboto s.p.a.)", "Internet Explorer", "Windows", "desktop"},
		{"Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0; Avant Browser; http://www.avantbrowser.com)", "Internet Explorer", "Windows", "desktop"},
		{android + "4.4.2; HTC Butterfly" + webkit + "Chrome/44.0.2403.133 Mobile Safari/537.36", "Chrome", "Android", "mobile"},
		{android + "15; CPH2557 Build/AP3A.240617.008; wv" + webkit + "Version/4.0 Chrome/142.0.7444.142 Mobile Safari/537.36 Instagram 406.0.0.58.159", "Instagram", "Android", "mobile"},
		{android + "10; K" + webkit + "Chrome/111.0.0.0 Mobile Safari/537.36 (Ecosia android@111.0.5563.116)", "Chrome", "Android", "mobile"},
		{"Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0; XBLWP7; ZuneWP7)", "Internet Explorer", "Windows", "desktop"},
	}
	for _, test := range tests {
		c, counts := of(http.MethodGet, "User-Agent: "+test.agent)
		got := []string{c.Browser, c.System, c.Device, c.Bot}
		if diff := cmp.Diff([]string{test.browser, test.system, test.device, ""}, got); diff != "" || !counts {
			t.Errorf("%s\ncounts: %v, (-want +got)\n%s", test.agent, counts, diff)
		}
	}
}
