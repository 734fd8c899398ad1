package edge_test

import (
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/edge"
)

func TestRotation(t *testing.T) {
	first, err := edge.Parse(`{"previous":"","current":"one"}`)
	if err != nil {
		t.Fatal(err)
	}
	rotating := first.Next("two")
	completed := rotating.Completed()
	corrected := rotating.Corrected("one")
	corrected2 := corrected.Completed().Next("three")
	for _, c := range []struct {
		name     string
		keys     edge.Keys
		key      string
		want     bool
		rotating bool
	}{
		{"the first", first, "one", true, false},
		{"another", first, "two", false, false},
		{"none", first, "", false, false},
		{"the new one while rotating", rotating, "two", true, true},
		{"the old one while rotating", rotating, "one", true, true},
		{"the new one afterwards", completed, "two", true, false},
		{"the old one afterwards", completed, "one", false, false},
		{"a part", completed, "tw", false, false},
		{"the new one while the edge is corrected", corrected, "two", true, true},
		{"the old one while the edge is corrected", corrected, "one", true, true},
		{"the old one, which CloudFormation may send again", corrected.Completed(), "one", true, false},
		{"the new one after a correction", corrected.Completed(), "two", true, false},
		{"the old one in the next rotation", corrected2, "one", true, true},
		{"the one before in the next rotation", corrected2, "two", true, true},
		{"the old one when CloudFormation has read the key", corrected2.Completed(), "one", false, false},
		{"the old one when CloudFormation has not", corrected2.Corrected("one").Completed(), "one", true, false},
		{"the one before when it has not", corrected2.Corrected("one").Completed(), "two", false, false},
	} {
		again, err := edge.Parse(c.keys.String())
		if err != nil || again != c.keys {
			t.Errorf("%s: read back %v", c.name, err)
		}
		if again.Open(c.key) != c.want || again.Rotating() != c.rotating {
			t.Errorf("%s: opens %t, rotating %t", c.name, again.Open(c.key), again.Rotating())
		}
	}
}

func TestParse(t *testing.T) {
	for _, secret := range []string{"", "hunter2", `{}`, `{"current":""}`, `{"current":["hunter2"]}`} {
		if _, err := edge.Parse(secret); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", secret, err)
		}
	}
}
