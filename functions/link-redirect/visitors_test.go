package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/click"
)

// salts has a salt for each day, or fails.
type salts struct {
	asked int
	err   error
}

func (s *salts) Of(_ context.Context, day string) ([]byte, error) {
	s.asked++
	return []byte("salt of " + day), s.err
}

// TestVisitorIDs checks who is the same visitor, and who is none.
func TestVisitorIDs(t *testing.T) {
	const one = "x-forwarded-for: 203.0.113.77, 198.51.100.1"
	visitor := func(at time.Time, lines ...string) string {
		t.Helper()
		var queue sent
		h := newHandler(&queue)
		h.now = func() time.Time { return at }
		send(t, h, visit("GET", "hello", lines...))
		var c click.Click
		if err := json.Unmarshal([]byte(queue.bodies[0]), &c); err != nil {
			t.Fatal(err)
		}
		return c.Visitor
	}
	first := visitor(now, one)
	if len(first) != 16 {
		t.Fatalf("visitor %q", first)
	}
	for _, test := range []struct {
		name  string
		at    time.Time
		lines []string
		same  bool
	}{
		{"again", now.Add(time.Hour), []string{one}, true},
		{"behind another edge", now, []string{"x-forwarded-for: 203.0.113.77, 198.51.100.2"}, true},
		{"with a made-up address", now, []string{"x-forwarded-for: 192.0.2.1, 203.0.113.77, 198.51.100.1"}, true},
		{"another address", now, []string{"x-forwarded-for: 203.0.113.78, 198.51.100.1"}, false},
		{"another browser", now, []string{one, "user-agent: " + firefox + " Mobile"}, false},
		{"the day after", now.AddDate(0, 0, 1), []string{one}, false},
	} {
		if got := visitor(test.at, test.lines...); (got == first) != test.same || len(got) != 16 {
			t.Errorf("%s: %q, first %q", test.name, got, first)
		}
	}
	for _, line := range []string{"dnt: 1", "sec-gpc: 1", "user-agent: Googlebot/2.1"} {
		if got := visitor(now, one, line); got != "" {
			t.Errorf("%s: visitor %q", line, got)
		}
	}
}

// TestSaltIsReadOnce checks that an environment reads a day's salt once, and leaves a table that
// failed alone: visitors do not wait again.
func TestSaltIsReadOnce(t *testing.T) {
	store := &salts{err: errors.New("down")}
	v := newVisitors(store, slog.New(slog.DiscardHandler))
	for _, step := range []struct {
		after time.Duration
		err   error
		asked int
		salt  bool
	}{
		{0, store.err, 1, false}, {4 * time.Second, store.err, 1, false}, {5 * time.Second, nil, 2, true}, {time.Minute, store.err, 2, true},
		{24 * time.Hour, store.err, 3, false},
	} {
		store.err = step.err
		if salt := v.of(t.Context(), now.Add(step.after)); store.asked != step.asked || (salt != nil) != step.salt {
			t.Errorf("after %v: salt %q, asked %d times", step.after, salt, store.asked)
		}
	}
}

// TestLanguageAndDestination checks what a click of a link with rules tells.
func TestLanguageAndDestination(t *testing.T) {
	var queue sent
	send(t, newHandler(&queue), visit("GET", "ruled", "accept-language: en;q=0.5,de-AT,fr;q=0.1"))
	send(t, newHandler(&queue), visit("GET", "ruled", "accept-language: *"))
	send(t, newHandler(&queue), visit("GET", "hello", "accept-language: de"))
	want := []struct{ language, destination string }{{"de", "https://de.example/"}, {"", target}, {"de", ""}}
	for i, body := range queue.bodies {
		var c click.Click
		if err := json.Unmarshal([]byte(body), &c); err != nil || c.Language != want[i].language || c.Destination != click.DestinationName(want[i].destination) {
			t.Errorf("%d: %s, %v", i, body, err)
		}
	}
}
