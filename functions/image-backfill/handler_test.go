package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

// world is a table of images, those of odd numbers by an older recipe, in pages;
// a page takes a second to read.
type world struct {
	imgs, page int
	started    []string
	times      []time.Time
	fail       string
}

func (w *world) Ready(_ context.Context, after string, _ int) (found []image.Image, next string, err error) {
	time.Sleep(time.Second)
	first := 0
	if after != "" {
		fmt.Sscan(after, &first)
		first++
	}
	for n := first; n < min(first+w.page, w.imgs); n++ {
		found = append(found, image.Image{ID: fmt.Sprint(n), Recipe: []string{"new", "old"}[n%2]})
	}
	if first+w.page < w.imgs {
		next = fmt.Sprint(first + w.page - 1)
	}
	if w.fail == "read" {
		err = errors.New("down")
	}
	return found, next, err
}

func (w *world) Start(_ context.Context, event any) error {
	w.started, w.times = append(w.started, event.(image.Renewal).Renew), append(w.times, time.Now())
	if w.fail == "start" {
		return errors.New("down")
	}
	return nil
}

func (w *world) handler() *handler { return &handler{images: w, resize: w, recipe: "new"} }

// walk invokes the function until it is at the end, each time with a limit.
func (w *world) walk(t *testing.T, e event, limit time.Duration) (sum result, slices int) {
	t.Helper()
	for more := true; more; more = e.After != "" {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		got, err := w.handler().Handle(ctx, e)
		if err != nil || ctx.Err() != nil {
			t.Fatal(err, ctx.Err())
		}
		cancel()
		sum.Looked, sum.Older, slices, e.After = sum.Looked+got.Looked, sum.Older+got.Older, slices+1, got.After
	}
	return sum, slices
}

func TestHandle(t *testing.T) {
	data, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		limit   time.Duration // of each invocation
		slices  int
		count   bool
		started []string
	}{
		"at once":        {time.Hour, 1, false, []string{"1", "3", "5"}},
		"in slices":      {4500 * time.Millisecond, 2, false, []string{"1", "3", "5"}},
		"with less time": {1500 * time.Millisecond, 4, false, []string{"1", "3", "5"}},
		"counted":        {time.Hour, 1, true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var e event
				if err := json.Unmarshal(data, &e); err != nil {
					t.Fatal(err)
				}
				e.Count = test.count
				w := &world{imgs: 7, page: 2}
				sum, slices := w.walk(t, e, test.limit)
				if sum.Looked != 7 || sum.Older != 3 || slices != test.slices {
					t.Errorf("looked at %d, %d older, in %d slices", sum.Looked, sum.Older, slices)
				}
				if diff := cmp.Diff(test.started, w.started); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// Whatever the table holds, starts keep their distance, so that image-resize needs
// few environments; a slice may end in the middle of a page.
func TestPace(t *testing.T) {
	for rate, apart := range map[int]time.Duration{0: time.Second / 2, 1: time.Second, 20: time.Second / 20} {
		synctest.Test(t, func(t *testing.T) {
			w := &world{imgs: 400, page: 200}
			sum, slices := w.walk(t, event{Rate: rate}, 30*time.Second)
			if sum.Looked != 400 || sum.Older != 200 || len(w.started) != 200 {
				t.Errorf("rate %d: looked at %d, %d older, started %d", rate, sum.Looked, sum.Older, len(w.started))
			}
			for n := 1; n < len(w.times); n++ {
				if d := w.times[n].Sub(w.times[n-1]); d < apart {
					t.Fatalf("rate %d: %v between two starts", rate, d)
				}
			}
			if slices > 1+int(200*apart/(13*time.Second)) {
				t.Errorf("rate %d: %d slices", rate, slices)
			}
		})
	}
	for _, rate := range []int{-1, maxRate + 1} {
		if _, err := (&world{}).handler().Handle(t.Context(), event{Rate: rate}); !fault.Is(err, fault.Invalid) {
			t.Errorf("rate %d: %v", rate, err)
		}
	}
}

func TestFaults(t *testing.T) {
	for _, fail := range []string{"read", "start"} {
		synctest.Test(t, func(t *testing.T) {
			w := &world{imgs: 7, page: 2, fail: fail}
			if _, err := w.handler().Handle(t.Context(), event{}); err == nil {
				t.Errorf("%s: no error", fail)
			}
		})
	}
}
