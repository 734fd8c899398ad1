package link_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

func TestTakedown(t *testing.T) {
	site, err := link.NewSite("https://mini.example")
	if err != nil {
		t.Fatal(err)
	}
	open := link.Link{Code: "go", URL: "https://example.com", Redirect: 302}
	down := open
	down.TakenDown = "Phishing."
	for _, test := range []struct {
		name   string
		before link.Link
		edit   string
		admin  bool
		reason string     // after the edit
		code   fault.Code // of a fault
	}{
		{"by an admin", open, `{"takenDown":"Phishing."}`, true, "Phishing.", ""},
		{"another reason", down, `{"takenDown":"Malware."}`, true, "Malware.", ""},
		{"restored", down, `{"takenDown":null}`, true, "", ""},
		{"no reason", open, `{"takenDown":""}`, true, "", fault.Invalid},
		{"blanks", open, `{"takenDown":" \u200b\u00a0 "}`, true, "", fault.Invalid},
		{"too long", open, `{"takenDown":"` + strings.Repeat("x", link.MaxReason+1) + `"}`, true, "", fault.Invalid},
		{"control characters", open, `{"takenDown":"a\u0000b"}`, true, "", fault.Invalid},
		{"by its owner", open, `{"takenDown":"Phishing."}`, false, "", fault.Denied},
		{"restored by its owner", down, `{"takenDown":null}`, false, "", fault.Denied},
		{"another title", down, `{"title":"New"}`, false, "Phishing.", ""},
		{"another code", down, `{"code":"new"}`, false, "", fault.Denied},
		{"another code, by an admin", down, `{"code":"new"}`, true, "Phishing.", ""},
		{"no aliases", down, `{"aliases":[]}`, false, "", fault.Denied},
	} {
		var edit link.Edit
		if err := json.Unmarshal([]byte(test.edit), &edit); err != nil {
			t.Fatal(err)
		}
		after, err := test.before, edit.Permitted(test.before, test.admin)
		if err == nil {
			after, err = edit.Apply(test.before, site, now)
		}
		if fault.CodeOf(err) != test.code || err == nil && after.TakenDown != test.reason {
			t.Errorf("%s: %q, %v", test.name, after.TakenDown, err)
		}
	}
	deleted := down
	deleted.DeletedAt, deleted.ExpiredURL = now, "https://phishing.example/"
	if d := deleted.Decide(link.Visit{Time: now}); d.HTTPStatus != http.StatusUnavailableForLegalReasons || d.Location != "" {
		t.Errorf("deleted by its owner: %+v", d)
	}
	changes := link.Changes(open, down)
	if text, _ := json.Marshal(changes); string(text) != `[{"field":"takenDown","from":null,"to":"Phishing."}]` {
		t.Errorf("%s", text)
	}
	if down.FreePermitted(true) != nil || open.FreePermitted(false) != nil || !fault.Is(down.FreePermitted(false), fault.Denied) {
		t.Error("only an admin frees the code of a link that was taken down")
	}
	if view := down.View(site, 0, now); view.Status != link.TakenDown || *view.TakenDown != "Phishing." {
		t.Errorf("%+v", view)
	}
	if q, err := link.ParseQuery(func(name string) []string {
		return slices.DeleteFunc([]string{"takenDown"}, func(string) bool { return name != "status" })
	}); err != nil || !q.Matches(down, now) || q.Matches(open, now) {
		t.Errorf("%+v, %v", q, err)
	}
}
