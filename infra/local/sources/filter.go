package sources

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/minim-dev/minim/infra/local/pattern"
)

// anyMatches reports whether any filter matches an event in JSON.
func anyMatches(filters []*pattern.Pattern, event []byte) bool {
	value, err := pattern.Decode(event)
	return err == nil && slices.ContainsFunc(filters, func(f *pattern.Pattern) bool { return f.Match(value) })
}

// chosen splits messages into those that match a filter and the others, which AWS deletes.
// Without filters all messages match.
func (q Queue) chosen(messages []types.Message) (chosen, others []types.Message) {
	for _, m := range messages {
		if len(q.Filters) == 0 || q.matches(aws.ToString(m.Body)) {
			chosen = append(chosen, m)
		} else {
			others = append(others, m)
		}
	}
	return chosen, others
}

// matches reports whether a body matches a filter. A filter on fields of the body does not
// match text other than JSON, and a filter on the body as text does not match JSON.
func (q Queue) matches(text string) bool {
	var body any = text
	value, err := pattern.Decode([]byte(text))
	_, isObject := value.(map[string]any)
	_, isList := value.([]any)
	structured := err == nil && (isObject || isList)
	if structured {
		body = value
	}
	return slices.ContainsFunc(q.Filters, func(f *pattern.Pattern) bool {
		if structured && f.Leaf("body") || !structured && f.Nested("body") {
			return false
		}
		return f.Match(map[string]any{"body": body})
	})
}
