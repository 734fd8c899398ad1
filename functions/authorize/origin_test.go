package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

func TestOrigin(t *testing.T) {
	tests := []struct {
		name   string
		key    string
		public bool
		want   bool
		fails  bool
		down   bool
	}{
		{name: "through the edge, public", key: edgeKey, public: true, want: true},
		{name: "through an edge that has not heard of the new key", key: "edge-key-before", public: true, want: true},
		{name: "around the edge, public", key: "guess", public: true},
		{name: "around the edge without anything", public: true},
		{name: "through the edge, with a key", key: edgeKey, want: true},
		{name: "around the edge, with a key", key: "guess"},
		{name: "the secret cannot be read", key: edgeKey, down: true, fails: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			h := &handler{originCheck: opened(), keys: keysFunc(known), now: func() time.Time { return now }, log: slog.New(slog.NewJSONHandler(&log, nil))}
			if test.down {
				h.originCheck.secrets = secretsFunc(func(context.Context) (string, error) { return "", errors.New("secret cause") })
				h.originCheck.log = h.log
			}
			r := events.APIGatewayV2CustomAuthorizerV2Request{
				Headers:        map[string]string{"x-origin-key": test.key, "authorization": "Bearer mk_example1_SECRET"},
				IdentitySource: []string{test.key},
			}
			if !test.public {
				r.IdentitySource = []string{"Bearer mk_example1_SECRET", test.key, "GET /api/links"}
			}
			got, err := h.Handle(t.Context(), r)
			if got.IsAuthorized != test.want || (err != nil) != test.fails || test.fails != strings.Contains(log.String(), "secret cause") {
				t.Errorf("got %t, %v; logged %s", got.IsAuthorized, err, log.String())
			}
			if (got.Context != nil) != (test.want && !test.public) {
				t.Errorf("context %v", got.Context)
			}
		})
	}
}

// TestOriginRereadsForUnknownKeys checks when the secret is read, and what a failed
// read changes: known keys stay valid, others are denied.
func TestOriginRereadsForUnknownKeys(t *testing.T) {
	const one, both, two = `{"current":"one"}`, `{"current":"two","previous":"one"}`, `{"current":"two"}`
	type step struct {
		after  time.Duration
		secret string // what a read returns; "" fails
		key    string
		want   bool
		fails  bool
		reads  int // since the start
		warns  int
	}
	tests := []struct {
		name  string
		steps []step
	}{
		{"new keys", []step{
			{0, one, "one", true, false, 1, 0},
			{0, one, "one", true, false, 1, 0},
			{0, one, "two", false, false, 1, 0},
			{readInterval, one, "two", false, false, 2, 0},
			{0, both, "two", false, false, 2, 0},
			{readInterval, both, "two", true, false, 3, 0},
			{0, both, "one", true, false, 3, 0},
			{time.Hour, two, "two", true, false, 3, 0},
		}},
		{"a later read fails", []step{
			{0, one, "one", true, false, 1, 0},
			{readInterval, "", "guess", false, false, 2, 1},
			{0, "", "guess", false, false, 2, 1},
			{readInterval - 1, "", "another", false, false, 2, 1},
			{0, "", "one", true, false, 2, 1},
			{1, "", "guess", false, false, 3, 2},
			{0, "", "one", true, false, 3, 2},
			{readInterval, two, "two", true, false, 4, 2},
			{0, two, "one", false, false, 4, 2},
		}},
		{"the first read fails", []step{
			{0, "", "one", false, true, 1, 1},
			{0, "", "one", false, true, 1, 1},
			{0, "", "", false, false, 1, 1},
			{readInterval - 1, one, "one", false, true, 1, 1},
			{1, one, "one", true, false, 2, 1},
		}},
		{"a secret without a key", []step{
			{0, one, "one", true, false, 1, 0},
			{readInterval, "{}", "two", false, false, 2, 1},
			{0, "{}", "one", true, false, 2, 1},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			clock, reads, secret := now, 0, ""
			read := func(context.Context) (string, error) {
				if reads++; secret == "" {
					return "", errors.New("secret cause")
				}
				return secret, nil
			}
			d := &originCheck{now: func() time.Time { return clock }, secrets: secretsFunc(read), log: slog.New(slog.NewJSONHandler(&log, nil))}
			for i, s := range test.steps {
				clock, secret = clock.Add(s.after), s.secret
				got, err := d.passes(t.Context(), s.key)
				if got != s.want || (err != nil) != s.fails || reads != s.reads {
					t.Errorf("step %d: got %t, %v after %d reads; want %+v", i, got, err, reads, s)
				}
				if warns := strings.Count(log.String(), `"level":"WARN"`); warns != s.warns || strings.Contains(log.String(), `"ERROR"`) {
					t.Errorf("step %d: %d warnings, want %d: %s", i, warns, s.warns, log.String())
				}
			}
		})
	}
}

// TestOriginDuringARead checks that a read that hangs delays no request with a known
// key, and that it ends before the function's timeout.
func TestOriginDuringARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads := 0
		d := &originCheck{now: time.Now, log: slog.New(slog.DiscardHandler)}
		d.secrets = secretsFunc(func(ctx context.Context) (string, error) {
			if reads++; reads == 1 {
				return `{"current":"one"}`, nil
			}
			<-ctx.Done()
			return "", ctx.Err()
		})
		if ok, err := d.passes(t.Context(), "one"); !ok || err != nil {
			t.Fatalf("the first key: %t, %v", ok, err)
		}
		time.Sleep(readInterval)
		began := time.Now()
		var guess sync.WaitGroup
		guess.Go(func() {
			if ok, err := d.passes(t.Context(), "guess"); ok || err != nil {
				t.Errorf("an unknown key: %t, %v", ok, err)
			}
		})
		synctest.Wait() // the read hangs
		if ok, err := d.passes(t.Context(), "one"); !ok || err != nil || time.Since(began) != 0 {
			t.Errorf("a known key: %t, %v after %s", ok, err, time.Since(began))
		}
		guess.Wait()
		if ended := time.Since(began); ended != readTimeout {
			t.Errorf("the read ended after %s", ended)
		}
	})
}

// TestOriginReadsOnceForMany checks that requests that arrive together share a read.
func TestOriginReadsOnceForMany(t *testing.T) {
	d := opened()
	reads, read := 0, d.secrets.(secretsFunc)
	d.secrets = secretsFunc(func(ctx context.Context) (string, error) {
		reads++ // the race detector reports two reads at once
		return read(ctx)
	})
	var requests sync.WaitGroup
	for range 8 {
		requests.Go(func() {
			if ok, err := d.passes(t.Context(), edgeKey); !ok || err != nil {
				t.Errorf("the edge's key: %t, %v", ok, err)
			}
		})
	}
	requests.Wait()
	if reads != 1 {
		t.Errorf("%d reads", reads)
	}
}
