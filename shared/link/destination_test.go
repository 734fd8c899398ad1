package link_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/link"
)

// TestDestination checks under which destination a visit counts: the one that a rule has chosen,
// without what is added to it; none for a link without rules.
func TestDestination(t *testing.T) {
	l := link.Link{URL: "https://own.example/", Redirect: 302}
	l.UTM, l.ForwardQuery = link.UTM{Source: "mail"}, true
	visit := link.Visit{Method: http.MethodGet, System: "iOS", Query: "secret=1", Random: 0.95}
	if d := l.Decide(visit); d.Destination != "" || d.Location != "https://own.example/?utm_source=mail&secret=1" {
		t.Errorf("without rules: %+v", d)
	}
	l.Rules = []link.Rule{
		{Systems: []string{"iOS"}, URL: "https://ios.example/"},
		{Systems: []string{"Android"}, Split: []link.Share{{URL: "https://a.example/", Weight: 9}, {URL: "https://b.example/", Weight: 1}}},
	}
	for system, want := range map[string]string{"iOS": "https://ios.example/", "Android": "https://b.example/", "Linux": "https://own.example/"} {
		visit.System = system
		if d := l.Decide(visit); d.Destination != want || d.Location != want+"?utm_source=mail&secret=1" {
			t.Errorf("%s: %+v, want %s", system, d, want)
		}
	}
	want := []string{"https://own.example/", "https://ios.example/", "https://a.example/", "https://b.example/"}
	if diff := cmp.Diff(want, l.Destinations()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
