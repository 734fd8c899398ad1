package web_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/web"
)

func TestJSON(t *testing.T) {
	tests := []struct {
		name   string
		body   string
		base64 bool
		code   fault.Code
		says   string
	}{
		{name: "good", body: `{"url":"x"}`},
		{name: "good, base64", body: base64.StdEncoding.EncodeToString([]byte(`{"url":"x"}`)), base64: true},
		{name: "unknown field", body: `{"url":"x","clicks":9}`, code: fault.Invalid, says: "clicks"},
		{name: "wrong type", body: `{"url":7}`, code: fault.Invalid, says: "url"},
		{name: "not JSON", body: `url=x`, code: fault.Invalid, says: "JSON"},
		{name: "empty", body: " ", code: fault.Invalid, says: "empty"},
		{name: "two objects", body: `{"url":"x"}{}`, code: fault.Invalid, says: "goes on"},
		{name: "truncated", body: `{"url":`, code: fault.Invalid, says: "JSON"},
		{name: "not UTF-8", body: "{\"url\":\"x\xff\"}", code: fault.Invalid, says: "UTF-8"},
		{name: "not UTF-8, base64", body: base64.StdEncoding.EncodeToString([]byte("{\"url\":\"x\xff\"}")), base64: true, code: fault.Invalid, says: "UTF-8"},
		{name: "not UTF-8, replaced by the gateway", body: "{\"url\":\"x\ufffd\"}", code: fault.Invalid, says: "UTF-8"},
		{name: "replaced before it was encoded", body: base64.StdEncoding.EncodeToString([]byte("{\"url\":\"x\ufffd\"}")), base64: true, code: fault.Invalid, says: "UTF-8"},
		{name: "half of a surrogate pair", body: `{"url":"x\ud800"}`, code: fault.Invalid, says: "UTF-8"},
		{name: "null", body: " null ", code: fault.Invalid, says: "must be a JSON object"},
		{name: "list", body: "[]", code: fault.Invalid, says: "must be a JSON object"},
		{name: "bad base64", body: "%", base64: true, code: fault.Invalid, says: "base64"},
		{name: "too large", body: `{"url":"` + strings.Repeat("x", web.MaxBody) + `"}`, code: fault.TooLarge, says: "bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := web.Request{APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{Body: test.body, IsBase64Encoded: test.base64}}
			var into struct {
				URL string `json:"url"`
			}
			err := r.JSON(&into)
			if fault.CodeOf(err) != test.code {
				t.Fatalf("got %v, want code %q", err, test.code)
			}
			if err != nil && !strings.Contains(fault.Of(err).Message, test.says) {
				t.Errorf("%q does not mention %q", fault.Of(err).Message, test.says)
			}
			if err == nil && into.URL != "x" {
				t.Errorf("decoded %+v", into)
			}
		})
	}
}

func TestCookie(t *testing.T) {
	r := web.Request{APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{Cookies: []string{"a=1", " __Host-session=x=y", "__Host-session=later", "session=other"}}}
	for name, want := range map[string]string{"a": "1", "__Host-session": "x=y", "session": "other", "b": "", "": ""} {
		if got := r.Cookie(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestPrefers(t *testing.T) {
	offers := []string{"application/json", "text/html", "text/csv"}
	tests := []struct{ accept, want string }{
		{"", "application/json"},
		{"*/*", "application/json"},
		{"text/csv", "text/csv"},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"},
		{"application/json;q=0.5, text/csv;q=0.9", "text/csv"},
		{"text/*", "text/html"},
		{"image/png", "application/json"},
		{"text/html;q=0", "application/json"},
		{"text/csv;q=oops", "application/json"},
		{"text/html;q=NaN, text/csv", "text/csv"},
		{"text/html;q=9, text/csv", "text/csv"},
	}
	for _, test := range tests {
		r := web.Request{APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{Headers: map[string]string{"accept": test.accept}}}
		if got := r.Prefers(offers...); got != test.want {
			t.Errorf("Accept %q: %q, want %q", test.accept, got, test.want)
		}
	}
}

func TestLanguages(t *testing.T) {
	for header, want := range map[string]string{
		"":                                  "",
		"de":                                "de",
		"de-AT,de;q=0.9,en;q=0.8":           "de-at de en",
		"en;q=0.5, uk , fr;q=0.9":           "uk fr en",
		"de;q=0, en":                        "en",
		"de;q=0.0":                          "",
		"en;q=oops,fr":                      "fr",
		"*;q=0.1,es;q=0.2":                  "es *",
		",,;q=1,":                           "",
		strings.Repeat("x,", 30) + "de":     strings.TrimSpace(strings.Repeat("x ", 20)),
		strings.Repeat("x;q=0,", 30) + "de": "de",
	} {
		r := web.Request{APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{Headers: map[string]string{"accept-language": header}}}
		if got := strings.Join(r.Languages(), " "); got != want {
			t.Errorf("Accept-Language %q: %q, want %q", header, got, want)
		}
	}
}

// FuzzLanguages: at most twenty languages, in lower case and without blanks around them.
func FuzzLanguages(f *testing.F) {
	f.Add("de-AT,de;q=0.9,en;q=0.8")
	f.Add("*;q=NaN, uk ;q=1e-1;x, ;q=0")
	f.Fuzz(func(t *testing.T, header string) {
		r := web.Request{APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{Headers: map[string]string{"accept-language": header, "accept": header}}}
		languages := r.Languages()
		if len(languages) > 20 {
			t.Errorf("%d languages of %q", len(languages), header)
		}
		for _, language := range languages {
			if language == "" || language != strings.ToLower(strings.TrimSpace(language)) || strings.ContainsAny(language, ",;") {
				t.Errorf("%q of %q", language, header)
			}
		}
		if got := r.Prefers("application/json", "text/csv"); got != "application/json" && got != "text/csv" {
			t.Errorf("%q is preferred by %q", got, header)
		}
	})
}

func TestFlag(t *testing.T) {
	for text, want := range map[string]bool{"": false, "false": false, "true": true} {
		r := web.Request{APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{QueryStringParameters: map[string]string{"all": text}}}
		if got, err := r.Flag("all"); got != want || err != nil {
			t.Errorf("%q: %t, %v", text, got, err)
		}
	}
	r := web.Request{APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{QueryStringParameters: map[string]string{"all": "yes"}}}
	if _, err := r.Flag("all"); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "all") {
		t.Errorf("yes: %v", err)
	}
}
