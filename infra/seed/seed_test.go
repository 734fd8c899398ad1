package main

import (
	"bytes"
	"context"
	"encoding/json"
	"image/jpeg"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/click"
)

// TestClicks: the clicks of a day are always the same, the counter accepts them, and no
// two have the same ID.
func TestClicks(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	seen, ids := map[string]bool{}, map[string]string{}
	for _, l := range links() {
		ids[l.Code] = "l." + l.Code
	}
	for ago := range days {
		day := now.AddDate(0, 0, -ago)
		clicks := clicksOf(day, now, "me", ids)
		if again := clicksOf(day.Add(time.Hour), now.Add(time.Minute), "me", ids); ago > 0 && !slices.Equal(clicks, again) {
			t.Errorf("%s: the clicks differ the second time", day)
		}
		if len(clicks) < busiest/4 && ago > 0 {
			t.Errorf("%s: only %d clicks", day, len(clicks))
		}
		for _, c := range clicks {
			message, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			decoded, err := click.Decode(message)
			if err != nil || decoded != c {
				t.Fatalf("%s became %+v: %v", message, decoded, err)
			}
			if seen[c.ID] || c.At.After(now) || c.At.Format(time.DateOnly) != day.Format(time.DateOnly) {
				t.Errorf("%+v", c)
			}
			seen[c.ID] = true
		}
	}
	if other := clicksOf(now, now, "other", ids); slices.ContainsFunc(other, func(c click.Click) bool { return seen[c.ID] }) {
		t.Error("two owners share clicks")
	}
}

// TestImages: each is a JPEG of its size, and no two are the same.
func TestImages(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range places() {
		p.width, p.height = p.width/20, p.height/20
		file := p.paint()
		found, err := jpeg.DecodeConfig(bytes.NewReader(file))
		if err != nil || found.Width != p.width || found.Height != p.height || seen[string(file)] {
			t.Errorf("%s: %+v %v", p.name, found, err)
		}
		seen[string(file)] = true
	}
}

type counter struct{ messages []string }

// Send implements sender.
func (c *counter) Send(_ context.Context, bodies ...string) error {
	c.messages = append(c.messages, bodies...)
	return nil
}

// TestTwice: existing items are not changed, and an error contains the service's
// message.
func TestTwice(t *testing.T) {
	denied := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer token":
			t.Errorf("%s without the key", r.URL)
		case denied:
			http.Error(w, `{"message":"Forbidden"}`, http.StatusForbidden)
		case r.URL.Path == "/api/links":
			w.WriteHeader(http.StatusConflict)
		case strings.HasPrefix(r.URL.Path, "/api/links/"):
			_ = json.NewEncoder(w).Encode(map[string]string{"id": "l." + r.URL.Path})
		case r.Method == http.MethodGet && r.URL.Path == "/api/images":
			var page struct {
				Items []map[string]string `json:"items"`
			}
			for _, p := range places() {
				page.Items = append(page.Items, map[string]string{"alt": p.name})
			}
			_ = json.NewEncoder(w).Encode(page)
		default:
			t.Errorf("%s %s", r.Method, r.URL)
		}
	}))
	defer server.Close()
	var out strings.Builder
	clicks := &counter{}
	s := seeder{api: &api{site: server.URL, token: "token"}, clicks: clicks, owner: "me", now: time.Now().UTC(), out: &out, ids: map[string]string{}}
	if err := s.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"links     0 created, 8 existed", "images  0 created, 6 existed", "of the last 30 days sent"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in:\n%s", want, &out)
		}
	}
	if len(clicks.messages) < days*busiest/2 {
		t.Errorf("%d clicks", len(clicks.messages))
	}
	denied = true
	if err := s.run(t.Context()); err == nil || !strings.Contains(err.Error(), "403 Forbidden") {
		t.Errorf("a refusal: %v", err)
	}
}

// TestBusy: a request is repeated, with its body, while the API is busy, but not forever.
func TestBusy(t *testing.T) {
	for busy, want := range map[int]int{0: 1, 2: 3, math.MaxInt: 0} {
		var bodies []string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if bodies = append(bodies, string(body)); len(bodies) <= busy {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			w.WriteHeader(http.StatusCreated)
			w.Write([]byte(`{"id":"l.1"}`))
		}))
		defer server.Close()
		id, created, err := (&api{site: server.URL, busy: time.Second}).shorten(t.Context(), newLink{Code: "a"})
		if done := want > 0; created != done || (err == nil) != done || done && id != "l.1" {
			t.Errorf("busy %d times: %q, %t, %v", busy, id, created, err)
		}
		if want > 0 && len(bodies) != want || slices.ContainsFunc(bodies, func(b string) bool { return b != bodies[0] || b == "" }) {
			t.Errorf("busy %d times: the bodies %q", busy, bodies)
		}
	}
}
