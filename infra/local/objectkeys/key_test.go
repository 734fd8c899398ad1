package objectkeys

import (
	"slices"
	"strings"
	"testing"
)

// FuzzCode checks that codes can be decoded, sort as the keys do, and keep prefixes, and that versitygw can store them.
func FuzzCode(f *testing.F) {
	f.Add("/x", "a//b")
	f.Add("a/../b", strings.Repeat("x", 300))
	f.Add(strings.Repeat("x", 120), strings.Repeat("x", 121))
	f.Add("", "\xff\x00")
	f.Fuzz(func(t *testing.T, a, b string) {
		one, other := encode(a), encode(b)
		if Decode(one) != a || Decode(other) != b {
			t.Errorf("%q and %q change", a, b)
		}
		if strings.Compare(a, b) != strings.Compare(one, other) {
			t.Errorf("%q and %q sort differently as %q and %q", a, b, one, other)
		}
		if strings.HasPrefix(b, a) && !strings.HasPrefix(other, one) {
			t.Errorf("%q begins with %q, but not %q with %q", b, a, other, one)
		}
		for part := range strings.SplitSeq(strings.TrimPrefix(one, area), "/") {
			if len(part) > maxSegment || part == "" && a != "" {
				t.Errorf("%q has the part %q", one, part)
			}
		}
		if a != "" && plain(one) {
			t.Errorf("the code %q is also a plain key", one)
		}
	})
}

func TestPlain(t *testing.T) {
	for _, key := range []string{"a", "a/b", "a/", "ü", ".well-known/x", "a..b", "x.local-cloud/y", strings.Repeat("x", 255)} {
		if !plain(key) {
			t.Errorf("%q would be encoded", key)
		}
	}
	bad := []string{"", "/", "/a", "a//", "a/./b", "..", "a/..", strings.Repeat("x", 256), ".local-cloud", ".local-cloud/x", ".sgwtmp/y", "a\nb"}
	if i := slices.IndexFunc(bad, plain); i >= 0 {
		t.Errorf("%q would not be encoded", bad[i])
	}
}
