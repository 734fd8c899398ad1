package link_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

// draftOf decodes a draft with options as its owner writes them.
func draftOf(t *testing.T, options string) link.Draft {
	t.Helper()
	d := link.Draft{URL: "https://example.com/"}
	if err := json.Unmarshal([]byte(options), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDraftOptions(t *testing.T) {
	draft := draftOf(t, `{"notBefore": "2026-11-20T00:00:00Z", "expiredUrl": "https://example.com/bye", "maxClicks": 10,
		"forwardQuery": "merge", "utm": {"source": "s", "campaign": "c"}, "rules": [
			{"countries": ["DE", "XK"], "devices": ["mobile"], "systems": ["iOS"], "languages": ["de", "pt-BR"], "url": "https://example.com/1"},
			{"split": [{"url": "https://example.com/2", "weight": 1}, {"url": "https://example.com/3", "weight": 1000}]}]}`)
	got, err := draft.Link("me", site(t, "https://mini.example"), now)
	if err != nil {
		t.Fatal(err)
	}
	want := link.Options{
		NotBefore: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), ExpiredURL: "https://example.com/bye", MaxClicks: 10,
		ForwardQuery: true, UTM: link.UTM{Source: "s", Campaign: "c"},
		Rules: []link.Rule{
			{Countries: []string{"DE", "XK"}, Devices: []string{"mobile"}, Systems: []string{"iOS"}, Languages: []string{"de", "pt-BR"}, URL: "https://example.com/1"},
			{Split: []link.Share{{"https://example.com/2", 1}, {"https://example.com/3", 1000}}},
		},
	}
	if diff := cmp.Diff(want, got.Options); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDraftPassword(t *testing.T) {
	got, err := draftOf(t, `{"password": "sesame"}`).Link("me", site(t, "https://mini.example"), now)
	if err != nil || !got.Password.Matches("sesame") || strings.Contains(string(got.Password), "sesame") {
		t.Errorf("%v, %s", err, got.Password)
	}
	encoded, err := json.Marshal(got.View(site(t, "https://mini.example"), 0, now))
	if err != nil || strings.Contains(string(encoded), "argon2") || !strings.Contains(string(encoded), `"hasPassword":true`) {
		t.Errorf("%v, shown as %s", err, encoded)
	}
}

func TestDraftOptionsMistakes(t *testing.T) {
	rules := func(rule string) string { return `{"rules": [` + rule + `]}` }
	repeat := func(n int, text string) string { return strings.TrimSuffix(strings.Repeat(text+",", n), ",") }
	long := "https://example.com/" + strings.Repeat("x", link.MaxURL-30)
	tests := []struct{ name, options, field, says string }{
		{"notBefore not a time", `{"notBefore": "soon"}`, "notBefore", "RFC 3339"},
		{"notBefore in the year 1", `{"notBefore": "0001-01-01T00:00:00Z"}`, "notBefore", "1970 to 9999"},
		{"notBefore at expiry", `{"notBefore": "2030-01-01T00:00:00Z", "expiresAt": "2030-01-01T01:00:00+01:00"}`, "notBefore", "before expiresAt"},
		{"expiredUrl", `{"expiredUrl": "javascript:1"}`, "expiredUrl", "http"},
		{"expiredUrl of this site", `{"expiredUrl": "https://mini.example/x"}`, "expiredUrl", "back to this site"},
		{"maxClicks zero", `{"maxClicks": 0}`, "maxClicks", "from 1 to 1000000000"},
		{"maxClicks too many", `{"maxClicks": 1000000001}`, "maxClicks", "from 1 to 1000000000"},
		{"password too long", `{"password": "` + strings.Repeat("ü", 201) + `"}`, "password", "201 characters"},
		{"password with a line break", `{"password": "a\nb"}`, "password", "control"},
		{"forwardQuery", `{"forwardQuery": "on"}`, "forwardQuery", "off or merge"},
		{"utm too long", `{"utm": {"term": "` + strings.Repeat("ü", 201) + `"}}`, "utm.term", "201 characters"},
		{"utm with a control character", `{"utm": {"medium": "\u0000"}}`, "utm.medium", "control"},
		{"url too long with utm", `{"url": "` + long + `", "utm": {"source": "newsletter"}}`, "utm", "at most 8192"},

		{"too many rules", rules(repeat(51, `{"devices": ["mobile"], "url": "https://example.com"}`)), "rules", "51 rules"},
		{"rule without destination", rules(`{"devices": ["mobile"]}`), "rules[0]", "either url or split"},
		{"rule with two", rules(`{"url": "https://a.example", "split": [{"url": "https://b.example", "weight": 1}]}`), "rules[0]", "either url or split"},
		{"rule after one without conditions", rules(repeat(2, `{"url": "https://a.example"}`)), "rules[0]", "no conditions"},
		{"url of a rule", rules(`{"url": "https://a@b.example"}`), "rules[0].url", "user name"},
		{"url of a rule, of this site", rules(`{"url": "https://mini.example"}`), "rules[0].url", "back to this site"},
		{"url of a rule, too long with utm", `{"utm": {"source": "newsletter"}, "rules": [{"url": "` + long + `"}]}`, "rules[0].url", "at most 8192"},
		{"url of a share", rules(`{"split": [{"url": "https://a.example", "weight": 1}, {"weight": 1}]}`), "rules[0].split[1].url", "missing"},
		{"weight missing", rules(`{"split": [{"url": "https://a.example"}]}`), "rules[0].split[0].weight", "from 1 to 1000"},
		{"weight too large", rules(`{"split": [{"url": "https://a.example", "weight": 1001}]}`), "rules[0].split[0].weight", "from 1 to 1000"},
		{"too many shares", rules(`{"split": [` + repeat(21, `{"url": "https://a.example", "weight": 1}`) + `]}`), "rules[0].split", "21 destinations"},
		{"unknown country", rules(`{"url": "https://a.example", "countries": ["DE", "UK", "de", "D ", "DE AT"]}`), "rules[0].countries",
			`"UK" is not a country code; use two capital letters of ISO 3166-1, such as GB. "de" is`},
		{"unknown device", rules(`{"url": "https://a.example", "devices": ["phone"]}`), "rules[0].devices", `"phone" is not one of desktop, mobile, tablet.`},
		{"unknown system", rules(`{"url": "https://a.example", "systems": ["ios"]}`), "rules[0].systems", `"ios" is not one of Android`},
		{"long name", rules(`{"url": "https://a.example", "systems": ["` + strings.Repeat("ü", 1000) + `"]}`), "rules[0].systems", `"üüüüüüüüüüüüüüüüüüüü…"`},
	}
	for _, tag := range []string{"", "d", "germ", "de_AT", "de-", "-de", "de-123456789", "1e", "de AT", "*", "de-" + strings.Repeat("abcdefgh-", 4) + "x"} {
		tests = append(tests, struct{ name, options, field, says string }{
			"language " + tag, rules(fmt.Sprintf(`{"url": "https://a.example", "languages": [%q]}`, tag)), "rules[0].languages", "is not a language tag",
		})
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := draftOf(t, test.options).Link("me", site(t, "https://mini.example"), now)
			f := fault.Of(err)
			if f.Code != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != test.field || !strings.Contains(f.Fields[0].Message, test.says) {
				t.Errorf("got %v, want %s: %q", err, test.field, test.says)
			}
		})
	}
}

