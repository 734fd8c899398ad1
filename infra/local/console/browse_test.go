package console

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// contains checks that a text contains all parts.
func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("lacks %q:\n%s", part, text)
		}
	}
}

func TestTableByPagesAndKeys(t *testing.T) {
	w := newWorld(t)
	first := text(t, w.get(t, "tables/app-notes"))
	next := regexp.MustCompile(`href="/_local/tables/app-notes\?(after=[^"]+)"`).FindStringSubmatch(first)
	if next == nil {
		t.Fatal(first)
	}
	contains(t, text(t, w.get(t, "tables/app-notes?"+next[1])), ">b</a>", "First page")
	found := text(t, w.get(t, "tables/app-notes?key=b"))
	contains(t, found, ">b</a>")
	if strings.Contains(found, ">a</a>") {
		t.Error(found)
	}
	contains(t, text(t, w.get(t, "tables/app-notes?index=byAt&key=2")), ">b</a>")
	contains(t, text(t, w.get(t, "tables/app-notes?key=none&sort=1")), "No items.")
	item := regexp.MustCompile(`href="/_local/(tables/app-notes/item\?[^"]+)"`).FindStringSubmatch(found)
	if item == nil {
		t.Fatal(found)
	}
	contains(t, text(t, w.get(t, item[1])), "12345678901234567890", `<span class="key">&#34;deep&#34;</span>`, `<span class="literal">null</span>`)
	contains(t, text(t, w.do(t, http.MethodGet, item[1], nil, "*/*")), `"at":2`)
}

func TestBucketContentCannotRun(t *testing.T) {
	w := newWorld(t)
	contains(t, text(t, w.get(t, "buckets/app-files?prefix=pictures/")), ">a.png</a>")
	contains(t, text(t, w.get(t, "buckets/app-files/object?key=page.html")), "&lt;script&gt;", "made-by", "Download")
	contains(t, text(t, w.get(t, "buckets/app-files/object?key=pictures/a.png")), `<img src="/_local/buckets/app-files/content?key=pictures%2Fa.png"`)
	for key, want := range map[string]string{
		"page.html":                 "application/octet-stream attachment; filename=page.html",
		"odd.bin":                   "application/octet-stream attachment; filename=odd.bin",
		"pictures/a.png":            "image/png inline; filename=a.png",
		"pictures/a.png&download=1": "image/png attachment; filename=a.png",
	} {
		answer := w.get(t, "buckets/app-files/content?key="+key)
		h := answer.Header
		if got := h.Get("Content-Type") + " " + h.Get("Content-Disposition"); got != want || !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox;") || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %s %v", key, got, h)
		}
	}
}

const letterText = "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nFrom: Ann <ann@example.com>\r\nTo: bob@example.org\r\nDate: Sat, 21 Nov 2026 06:00:00 +0000\r\n" +
	"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\n" +
	"--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n" +
	"--inner\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nVier =E2=82=AC\r\n" +
	"--inner\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGgxPkhhbGxvPC9oMT4=\r\n--inner--\r\n" +
	"--outer\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=\"a.csv\"\r\n\r\n1,2\r\n--outer--\r\n"

func TestOutbox(t *testing.T) {
	w := newWorld(t)
	for name, content := range map[string]string{
		"one.eml": letterText, "plain.eml": "Subject: Plain\r\n\r\nJust text.\r\n", "torn.eml": "no mail", "cut.eml": strings.SplitAfter(letterText, "base64\r\n\r\n")[0], "notes.txt": "no",
	} {
		if err := os.WriteFile(filepath.Join(w.Outbox, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list := text(t, w.get(t, "outbox"))
	contains(t, list, ">Grüße</a>", "bob@example.org", ">Plain</a>", "damaged")
	if strings.Contains(list, "notes.txt") {
		t.Error(list)
	}
	contains(t, text(t, w.get(t, "outbox/one.eml")), "Vier €", `<iframe sandbox src="/_local/outbox/one.eml/html"`, ">a.csv</a>", "Ann &lt;ann@example.com&gt;")
	contains(t, text(t, w.get(t, "outbox/plain.eml")), "Just text.")
	contains(t, text(t, w.get(t, "outbox/cut.eml")), "Part of this mail cannot be read")
	html := w.get(t, "outbox/one.eml/html")
	if body := text(t, html); body != "<h1>Hallo</h1>" || html.Header.Get("Content-Security-Policy") != sandboxed {
		t.Errorf("%s %v", body, html.Header)
	}
	part := w.get(t, "outbox/one.eml/part/0")
	if body := text(t, part); body != "1,2" || part.Header.Get("Content-Disposition") != "attachment; filename=a.csv" {
		t.Errorf("%q %v", body, part.Header)
	}
	for _, path := range []string{"outbox/plain.eml/html", "outbox/one.eml/part/1", "outbox/one.eml/part/x", "outbox/notes.txt"} {
		if answer := w.get(t, path); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
}
