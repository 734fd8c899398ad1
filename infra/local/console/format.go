package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"path"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// formats returns the functions for templates.
func (c *Console) formats() template.FuncMap {
	return template.FuncMap{
		"short": c.short, "took": took, "size": func(n any) string { return size(reflect.Indirect(reflect.ValueOf(n)).Int()) }, "json": pretty, "log": readLog,
		"query":  func(pairs ...string) template.URL { return template.URL(query(pairs...)) }, //nolint:gosec // consists of escaped values
		"clock":  func(t time.Time) string { return clock(t, time.Now()) },
		"until":  func(t time.Time) string { return span(time.Until(t)) },
		"stamp":  func(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05.000 MST") },
		"iso":    func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) },
		"plural": plural, "path": url.PathEscape, "root": func() string { return Root },
		"lower": strings.ToLower, "first": first, "span": span, "base": path.Base, "text": aws.ToString,
		"minus": func(a, b int) int { return a - b },
		"on": func(is bool) string {
			if is {
				return "1"
			}
			return ""
		},
		"isFunction": c.isFunction, "sourcePage": c.sourcePage,
	}
}

// short returns a name without the prefix of all names.
func (c *Console) short(name string) string { return strings.TrimPrefix(name, c.o.Prefix) }

// took formats a short duration.
func took(d time.Duration) string {
	switch ms := float64(d) / float64(time.Millisecond); {
	case ms < 10:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 1000:
		return fmt.Sprintf("%.0f ms", ms)
	default:
		return fmt.Sprintf("%.1f s", ms/1000)
	}
}

// span formats a long duration in its largest unit.
func span(d time.Duration) string {
	switch d = d.Round(time.Second); {
	case d < 0:
		return "now"
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	default:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	}
}

// clock formats a time of day, with the date unless it is today.
func clock(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04:05")
	}
	return t.Format("2006-01-02 15:04:05")
}

func size(n int64) string {
	switch v := float64(n); {
	case v < 1<<10:
		return fmt.Sprintf("%d B", n)
	case v < 1<<20:
		return fmt.Sprintf("%.1f KB", v/(1<<10))
	case v < 1<<30:
		return fmt.Sprintf("%.1f MB", v/(1<<20))
	default:
		return fmt.Sprintf("%.1f GB", v/(1<<30))
	}
}

// plural formats a number with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// first returns the first n characters of a text.
func first(n int, text string) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n]) + "…"
}

// maxShown is the maximum length of a text on a page.
const maxShown = 128 << 10

// pretty formats JSON with indents and colours. It returns other text unchanged.
func pretty(text []byte) template.HTML {
	var out bytes.Buffer
	cut := ""
	if len(text) > maxShown {
		cut = fmt.Sprintf("\n… %s more", size(int64(len(text)-maxShown)))
		text = text[:maxShown]
	} else if json.Valid(text) {
		_ = json.Indent(&out, text, "", "  ") // cannot fail: it is valid
		return colour(out.Bytes())
	}
	template.HTMLEscape(&out, bytes.ToValidUTF8(text, []byte("\uFFFD")))
	out.WriteString(cut)
	return template.HTML(out.String()) //nolint:gosec // escaped above
}

// colour marks the tokens of valid JSON.
func colour(text []byte) template.HTML {
	var out bytes.Buffer
	mark := func(class string, token []byte) {
		out.WriteString(`<span class="` + class + `">`)
		template.HTMLEscape(&out, token)
		out.WriteString(`</span>`)
	}
	for len(text) > 0 {
		n := 1
		switch b := text[0]; {
		case b == '"':
			for n = 1; text[n] != '"'; n++ {
				if text[n] == '\\' {
					n++
				}
			}
			n++
			if n < len(text) && text[n] == ':' {
				mark("key", text[:n])
			} else {
				mark("string", text[:n])
			}
		case strings.IndexByte("-0123456789tfn", b) >= 0:
			if n = bytes.IndexAny(text, ",]} \n"); n < 0 {
				n = len(text)
			}
			mark("literal", text[:n])
		default:
			out.WriteByte(b)
		}
		text = text[n:]
	}
	return template.HTML(out.String()) //nolint:gosec // all tokens are escaped
}