// TestDraftOptionsEveryMistake checks that one answer lists all mistakes.
func TestDraftOptionsEveryMistake(t *testing.T) {
	_, err := draftOf(t, `{"url": "x", "notBefore": "x", "expiredUrl": "x", "maxClicks": -1, "password": "\t", "forwardQuery": "x", "utm": {"source": "\t", "content": "\t"},
		"rules": [{"countries": ["x"], "devices": ["x"], "systems": ["x"], "languages": ["x"]}, {"split": [{}]}]}`).Link("me", site(t, "https://mini.example"), now)
	var names []string
	for _, field := range fault.Of(err).Fields {
		names = append(names, field.Name)
	}
	want := []string{
		"url", "notBefore", "expiredUrl", "maxClicks", "password", "forwardQuery", "utm.source", "utm.content", "rules[0].countries", "rules[0].devices",
		"rules[0].systems", "rules[0].languages", "rules[0]", "rules[1].split[0].url", "rules[1].split[0].weight",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestViewOptions(t *testing.T) {
	l := link.Link{Options: link.Options{
		NotBefore: now, ExpiredURL: "https://e.example", MaxClicks: 7, Password: "x", ForwardQuery: true, UTM: link.UTM{Term: "t"},
		Rules: []link.Rule{{Languages: []string{"de"}, URL: "https://d.example"}, {Split: []link.Share{{"https://s.example", 1}}}},
	}}
	got, err := json.Marshal(l.View(site(t, "https://mini.example"), 0, now).ViewOptions)
	want := `{"notBefore":"2026-11-21T03:00:00.123Z","expiredUrl":"https://e.example","maxClicks":7,"hasPassword":true,"forwardQuery":"merge",` +
		`"utm":{"term":"t"},"rules":[{"languages":["de"],"url":"https://d.example"},{"split":[{"url":"https://s.example","weight":1}]}]}`
	if err != nil || string(got) != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, got, want)
	}
}

// FuzzDraftOptions decides visits of whatever links can be made.
func FuzzDraftOptions(f *testing.F) {
	f.Add(`{"rules": [{"languages": ["de"], "url": "https://a.example"}, {"split": [{"url": "https://b.example", "weight": 2}]}]}`, "de-AT", "DE", 0.5)
	f.Add(`{"maxClicks": 1, "notBefore": "2026-11-20T00:00:00Z", "utm": {"source": "\u00e4"}, "forwardQuery": "merge"}`, "", "", 0.0)
	f.Fuzz(func(t *testing.T, options, language, country string, random float64) {
		d := link.Draft{URL: "https://example.com/"}
		if json.Unmarshal([]byte(options), &d) != nil || d.Password != "" || random < 0 || random >= 1 {
			return
		}
		l, err := d.Link("me", site(t, "https://mini.example"), now)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		got := l.Decide(link.Visit{Time: now, Languages: []string{language}, Country: country, Random: random, Query: language})
		if got.Status == link.Active && !strings.HasPrefix(strings.ToLower(got.Location), "http") {
			t.Errorf("%s leads to %q", options, got.Location)
		}
	})
}
