package logs

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// selector is the path of a field: names, indexes, or * for all elements.
type selector []string

const everyElement = "[*]"

func parseSelector(text string) (all selector, err error) {
	step := regexp.MustCompile(`^(?:\.([\w@-]+)|\.?\[(?:(\d+)|(\*)|'([^']+)'|"([^"]+)")\])`)
	rest, ok := strings.CutPrefix(text, "$")
	for ok && rest != "" {
		found := step.FindStringSubmatch(rest)
		if found == nil {
			break
		}
		rest = rest[len(found[0]):]
		switch {
		case found[2] != "":
			all = append(all, "["+found[2])
		case found[3] != "":
			all = append(all, everyElement)
		default:
			all = append(all, "."+found[1]+found[4]+found[5])
		}
	}
	if !ok || rest != "" || len(all) == 0 {
		return nil, fmt.Errorf("%q is not a field such as $.level, $.items[0].id or $.['a name']", text)
	}
	return all, nil
}

// find returns the values at the path: several, if it contains [*].
func (s selector) find(event any) []any {
	found := []any{event}
	for _, step := range s {
		var next []any
		for _, value := range found {
			switch v := value.(type) {
			case map[string]any:
				if field, ok := v[strings.TrimPrefix(step, ".")]; ok && step[0] == '.' {
					next = append(next, field)
				}
			case []any:
				index, err := strconv.Atoi(strings.TrimPrefix(step, "["))
				if step == everyElement {
					next = append(next, v...)
				} else if step[0] == '[' && err == nil && index < len(v) {
					next = append(next, v[index])
				}
			}
		}
		found = next
	}
	return found
}

// any returns a condition that is true if holds is true for one of the values at the path.
func (s selector) any(holds func(value any) bool) condition {
	return func(event any) bool {
		return slices.ContainsFunc(s.find(event), func(value any) bool {
			switch value.(type) {
			case map[string]any, []any:
				return false // only leaves are compared
			}
			return holds(value)
		})
	}
}
