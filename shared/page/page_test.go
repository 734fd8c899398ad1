package page

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// pages are all pages of a language, with foreign text that tries to be markup.
func pages(l Language) map[string]Page {
	const evil = `"><script>alert(1)</script>&amp;`
	f := Frame{l, "mini.example"}
	shown := Link{Code: "go", Created: time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC), Before: "https://", Host: evil, After: "/" + evil, Title: evil}
	warned, imitating, protected := shown, shown, shown
	warned.ASCII = evil
	imitating.ASCII, imitating.Imitates = "xn--pypal-4ve.com", "paypal.com"
	protected.Before, protected.Host, protected.After = "", "", ""
	return map[string]Page{
		"not found": f.NotFound(), "not ready": f.NotReady(), "busy": f.Busy(), "not yet": f.NotYet(shown.Created), "expired": f.Expired(), "exhausted": f.Exhausted(),
		"removed": f.Removed(), "taken down": f.TakenDown(evil), "taken down without a reason": f.TakenDown(""),
		"password": f.Password(NoAttempt), "wrong password": f.Password(WrongPassword), "too many attempts": f.Password(TooManyAttempts),
		"reported": f.Reported(), "too many reports": f.TooManyReports(),
		"preview": f.Preview(shown), "preview with warning": f.Preview(warned), "preview of an imitation": f.Preview(imitating),
		"preview of a protected link": f.Preview(protected),
	}
}

func TestTextsAreComplete(t *testing.T) {
	for language, words := range all {
		v := reflect.ValueOf(words)
		for i := range v.NumField() {
			field := v.Field(i)
			name := fmt.Sprintf("%s: %s", language, v.Type().Field(i).Name)
			if field.Kind() == reflect.Struct {
				if field.Field(0).Len() == 0 || field.Field(1).Len() == 0 {
					t.Errorf("%s is empty", name)
				}
			} else if field.Len() == 0 {
				t.Errorf("%s is empty", name)
			}
		}
		if n := len(strings.Fields(words.months)); n != 12 {
			t.Errorf("%s: %d months", language, n)
		}
	}
}

// Every page is well-formed, has a language, one heading, and nothing from elsewhere;
// its policy allows its style; foreign text stays text.
func TestPages(t *testing.T) {
	for language := range all {
		for name, p := range pages(language) {
			t.Run(string(language)+"/"+name, func(t *testing.T) {
				if p.Language != language || !strings.HasPrefix(p.HTML, "<!doctype html>\n<html lang=\""+string(language)+"\">") {
					t.Errorf("language %s: %.60s", p.Language, p.HTML)
				}
				if strings.Contains(p.HTML, "{{") || strings.Contains(p.HTML, "}}") {
					t.Errorf("unfilled: %s", p.HTML)
				}
				if size := len(p.HTML); size > 6_000 {
					t.Errorf("%d bytes", size)
				}
				checkElements(t, p)
				if strings.Count(p.Text, "\n") > 4 || !strings.HasSuffix(p.Text, "\n") || strings.HasPrefix(p.Text, "\n") {
					t.Errorf("text %q", p.Text)
				}
			})
		}
	}
}

func checkElements(t *testing.T, p Page) {
	t.Helper()
	found := map[string]int{}
	for tokens := html.NewTokenizer(strings.NewReader(p.HTML)); ; {
		switch tokens.Next() {
		case html.ErrorToken:
			if found["h1"] != 1 || found["main"] != 1 || found["title"] != 1 || found["script"] != 0 || found["link"] != 0 || found["img"] != 0 {
				t.Errorf("elements %v", found)
			}
			return
		case html.StartTagToken:
			token := tokens.Token()
			found[token.Data]++
			for _, a := range token.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "href" && a.Val != "/" && a.Val != "/go" {
					t.Errorf("<%s %s=%q>", token.Data, a.Key, a.Val)
				}
			}
			if token.Data == "style" {
				tokens.Next()
				if !strings.Contains(p.Policy, "style-src "+hash(string(tokens.Raw()))+";") {
					t.Errorf("the policy does not allow the style: %s", p.Policy)
				}
			}
		}
	}
}

func TestNotYet(t *testing.T) {
	p := Frame{Spanish, "mini.example"}.NotYet(time.Date(2026, 12, 24, 19, 30, 0, 0, time.FixedZone("", 3600)))
	if want := "Funcionará a partir del 24 de diciembre de 2026, 18:30 UTC."; !strings.Contains(p.HTML, want) || !strings.Contains(p.Text, want) {
		t.Error(p.HTML, p.Text)
	}
}

