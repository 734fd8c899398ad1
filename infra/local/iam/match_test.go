package iam

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"**", "abc", true},
		{"?", "", false},
		{"a?c", "abc", true},
		{"a*c", "abcbc", true},
		{"a*bc", "abcbcd", false},
		{"*a*b*", "xxaxxbxx", true},
		{"*a*b", "xxbxxa", false},
		{"a", "A", false},
	} {
		if got := Match(c.pattern, c.text); got != c.want {
			t.Errorf("Match(%q, %q) = %t", c.pattern, c.text, got)
		}
	}
}

// FuzzMatch compares Match with an equivalent regular expression.
func FuzzMatch(f *testing.F) {
	f.Add("arn:aws:s3:::b/*.jp?g", "arn:aws:s3:::b/a/b.jpeg")
	f.Add("*a*b*a?", "abbabbaabba")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if !utf8.ValidString(pattern) || !utf8.ValidString(text) || strings.ContainsFunc(pattern+text, func(c rune) bool { return c >= utf8.RuneSelf }) {
			t.Skip("bytes are compared, not characters")
		}
		want := regexp.MustCompile("(?s)^" + strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern)) + "$")
		if got := Match(pattern, text); got != want.MatchString(text) {
			t.Errorf("Match(%q, %q) = %t", pattern, text, got)
		}
	})
}

// FuzzAdd checks that any document can be added without a panic, and then evaluated.
func FuzzAdd(f *testing.F) {
	f.Add(document(read1), "dynamodb:GetItem", table)
	f.Add([]byte(`{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":true}}}}`), "a:b", "*")
	f.Fuzz(func(t *testing.T, document []byte, action, resource string) {
		var p Policies
		if err := p.Add("fuzz", document); err != nil {
			return
		}
		d := p.Evaluate(Request{Action: action, Resource: resource})
		if d.Allowed && d.Denied || (d.Grant >= 0) != (d.Allowed || d.Denied) || d.Grant >= len(p.Grants()) {
			t.Errorf("decided %+v", d)
		}
	})
}
