package link_test

import (
	"slices"
	"testing"

	"github.com/minim-dev/minim/shared/link"
)

func TestTrim(t *testing.T) {
	for _, end := range []string{
		".", ",", ";", ":", "!", "?", ")", "]", "}", ">", "'", `"`, "*", "_", "~", "`", "’", "”", "»", "…", `).",`, "**", "_._",
		"。", "、", "，", "．", "！", "？", "：", "；", "）", "」", "』", "】", "》", "〉", "〕", "｣", "～", "・", "؟", "،", "؛", "۔", "।", "॥", "։", "።", "—", "–", "‹", "›", "“", "＞", "|", "=", "^",
		" ", "\t", "\n", "\u00a0", "\u2003", "\u3000", "\u200b", "\u200d", "\ufeff", "\u202c", "\u00ad", "。\u200b )",
		"&utm_source=x", "&utm_source=x&utm_medium=y.", "?utm_source=x", ".&a", "&",
	} {
		got := link.Trim("My-code_1" + end)
		if got[len(got)-1] != "My-code_1" {
			t.Errorf("%q becomes %q", "My-code_1"+end, got)
		}
	}
	for _, code := range []string{"go", "go-", "-", "go.txt", "go/extra", "go/", "goです", "über", "", "a b"} {
		if got := link.Trim(code); len(got) != 1 || got[0] != code {
			t.Errorf("%q becomes %q", code, got)
		}
	}
	for _, code := range []string{"...", "。", " ", "&a"} {
		if got := link.Trim(code); len(got) != 1 || got[0] != "" {
			t.Errorf("%q becomes %q", code, got)
		}
	}
	for code, want := range map[string][]string{"go_": {"go_", "go"}, "go_.": {"go_", "go"}, "go__)": {"go__", "go"}, "go_._": {"go_._", "go"}, "_": {"_", ""}} {
		if got := link.Trim(code); !slices.Equal(got, want) {
			t.Errorf("%q becomes %q, not %q", code, got, want)
		}
	}
}
