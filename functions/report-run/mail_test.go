package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestMail mails the report of the whole stage once, however often and however
// piecemeal it is written.
func TestMail(t *testing.T) {
	for _, c := range []struct {
		name    string
		event   event
		address bool
		want    int
	}{
		{"a day that is over", event{Period: "daily", Date: "2026-11-20"}, true, 1},
		{"by the schedule", event{ScheduledAt: time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)}, true, 1},
		{"no address", event{Period: "daily", Date: "2026-11-20"}, false, 0},
		{"today so far", event{}, true, 0},
		{"one owner's", event{Period: "daily", Date: "2026-11-20", Owner: "me"}, true, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.address = c.address
			for range 3 {
				if _, err := w.handler(t).Handle(w.context(t, time.Hour), c.event); err != nil {
					t.Fatal(err)
				}
			}
			if len(w.mails) != c.want {
				t.Fatalf("%d mails", len(w.mails))
			}
			if c.want == 0 {
				return
			}
			m := w.mails[0]
			if m.Subject != "Minim: 49 clicks on Friday, 20 November 2026" || !strings.Contains(m.HTML, "<svg") || !strings.Contains(m.Text, "https://minim.example/m0") {
				t.Errorf("mail: %+v", m)
			}
		})
	}
}

// TestMailIsTriedAgain after SES has refused it.
func TestMailIsTriedAgain(t *testing.T) {
	for _, call := range []string{"mail", "claim"} {
		w := newWorld()
		w.address, w.fail = true, call
		e := event{Period: "daily", Date: "2026-11-20"}
		if _, err := w.handler(t).Handle(w.context(t, time.Hour), e); !errors.Is(err, errDown) {
			t.Errorf("%s: got %v, want the cause", call, err)
		}
		if len(w.records) != 3 {
			t.Errorf("%s: the reports wait for the mail: %v", call, w.records)
		}
		w.fail = ""
		if call == "claim" {
			clear(w.claims)
		}
		if _, err := w.handler(t).Handle(w.context(t, time.Hour), e); err != nil || len(w.mails) != 1 {
			t.Errorf("%s: the second time: %v, %d mails", call, err, len(w.mails))
		}
	}
}

// TestMailClaimIsReturnedInTime checks that a mail that uses up the invocation's
// time, or whose context is canceled, is sent by the next try.
func TestMailClaimIsReturnedInTime(t *testing.T) {
	for name, canceled := range map[string]bool{"SES hangs": false, "the invocation is canceled": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.address, w.fail, w.tick = true, "mail hangs", 0
				e, left := event{Period: "daily", Date: "2026-11-20"}, time.Minute
				ctx, cancel := context.WithCancel(w.context(t, left))
				defer cancel()
				if canceled {
					time.AfterFunc(time.Second, cancel)
				}
				began := time.Now()
				if _, err := w.handler(t).Handle(ctx, e); err == nil {
					t.Fatal("no error")
				}
				if took := time.Since(began); took > left-reserve {
					t.Errorf("gave up %s before the deadline", left-took)
				}
				w.fail = ""
				if _, err := w.handler(t).Handle(w.context(t, left), e); err != nil || len(w.mails) != 1 {
					t.Errorf("the next try: %v, %d mails", err, len(w.mails))
				}
			})
		})
	}
}
