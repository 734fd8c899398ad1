package page

import (
	"html"
	"strings"
)

// markup is HTML in which all foreign text has been escaped.
type markup string

// fill puts values in the place of the {{names}} of a template: a string escaped,
// markup as it is. A name without a value is left unchanged, which tests detect. Places are text or values of attributes in double quotes.
// The template engines of the standard library are not used because they keep the
// linker from dropping unused methods, which costs start-up time.
func fill(template string, values map[string]any) markup {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{{")
		out.WriteString(before)
		if !found {
			return markup(out.String())
		}
		name, after, _ := strings.Cut(rest, "}}")
		switch value := values[name].(type) {
		case string:
			out.WriteString(html.EscapeString(value))
		case markup:
			out.WriteString(string(value))
		default:
			out.WriteString("{{" + name + "}}")
		}
		template = after
	}
}
