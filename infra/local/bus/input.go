package bus

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/minim-dev/minim/infra/local/pattern"
)

// input returns a target's input for an event.
func (t Target) input(r Rule, event []byte) ([]byte, error) {
	switch {
	case t.Input != "":
		return []byte(t.Input), nil
	case t.Path == "" && t.Template == "":
		return event, nil
	}
	value, err := pattern.Decode(event)
	if err != nil {
		return nil, err
	}
	if t.Path != "" {
		found, ok := lookUp(value, t.Path)
		if !ok {
			return nil, fmt.Errorf("the event has no %s", t.Path)
		}
		return json.Marshal(found)
	}
	return t.transform(r, event, value)
}

// transform replaces the placeholders of a template: <name> inside a JSON string with the value's text, elsewhere with
// its JSON.
func (t Target) transform(r Rule, event []byte, value any) ([]byte, error) {
	known := map[string]any{
		"aws.events.rule-arn": r.ARN, "aws.events.rule-name": r.Name, "aws.events.event.json": json.RawMessage(event), "aws.events.event": json.RawMessage(event),
	}
	if fields, ok := value.(map[string]any); ok {
		known["aws.events.event.ingestion-time"] = fields["time"]
	}
	for _, name := range slices.Sorted(maps.Keys(t.Paths)) {
		found, ok := lookUp(value, t.Paths[name])
		if !ok {
			found = ""
		}
		known[name] = found
	}
	var out strings.Builder
	quoted := false
	for i := 0; i < len(t.Template); i++ {
		c := t.Template[i]
		if c == '\\' && quoted && i+1 < len(t.Template) {
			out.WriteString(t.Template[i : i+2])
			i++
			continue
		}
		if c == '"' {
			quoted = !quoted
		}
		end := strings.IndexByte(t.Template[i:], '>')
		if c != '<' || end < 0 {
			out.WriteByte(c)
			continue
		}
		v, ok := known[t.Template[i+1:i+end]]
		if !ok {
			out.WriteByte(c)
			continue
		}
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		if s, isText := v.(string); quoted {
			if !isText {
				s = string(text)
			}
			inner, _ := json.Marshal(s) // cannot fail: it is a string
			text = inner[1 : len(inner)-1]
		}
		out.Write(text)
		i += end
	}
	if written := out.String(); json.Valid([]byte(written)) {
		return []byte(written), nil
	}
	return json.Marshal(out.String())
}

// lookUp returns the value at a path such as $.detail.id.
func lookUp(value any, path string) (any, bool) {
	for part := range strings.SplitSeq(strings.TrimPrefix(strings.TrimPrefix(path, "$"), "."), ".") {
		if part == "" {
			continue
		}
		name, index, indexed := strings.Cut(part, "[")
		fields, ok := value.(map[string]any)
		if !ok {
			return nil, false
		}
		if value, ok = fields[name]; !ok {
			return nil, false
		}
		for indexed {
			var n int
			if _, err := fmt.Sscanf(index, "%d]", &n); err != nil {
				return nil, false
			}
			list, ok := value.([]any)
			if !ok || n < 0 || n >= len(list) {
				return nil, false
			}
			value = list[n]
			_, index, indexed = strings.Cut(index, "[")
		}
	}
	return value, true
}
