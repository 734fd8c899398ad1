package console

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDurationsAndSizes(t *testing.T) {
	for got, want := range map[string]string{
		took(1234 * time.Microsecond): "1.2 ms", took(1234567 * time.Microsecond): "1.2 s", took(99 * time.Millisecond): "99 ms",
		span(-time.Second * 2): "now", span(90 * time.Second): "1 min", span(47 * time.Hour): "47 h", span(72 * time.Hour): "3 days", span(5 * time.Second): "5 s",
		size(12): "12 B", size(1536): "1.5 KB", size(3 << 20): "3.0 MB", size(5 << 30): "5.0 GB",
		first(3, "äöüß"): "äöü…", first(4, "äöüß"): "äöüß",
		clock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.Local), time.Date(2026, 1, 2, 9, 0, 0, 0, time.Local)): "03:04:05",
		clock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.Local), time.Date(2026, 1, 3, 9, 0, 0, 0, time.Local)): "2026-01-02 03:04:05",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestPretty(t *testing.T) {
	for text, want := range map[string]string{
		`{"a\"<":[1,-2.5e3,"x",true,null,{}]}`: `{
  <span class="key">&#34;a\&#34;&lt;&#34;</span>: [
    <span class="literal">1</span>,
    <span class="literal">-2.5e3</span>,
    <span class="string">&#34;x&#34;</span>,
    <span class="literal">true</span>,
    <span class="literal">null</span>,
    {}
  ]
}`,
		"17":            `<span class="literal">17</span>`,
		`"\\"`:          `<span class="string">&#34;\\&#34;</span>`,
		"no <json>\xff": "no &lt;json&gt;\uFFFD",
		"":              "",
	} {
		if diff := cmp.Diff(want, string(pretty([]byte(text)))); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	if long := string(pretty([]byte(strings.Repeat("<", maxShown+5)))); !strings.HasSuffix(long, "\n… 5 B more") {
		t.Error(long[len(long)-40:])
	}
}

func FuzzPretty(f *testing.F) {
	f.Add([]byte(`{"a":[1,"\u00e4\\",true]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if strings.Contains(strings.NewReplacer(`<span class="`, "", "</span>", "").Replace(string(pretty(text))), "<") {
			t.Errorf("%q is not escaped", text)
		}
	})
}

func TestReadLog(t *testing.T) {
	text := "INIT_START Runtime Version: provided\tLog Stream: x\nplain text\n" +
		`{"time":"2026-11-21T01:02:03.004Z","level":"ERROR","msg":"lost","requestId":"r","error":{"code":7},"n":12345678901234567890}` + "\n" + `{"timestamp":"odd","message":"m"} trailing` + "\n{broken\n" +
		`{"time":"2026-11-21T01:02:03.004Z","type":"platform.start","record":{"requestId":"r","version":"$LATEST"}}` + "\n"
	want := []logLine{
		{Kind: "platform", Message: "INIT_START Runtime Version: provided  Log Stream: x"},
		{Kind: "info", Message: "plain text"},
		{Kind: "error", Time: "01:02:03.004", Message: "lost", Fields: []field{{"error", `{"code":7}`}, {"n", "12345678901234567890"}}},
		{Kind: "info", Message: `{"timestamp":"odd","message":"m"} trailing`},
		{Kind: "info", Message: "{broken"},
		{Kind: "platform", Time: "01:02:03.004", Message: "platform.start", Fields: []field{{"version", "$LATEST"}}},
	}
	if diff := cmp.Diff(want, readLog([]byte(text))); diff != "" {
		t.Error(diff)
	}
}

func TestSecrets(t *testing.T) {
	for name, want := range map[string]bool{
		"API_KEY": true, "SIGNING_KEYS": true, "DB_PASSWORD": true, "sessionToken": true, "SECRET": true,
		"KEYS_TABLE": false, "SECRET_ARN": false, "STAGE": false, "TOKEN_URL": false,
	} {
		if secret(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}
