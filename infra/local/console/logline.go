package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// logLine is one line of a log. JSON is split into its fields.
type logLine struct {
	Kind    string // platform, debug, info, warn or error
	Time    string
	Message string
	Fields  []field
}

type field struct{ Name, Value string }

// readLog parses a log, and distinguishes the platform's lines from those of the
// function.
func readLog(text []byte) (lines []logLine) {
	for line := range strings.Lines(string(bytes.ToValidUTF8(text, []byte("\uFFFD")))) {
		lines = append(lines, readLine(strings.TrimRight(line, "\r\n")))
	}
	return lines
}

func readLine(line string) logLine {
	switch word, _, _ := strings.Cut(line, " "); word {
	case "START", "END", "INIT_START", "INIT_REPORT", "REPORT":
		return logLine{Kind: "platform", Message: strings.ReplaceAll(line, "\t", "  ")}
	}
	var fields map[string]any
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.UseNumber()
	if !strings.HasPrefix(line, "{") || decoder.Decode(&fields) != nil || decoder.More() {
		return logLine{Kind: "info", Message: line}
	}
	take := func(names ...string) (value string) {
		for _, name := range names {
			if v, ok := fields[name].(string); ok && value == "" {
				value = v
				delete(fields, name)
			}
		}
		return value
	}
	l := logLine{Kind: strings.ToLower(take("level")), Time: take("time", "timestamp"), Message: take("msg", "message")}
	if _, rest, found := strings.Cut(l.Time, "T"); found { // the page already shows the date
		l.Time, _, _ = strings.Cut(strings.TrimSuffix(rest, "Z"), "+")
		l.Time = l.Time[:min(len(l.Time), len("15:04:05.000"))]
	}
	if l.Kind == "" {
		l.Kind = "info"
	}
	if kind, ok := fields["type"].(string); ok && strings.HasPrefix(kind, "platform.") {
		record, _ := fields["record"].(map[string]any)
		l.Kind, l.Message, fields = "platform", kind, record
	}
	delete(fields, "requestId") // the page already shows it
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		l.Fields = append(l.Fields, field{name, fieldText(fields[name])})
	}
	return l
}

func fieldText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any, []any:
		if text, err := json.Marshal(v); err == nil {
			return string(text)
		}
	}
	return fmt.Sprint(v)
}
