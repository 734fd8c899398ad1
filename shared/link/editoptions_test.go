package link_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

// edited applies an edit as its owner writes it.
func edited(t *testing.T, l link.Link, text string) (link.Link, error) {
	t.Helper()
	var e link.Edit
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		t.Fatal(err)
	}
	return e.Apply(l, site(t, "https://mini.example"), now)
}

// full has all options.
func full() link.Link {
	return link.Link{URL: "https://example.com/", Redirect: 302, ExpiresAt: now.Add(time.Hour).Truncate(time.Millisecond), Options: link.Options{
		NotBefore: now.Add(-time.Hour).Truncate(time.Millisecond), ExpiredURL: "https://example.com/bye", MaxClicks: 7, Password: "$hash", ForwardQuery: true,
		UTM: link.UTM{Source: "s", Term: "t"}, Rules: []link.Rule{{Devices: []string{"mobile"}, URL: "https://example.com/m"}},
	}}
}

func TestEditOptions(t *testing.T) {
	for _, test := range []struct {
		name, edit string
		want       func(*link.Options)
		changes    string // fields
	}{
		{"nothing", `{"title": "T"}`, func(*link.Options) {}, "title"},
		{"all removed", `{"notBefore": null, "expiredUrl": null, "maxClicks": null, "password": null, "forwardQuery": "off", "utm": null, "rules": []}`,
			func(o *link.Options) { *o = link.Options{Rules: []link.Rule{}} }, "notBefore expiredUrl maxClicks password forwardQuery utm rules"},
		{"some changed", `{"maxClicks": 8, "expiredUrl": "https://example.com/new", "utm": {"source": "s"}}`, func(o *link.Options) {
			o.MaxClicks, o.ExpiredURL, o.UTM.Term = 8, "https://example.com/new", ""
		}, "expiredUrl maxClicks utm"},
		{"the same", `{"maxClicks": 7, "forwardQuery": "merge"}`, func(*link.Options) {}, ""},
		{"opens later", `{"notBefore": "2026-11-21T03:30:00Z"}`, func(o *link.Options) { o.NotBefore = time.Date(2026, 11, 21, 3, 30, 0, 0, time.UTC) }, "notBefore"},
	} {
		t.Run(test.name, func(t *testing.T) {
			before, want := full(), full().Options
			after, err := edited(t, before, test.edit)
			if err != nil {
				t.Fatal(err)
			}
			test.want(&want)
			if diff := cmp.Diff(want, after.Options); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			var fields []string
			for _, change := range link.Changes(before, after) {
				fields = append(fields, change.Field)
			}
			if got := strings.Join(fields, " "); got != test.changes {
				t.Errorf("changes %s, want %s", got, test.changes)
			}
		})
	}
}

func TestEditPassword(t *testing.T) {
	after, err := edited(t, full(), `{"password": "new"}`)
	if err != nil || !after.Password.Matches("new") {
		t.Fatalf("%v, %s", err, after.Password)
	}
	changes, err := json.Marshal(link.Changes(full(), after))
	if want := `[{"field":"password","from":true,"to":true}]`; err != nil || string(changes) != want {
		t.Errorf("%v, changes %s", err, changes)
	}
}

func TestEditOptionsMistakes(t *testing.T) {
	for _, test := range []struct{ name, edit, fields string }{
		{"values", `{"notBefore": "x", "expiredUrl": "x", "maxClicks": 0, "password": "\n", "forwardQuery": "x", "utm": {"term": "\n"}, "rules": [{}]}`,
			"notBefore expiredUrl maxClicks password forwardQuery utm.term rules[0]"},
		{"expiry before notBefore", `{"notBefore": "2026-11-22T00:00:00Z"}`, "notBefore"},
		{"another url too long for utm", `{"url": "https://example.com/` + strings.Repeat("x", link.MaxURL-25) + `"}`, "utm"},
	} {
		_, err := edited(t, full(), test.edit)
		var fields []string
		for _, field := range fault.Of(err).Fields {
			fields = append(fields, field.Name)
		}
		if got := strings.Join(fields, " "); got != test.fields {
			t.Errorf("%s: %s, %v", test.name, got, err)
		}
	}
}
