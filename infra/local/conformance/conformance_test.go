package conformance

import (
	"strings"
	"testing"
	"time"
)

func TestRefuse(t *testing.T) {
	for stage, ok := range map[string]bool{"": false, "prod": false, "Production": false, "eu-prod": false, "dev": true} {
		if err := Refuse(stage); (err == nil) != ok {
			t.Errorf("%q: %v", stage, err)
		}
	}
}

func TestReport(t *testing.T) {
	got := Report(time.Unix(0, 0), "us-east-1", []Difference{{"a case", "https://x", "ok", "Throttled"}})
	for _, want := range []string{"1970-01-01, us-east-1", "1 differences", "**a case** ([source](https://x)): expected `ok`, got `Throttled`"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %s", want, got)
		}
	}
}

// TestCases checks that each case names its source.
func TestCases(t *testing.T) {
	for _, c := range Cases() {
		if c.Name == "" || c.Want == "" || !strings.HasPrefix(c.Source, "https://docs.aws.amazon.com/") {
			t.Errorf("%+v", c)
		}
	}
}
