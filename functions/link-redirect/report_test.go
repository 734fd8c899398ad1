package main

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/link"
)

// reported keeps abuse reports, or fails.
type reported struct {
	all []link.Abuse
	err error
}

func (s *reported) Add(_ context.Context, r link.Abuse) error {
	if s.err == nil {
		s.all = append(s.all, r)
	}
	return s.err
}

func reporting(code string, fields url.Values, lines ...string) events.APIGatewayV2HTTPRequest {
	event := visit("POST", code, append(lines, "content-type: application/x-www-form-urlencoded")...)
	event.Body = fields.Encode()
	return event
}

func TestReport(t *testing.T) {
	long := strings.Repeat("é", link.MaxAbuseText+1)
	for name, test := range map[string]struct {
		code         string
		fields       url.Values
		status       int
		contains     string
		reason, text string // of what is stored, if anything
	}{
		"report":         {"hello+", url.Values{"reason": {"phishing"}, "text": {" It asks\nfor my card. "}}, 200, "Thank you", "phishing", "It asks\nfor my card."},
		"nothing":        {"hello+", nil, 200, "Thank you", "other", ""},
		"unknown reason": {"hello+", url.Values{"reason": {"<script>"}}, 400, "reason: It must be one of phishing, malware, spam, illegal, other.", "", ""},
		"invisible":      {"hello+", url.Values{"reason": {"spam"}, "text": {"a\x00b\u202ec\xffd"}}, 200, "Thank you", "spam", "abcd"},
		"too long":       {"hello+", url.Values{"reason": {"spam"}, "text": {long}}, 200, "Thank you", "spam", long[:2*link.MaxAbuseText]},
		"unknown link":   {"nothing+", url.Values{"reason": {"spam"}}, 404, "There is no such link", "", ""},
		"expired link":   {"expired+", url.Values{"reason": {"spam"}}, 410, "expired", "", ""},
	} {
		h, queue := newHandler(&sent{}), &reported{}
		h.abuse = queue
		got := send(t, h, reporting(test.code, test.fields))
		if got.StatusCode != test.status || !strings.Contains(got.Body, test.contains) || got.Headers["Cache-Control"] != "no-store" {
			t.Errorf("%s: %d %v %s", name, got.StatusCode, got.Headers, got.Body)
		}
		if (len(queue.all) == 1) != (test.status == 200) {
			t.Errorf("%s: %+v", name, queue.all)
			continue
		}
		for _, r := range queue.all {
			if r.Reason != test.reason || r.Text != test.text || r.Link != "l.hello" || r.Code != "hello" || !r.At.Equal(now) || !link.ValidAbuseID(r.ID) {
				t.Errorf("%s: %+v", name, r)
			}
		}
	}
}

func TestReportsAreLimited(t *testing.T) {
	h, stored := newHandler(&sent{}), &reported{}
	h.abuse = stored
	for n := range 6 {
		got := send(t, h, reporting("hello+", nil, "x-forwarded-for: 192.0.2.7, 10.0.0.1", "accept-language: de"))
		if want := map[bool]int{true: 200, false: 429}[n < 5]; got.StatusCode != want {
			t.Errorf("report %d: %d %s", n, got.StatusCode, got.Body)
		}
		if n == 5 && (got.Headers["Retry-After"] == "" || !strings.Contains(got.Body, "Bitte warten")) {
			t.Errorf("%v %s", got.Headers, got.Body)
		}
	}
	// Others are thanked, but the link has been reported often enough.
	if got := send(t, h, reporting("hello+", nil, "x-forwarded-for: 192.0.2.8, 10.0.0.1")); got.StatusCode != 200 || len(stored.all) != 5 {
		t.Errorf("%d, %d reports", got.StatusCode, len(stored.all))
	}
	if got := send(t, h, reporting("titled+", nil, "x-forwarded-for: 192.0.2.8, 10.0.0.1")); got.StatusCode != 200 || len(stored.all) != 6 {
		t.Errorf("another link: %d, %d reports", got.StatusCode, len(stored.all))
	}
	stored.err = errors.New("secret cause")
	if got := send(t, h, reporting("r307+", nil, "x-forwarded-for: 192.0.2.9, 10.0.0.1")); got.StatusCode != 503 || strings.Contains(got.Body, "secret") {
		t.Errorf("table down: %d %s", got.StatusCode, got.Body)
	}
	h.attempts = tries{map[string]int{}, errors.New("secret cause")}
	if got := send(t, h, reporting("hello+", nil)); got.StatusCode != 503 {
		t.Errorf("attempts cannot be counted: %d %s", got.StatusCode, got.Body)
	}
}
