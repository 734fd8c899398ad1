package pattern

import "testing"

// TestRule tests the operators that only patterns of rules support.
func TestRule(t *testing.T) {
	for _, c := range []struct {
		pattern, event string
		want           bool
	}{
		{`{"a":[{"wildcard":"x*z"}]}`, `{"a":"xyz"}`, true},
		{`{"a":[{"wildcard":"x*z"}]}`, `{"a":"xy"}`, false},
		{`{"a":[{"wildcard":"x\\*z"}]}`, `{"a":"xyz"}`, false},
		{`{"a":[{"wildcard":"x\\*z"}]}`, `{"a":"x*z"}`, true},
		{`{"a":[{"wildcard":"é*"}]}`, `{"a":"éa"}`, true},
		{`{"a":[{"cidr":"10.0.0.0/24"}]}`, `{"a":"10.0.0.9"}`, true},
		{`{"a":[{"cidr":"10.0.0.0/24"}]}`, `{"a":"10.0.1.9"}`, false},
		{`{"a":[{"anything-but":{"prefix":"x"}}]}`, `{"a":"xy"}`, false},
		{`{"a":[{"anything-but":{"prefix":["x","y"]}}]}`, `{"a":"zy"}`, true},
		{`{"a":[{"anything-but":{"wildcard":"*y"}}]}`, `{}`, false},
	} {
		p, err := ParseRule(c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		event, err := Decode([]byte(c.event))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Match(event); got != c.want {
			t.Errorf("%s on %s: %t", c.pattern, c.event, got)
		}
	}
	for _, wrong := range []string{
		`{"a":[{"wildcard":"**"}]}`, `{"a":[{"wildcard":"\\a"}]}`, `{"a":[{"cidr":"x"}]}`, `{"a":[{"anything-but":{"numeric":["=",1]}}]}`,
		`{"a":[{"anything-but":{"prefix":1}}]}`,
	} {
		if _, err := ParseRule(wrong); err == nil {
			t.Errorf("%s is accepted", wrong)
		}
	}
}
