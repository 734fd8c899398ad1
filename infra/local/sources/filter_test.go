package sources

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/minim-dev/minim/infra/local/pattern"
)

func filters(t *testing.T, texts ...string) (all []*pattern.Pattern) {
	t.Helper()
	for _, text := range texts {
		p, err := pattern.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// TestBodies checks that filters match messages as in AWS.
func TestBodies(t *testing.T) {
	const fields, plain = `{"body":{"level":["high"],"note":[{"exists":false}]}}`, `{"body":["high"]}`
	for _, c := range []struct {
		name, body string
		filters    []string
		want       bool
	}{
		{"no filter", `anything`, nil, true},
		{"fields of JSON", `{"level":"high"}`, []string{fields}, true},
		{"other fields", `{"level":"low"}`, []string{fields}, false},
		{"fields of a text", `high`, []string{fields}, false},
		{"fields of a text, absent ones", `high`, []string{`{"body":{"note":[{"exists":false}]}}`}, false},
		{"a text", `high`, []string{plain}, true},
		{"another text", `higher`, []string{plain}, false},
		{"a text of JSON", `{"level":"high"}`, []string{`{"body":[{"prefix":"{"}]}`}, false},
		{"a text that is a number", `7`, []string{`{"body":["7"]}`}, true},
		{"empty", ` `, []string{`{"body":[" "]}`}, true},
		{"one of two", `high`, []string{fields, plain}, true},
		{"elements", `[{"level":"low"},{"level":"high"}]`, []string{fields}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := Queue{Filters: filters(t, c.filters...)}
			chosen, others := q.chosen([]types.Message{{Body: aws.String(c.body)}})
			if (len(chosen) == 1) != c.want || len(chosen)+len(others) != 1 {
				t.Errorf("chosen %d, others %d", len(chosen), len(others))
			}
		})
	}
}
