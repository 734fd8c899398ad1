package click_test

import (
	"testing"

	"github.com/minim-dev/minim/shared/click"
)

func TestSocial(t *testing.T) {
	for agent, want := range map[string]bool{
		"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)": true,
		"Twitterbot/1.0": true,
		"LinkedInBot/1.0 (compatible; Mozilla/5.0; +http://www.linkedin.com)":       true,
		"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)":                true,
		"Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)":         true,
		"TelegramBot (like TwitterBot)":                                             true,
		"WhatsApp/2.23.20.0 A":                                                      true,
		"http.rb/5.1.1 (Mastodon/4.2.0; +https://mastodon.example/) Bot":            true,
		"Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot)": true,
		"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)":  false,
		"curl/8.5.0": false,
		"":           false,
		"Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0": false,
		// People inside apps.
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.29":                    false,
		"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36 [Pinterest/Android]":                        false,
		"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0 Mobile Safari/537.36 Viber/21.0":                     false,
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/440.0;FBDV/iPhone15]": false,
	} {
		if got := click.Social(agent); got != want {
			t.Errorf("%s: %t", agent, got)
		}
	}
}
