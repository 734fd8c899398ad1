package link_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

func TestHosts(t *testing.T) {
	rules, mistakes := link.ParseHosts("\ufeff# Blocked.\r\nblock evil.example\n\nblock .bad.example # all below\nallow good.bad.example\nblock .worse.good.bad.example\n" +
		"block BÜCHER.example.\nblock 0x7f.1\nblock [::1]\nallow twice.example\nblock twice.example\n")
	if len(mistakes) > 0 {
		t.Errorf("%q", mistakes)
	}
	for host, want := range map[string]bool{
		"example.com": true, "evil.example": false, "www.evil.example": true, "evil.example.com": true, "notevil.example": true,
		"bad.example": false, "www.bad.example": false, "a.b.bad.example": false, "verybad.example": true,
		"good.bad.example": true, "www.good.bad.example": false, "worse.good.bad.example": false,
		"xn--bcher-kva.example": false, "127.0.0.1": false, "127.0.0.2": true, "[::1]": false, "twice.example": false,
	} {
		if got := rules.Allows(host); got != want {
			t.Errorf("%s: %t", host, got)
		}
	}
	only, _ := link.ParseHosts("block .\nallow .example.com\n")
	for host, want := range map[string]bool{"example.com": true, "www.example.com": true, "example.org": false, "com": false} {
		if got := only.Allows(host); got != want {
			t.Errorf("only example.com: %s: %t", host, got)
		}
	}
	if !(link.Hosts{}).Allows("example.com") {
		t.Error("without rules")
	}
	half, mistakes := link.ParseHosts("block evil.example\ndeny evil.example\nblock\nblock a b\nblock https://evil.example/\nblock a/b\n{}\nblock *.evil.example\nblock .*.example\n")
	if len(mistakes) != 8 || !strings.HasPrefix(mistakes[0], "line 2:") || half.Allows("evil.example") {
		t.Errorf("%q", mistakes)
	}
}

// TestBlockedHosts: rules apply to every destination of a link, new or edited.
func TestBlockedHosts(t *testing.T) {
	site, err := link.NewSite("https://mini.example")
	if err != nil {
		t.Fatal(err)
	}
	rules, _ := link.ParseHosts("block .evil.example\n")
	site = site.Obeying(rules)
	const destinations = `"url":"https://WWW.evil.example./x","expiredUrl":"evil.example","rules":[{"url":"http://evil.example:8080"},{"split":[{"url":"https://ok.example","weight":1},{"url":"https://a.evil.example","weight":1}]}]`
	var draft link.Draft
	if err := json.Unmarshal([]byte(`{`+destinations+`}`), &draft); err != nil {
		t.Fatal(err)
	}
	_, draftErr := draft.Link("me", site, now)
	var edit link.Edit
	if err := json.Unmarshal([]byte(`{`+destinations+`}`), &edit); err != nil {
		t.Fatal(err)
	}
	_, editErr := edit.Apply(link.Link{URL: "https://www.evil.example/old", Redirect: 302}, site, now)
	for _, err := range []error{draftErr, editErr} {
		found := map[string]bool{}
		for _, f := range fault.Of(err).Fields {
			found[f.Name] = strings.Contains(f.Message, "evil.example are not allowed")
		}
		for _, field := range []string{"url", "expiredUrl", "rules[0].url", "rules[1].split[1].url"} {
			if !found[field] {
				t.Errorf("%s: %v", field, err)
			}
		}
	}
	title := "A link from before the rule can still be edited."
	if _, err := (link.Edit{Title: &title}).Apply(link.Link{URL: "https://www.evil.example/old", Redirect: 302}, site, now); err != nil {
		t.Error(err)
	}
}
