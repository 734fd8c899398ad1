package link_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/link"
)

func TestStatus(t *testing.T) {
	l := link.Link{ExpiresAt: now}
	for moment, want := range map[time.Time]link.Status{
		now.Add(-1): link.Active,
		now:         link.Expired,
		now.Add(1):  link.Expired,
	} {
		if got := l.Status(moment); got != want {
			t.Errorf("at %s: %s, want %s", moment, got, want)
		}
	}
	if got := (link.Link{}).Status(now); got != link.Active {
		t.Errorf("without expiry: %s", got)
	}
	if got := (link.Link{Disabled: true, ExpiresAt: now}).Status(now); got != link.Disabled {
		t.Errorf("disabled: %s", got)
	}
	if got := (link.Link{Pending: true, Disabled: true, DeletedAt: now}).Status(now); got != link.Deleted {
		t.Errorf("deleted: %s", got)
	}
	if got := (link.Link{Pending: true, ExpiresAt: now}).Status(now); got != link.Pending {
		t.Errorf("without a destination: %s", got)
	}
}

func TestView(t *testing.T) {
	l := link.Link{ID: "l.1", Code: "abc", URL: "https://example.com", Redirect: 302, Version: 3, CreatedAt: now, UpdatedAt: now}
	got, err := json.Marshal(l.View(site(t, "https://mini.example"), 7, now))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"l.1","code":"abc","aliases":[],"shortUrl":"https://mini.example/abc","url":"https://example.com","title":"","note":"","tags":[],` +
		`"createdAt":"2026-11-21T03:00:00.123Z","updatedAt":"2026-11-21T03:00:00.123Z","expiresAt":null,` +
		`"redirect":302,"private":false,"disabled":false,"takenDown":null,"status":"active","clicks":7,` +
		`"notBefore":null,"expiredUrl":null,"maxClicks":null,"hasPassword":false,"forwardQuery":"off","utm":{},"rules":[]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestETag(t *testing.T) {
	s := site(t, "https://mini.example")
	l := link.Link{Code: "abc", Version: 3, ExpiresAt: now.Add(time.Hour)}
	edited := l
	edited.Version = 4
	tags := map[string]bool{}
	for _, view := range []link.View{l.View(s, 7, now), l.View(s, 8, now), l.View(s, 7, now.Add(time.Hour)), edited.View(s, 7, now)} {
		tag, err := view.ETag()
		if err != nil || tags[tag] {
			t.Errorf("%s repeats, or %v", tag, err)
		}
		tags[tag] = true
	}
	again, _ := l.View(s, 7, now).ETag()
	if !tags[again] {
		t.Errorf("the same view got another tag: %s", again)
	}
}