func TestPasswordForm(t *testing.T) {
	f := Frame{English, "mini.example"}
	for last, want := range map[Attempt]string{NoAttempt: "", WrongPassword: "That password is wrong.", TooManyAttempts: "Too many attempts."} {
		p := f.Password(last)
		invalid := strings.Contains(p.HTML, `aria-invalid="true" aria-describedby="error"`)
		if strings.Contains(p.HTML, `role="alert"`) != (want != "") || invalid != (want != "") || !strings.Contains(p.HTML, want) {
			t.Errorf("%d: %s", last, p.HTML)
		}
		if !strings.Contains(p.HTML, `<form method="post">`) || !strings.Contains(p.HTML, `name="password" type="password"`) || !strings.Contains(p.Policy, "form-action 'self' ") {
			t.Errorf("%d: %s, %s", last, p.Policy, p.HTML)
		}
	}
	if p := f.NotFound(); !strings.Contains(p.Policy, "form-action 'none'") {
		t.Errorf("policy %s", p.Policy)
	}
}

func TestPreview(t *testing.T) {
	f := Frame{German, "mini.example"}
	l := Link{Code: "go", Title: "Ein\nTitel", Before: "https://", Host: "pаypal.com", After: "/x", ASCII: "xn--pypal-4ve.com", Imitates: "paypal.com",
		Created: time.Date(2026, 3, 1, 23, 30, 0, 0, time.FixedZone("", -3600))}
	p := f.Preview(l)
	for _, part := range []string{"<bdi>https://</bdi><strong><bdi>pаypal.com</bdi></strong><bdi>/x</bdi>", `<time datetime="2026-03-02">2. März 2026</time>`,
		"sehen nur so aus wie paypal.com:", "<code>xn--pypal-4ve.com</code>", `href="/go"`} {
		if !strings.Contains(p.HTML, part) {
			t.Errorf("without %s: %s", part, p.HTML)
		}
	}
	want := "https://pаypal.com/x\nEin Titel\nErstellt am 2. März 2026\n" +
		"Sehen Sie sich diesen Namen genau an. Seine Buchstaben sehen nur so aus wie paypal.com: xn--pypal-4ve.com\n"
	if p.Text != want {
		t.Errorf("text %q", p.Text)
	}
	for _, part := range []string{`<form method="post">`, `<option value="phishing">Er ahmt eine andere Website nach</option>`, `<textarea id="text" name="text"`} {
		if !strings.Contains(p.HTML, part) || !strings.Contains(p.Policy, "form-action 'self';") {
			t.Errorf("without %s: %s, %s", part, p.Policy, p.HTML)
		}
	}
	l.Imitates = ""
	if p := f.Preview(l); !strings.Contains(p.HTML, "mischt Buchstaben") {
		t.Error(p.HTML)
	}
	l.ASCII = ""
	if p := f.Preview(l); strings.Contains(p.HTML, "warning\"") {
		t.Error(p.HTML)
	}
}

func TestRedirect(t *testing.T) {
	p := Redirect("https://example.com/?a&b=<c>")
	if want := `<a href="https://example.com/?a&amp;b=&lt;c&gt;">https://example.com/?a&amp;b=&lt;c&gt;</a>`; !strings.Contains(p.HTML, want) || strings.Contains(p.HTML, "{{") {
		t.Error(p.HTML)
	}
	if p.Text != "https://example.com/?a&b=<c>\n" {
		t.Error(p.Text)
	}
}

func TestCard(t *testing.T) {
	p := Frame{English, "mini.example"}.Card(`A "title" <b>`, "https://mini.example/go", "https://example.com/?a&b")
	for _, part := range []string{`<meta property="og:title" content="A &#34;title&#34; &lt;b&gt;">`, `<meta property="og:url" content="https://mini.example/go">`,
		`<meta name="twitter:title" content="A &#34;title&#34; &lt;b&gt;">`, `<meta property="og:site_name" content="mini.example">`, `<a href="https://example.com/?a&amp;b">`} {
		if !strings.Contains(p.HTML, part) {
			t.Errorf("without %s: %s", part, p.HTML)
		}
	}
	if strings.Contains(p.HTML, "{{") {
		t.Errorf("unfilled: %s", p.HTML)
	}
}

func TestChoose(t *testing.T) {
	for wanted, want := range map[string]Language{"": English, "de-at de en": German, "it fr": French, "uk": Ukrainian, "es-419": Spanish, "ru *": English, "zh DE": German} {
		if got := Choose(strings.Fields(wanted)); got != want {
			t.Errorf("%s: %s, want %s", wanted, got, want)
		}
	}
}

func TestDate(t *testing.T) {
	at := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	for language, want := range map[Language]string{English: "1 August 2026", German: "1. August 2026", Spanish: "1 de agosto de 2026", French: "1er août 2026", Ukrainian: "1 серпня 2026 р."} {
		if got := language.date(at); got != want {
			t.Errorf("%s: %s", language, got)
		}
	}
}

func TestFill(t *testing.T) {
	values := map[string]any{"text": "a<b", "markup": markup("<p>")}
	if got, want := fill("{{text}}|{{markup}}|{{unknown}}|x", values), markup("a&lt;b|<p>|{{unknown}}|x"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
