package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/image"
)

// world is a table of seven pictures, those of odd numbers by an older recipe,
// in pages of two; a page takes a second.
type world struct {
	now     time.Time
	started []string
	fail    string
}

func (w *world) Ready(_ context.Context, after string, _ int) (found []image.Image, next string, err error) {
	w.now = w.now.Add(time.Second)
	first := 0
	if after != "" {
		fmt.Sscan(after, &first)
	}
	for n := first; n < min(first+2, 7); n++ {
		found = append(found, image.Image{ID: fmt.Sprint(n), Recipe: []string{"new", "old"}[n%2]})
	}
	if first+2 < 7 {
		next = fmt.Sprint(first + 2)
	}
	if w.fail == "read" {
		err = errors.New("down")
	}
	return found, next, err
}

func (w *world) Start(_ context.Context, event any) error {
	w.started = append(w.started, event.(image.Renewal).Renew)
	if w.fail == "start" {
		return errors.New("down")
	}
	return nil
}

func (w *world) handler() *handler {
	return &handler{images: w, resize: w, recipe: "new", now: func() time.Time { return w.now }}
}

// deadline is a context whose deadline is on the world's clock.
type deadline struct {
	context.Context
	at time.Time
}

func (d deadline) Deadline() (time.Time, bool) { return d.at, true }

func TestHandle(t *testing.T) {
	data, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		left    time.Duration // of each invocation
		slices  int
		count   bool
		started []string
	}{
		"at once":   {time.Hour, 1, false, []string{"1", "3", "5"}},
		"in slices": {4 * time.Second, 2, false, []string{"1", "3", "5"}},
		"no time":   {0, 4, false, []string{"1", "3", "5"}},
		"counted":   {time.Hour, 1, true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var e event
			if err := json.Unmarshal(data, &e); err != nil {
				t.Fatal(err)
			}
			e.Count = test.count
			w := &world{now: time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)}
			looked, older, slices := 0, 0, 0
			for more := true; more; more = e.After != "" {
				got, err := w.handler().Handle(deadline{t.Context(), w.now.Add(test.left)}, e)
				if err != nil {
					t.Fatal(err)
				}
				looked, older, slices, e.After = looked+got.Looked, older+got.Older, slices+1, got.After
			}
			if looked != 7 || older != 3 || slices != test.slices {
				t.Errorf("looked at %d, %d older, in %d slices", looked, older, slices)
			}
			if diff := cmp.Diff(test.started, w.started); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	for _, fail := range []string{"read", "start"} {
		w := &world{fail: fail}
		if _, err := w.handler().Handle(t.Context(), event{}); err == nil {
			t.Errorf("%s: no error", fail)
		}
	}
}
