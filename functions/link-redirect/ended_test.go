package main

import (
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/link"
)

func TestEnded(t *testing.T) {
	const bye = "https://example.com/bye"
	for name, test := range map[string]struct {
		disabled bool   // by its owner
		down     string // the reason of an admin
		options  link.Options
		code     string
		status   int
		location string
		retry    string
		contains string
	}{
		"scheduled":                 {false, "", link.Options{NotBefore: now.Add(90*time.Minute + 1)}, "hello", 404, "", "5401", "not open yet"},
		"preview of a scheduled":    {false, "", link.Options{NotBefore: now.Add(time.Second)}, "hello+", 404, "", "1", "21 November 2026, 03:00 UTC"},
		"disabled":                  {true, "", link.Options{}, "hello", 410, "", "", "This link is gone"},
		"disabled with expiredUrl":  {true, "", link.Options{ExpiredURL: bye}, "hello", 302, bye, "", ""},
		"preview of a disabled":     {true, "", link.Options{ExpiredURL: bye}, "hello+", 410, "", "", "This link is gone"},
		"code of a disabled":        {true, "", link.Options{}, "hello.qr", 410, "", "", "This link is gone"},
		"taken down":                {false, "It asks for <passwords>.", link.Options{}, "hello", 451, "", "", "It asks for &lt;passwords&gt;."},
		"taken down, with options":  {true, "Phishing.", link.Options{ExpiredURL: bye, MaxClicks: 1, NotBefore: now.Add(1)}, "hello", 451, "", "", "Phishing."},
		"preview of a link that is": {false, "Phishing.", link.Options{}, "hello+", 451, "", "", "Phishing."},
		"code of a link that is":    {false, "Phishing.", link.Options{}, "hello.qr", 451, "", "", "Phishing."},
	} {
		h, queue, _ := optional(t, test.options)
		open := h.links
		h.links = linksFunc(func(code string) (link.Link, error) {
			l, err := open.Get(t.Context(), code)
			l.Disabled, l.TakenDown = test.disabled, test.down
			return l, err
		})
		got := send(t, h, visit("GET", test.code))
		if got.StatusCode != test.status || got.Headers["Location"] != test.location || got.Headers["Retry-After"] != test.retry || !strings.Contains(got.Body, test.contains) {
			t.Errorf("%s: %d %v %s", name, got.StatusCode, got.Headers, got.Body)
		}
		if test.status != 302 && (len(queue.bodies) > 0 || got.Headers["Cache-Control"] != "no-store") {
			t.Errorf("%s: %d clicks, %v", name, len(queue.bodies), got.Headers)
		}
	}
}
