package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/image"
)

// An image that has changed since it was listed is left alone.
func TestChangedSinceItWasListed(t *testing.T) {
	w := newWorld()
	w.changed = []string{"waiting", "busy", "ready", "failed"}
	young := w.imgs["slow"]
	young.ID, young.Modified = "young", now.Add(-time.Minute)
	w.imgs["young"], w.changed = young, append(w.changed, "young")
	if _, err := w.handler().Handle(t.Context(), image.Sweep{}); err != nil {
		t.Fatal(err)
	}
	got := w.statuses()
	for id, want := range map[string]string{"waiting": "pending", "busy": "processing", "ready": "ready", "failed": "failed", "young": "ready renewing"} {
		if got[id] != want {
			t.Errorf("%s is %q, want %q", id, got[id], want)
		}
	}
	if diff := cmp.Diff([]any{image.Renewal{Renew: "slow"}}, w.started); diff != "" {
		t.Error(diff)
	}
}

// A claim ends after its environment, and the work under it before: what is made
// again after the claim is never deleted.
func TestClaimsOutliveTheWork(t *testing.T) {
	for name, event := range map[string]image.Sweep{"all": {}, "one": {ID: "deleted"}} {
		w := newWorld()
		w.deadline = time.Now().Add(time.Hour)
		ctx, cancel := context.WithDeadline(t.Context(), w.deadline)
		defer cancel()
		if _, err := w.handler().Handle(ctx, event); err != nil {
			t.Fatal(err)
		}
		if w.results["i/ab/r1/w320.jpg"] {
			t.Errorf("%s: nothing was cleared", name)
		}
		for _, late := range w.late {
			t.Errorf("%s: %s", name, late)
		}
	}
}

// The record of a content goes after its files: if a file cannot be deleted, the
// record stays, so that the next sweep finds the content.
func TestRecordsOutliveTheirFiles(t *testing.T) {
	for _, operation := range []string{"list", "delete result"} {
		w := newWorld()
		w.failing = operation
		if _, err := w.handler().Handle(t.Context(), image.Sweep{}); err == nil {
			t.Errorf("%s: no error", operation)
		}
		if _, ok := w.users["ab r1"]; !ok {
			t.Errorf("%s: the record is gone", operation)
		}
	}
}

// backlog adds uploads that never arrived.
func (w *world) backlog(count int) {
	for n := range count {
		id := fmt.Sprintf("backlog %05d", n)
		w.imgs[id] = image.Image{ID: id, Status: image.Pending, Created: now.Add(-2 * time.Hour), Modified: now.Add(-2 * time.Hour)}
	}
}

// failed counts the images of the backlog that were given up.
func (w *world) failed() (count int) {
	for id, i := range w.imgs {
		if strings.HasPrefix(id, "backlog") && i.Status == image.Failed {
			count++
		}
	}
	return count
}

// Images that fail each time hide none of the others.
func TestBrokenImagesHideNone(t *testing.T) {
	w := newWorld()
	w.backlog(500)
	w.broken = map[string]bool{}
	for n := range 300 {
		w.broken[fmt.Sprintf("backlog %05d", n)] = true
	}
	_, err := w.handler().Handle(t.Context(), image.Sweep{})
	if err == nil || !strings.Contains(err.Error(), "broken for good") || !strings.Contains(err.Error(), "and 290 more") {
		t.Errorf("error %v", err)
	}
	if got := w.failed(); got != 200 {
		t.Errorf("%d given up", got)
	}
}

// A sweep keeps up with all uploads that image-upload's throttle allows in the
// five minutes between two, should none of them arrive.
func TestKeepsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		uploads := setting(t, "../image-upload/limits.yml", `rate: (\d+)`) * 60 * setting(t, "function.yml", `rate\((\d+) minutes\)`)
		timeout := time.Duration(setting(t, "function.yml", `timeout: (\d+)`)) * time.Second
		w := &world{imgs: map[string]image.Image{}, latency: 50 * time.Millisecond} // far more than DynamoDB takes
		w.backlog(uploads)
		ctx, cancel := context.WithTimeout(t.Context(), timeout)
		defer cancel()
		if _, err := w.handler().Handle(ctx, image.Sweep{}); err != nil {
			t.Fatal(err)
		}
		if got := w.failed(); got != uploads || uploads < 6000 {
			t.Errorf("%d of %d given up", got, uploads)
		}
	})
}

// setting returns the number that a pattern finds in a file.
func setting(t *testing.T, file, pattern string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(pattern).FindSubmatch(text)
	if found == nil {
		t.Fatalf("%s has no %s", file, pattern)
	}
	number, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// A sweep that runs out of time ends early, without an error, and the next one
// does the rest.
func TestTimeRunsOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{imgs: map[string]image.Image{}, latency: 50 * time.Millisecond}
		w.backlog(4000)
		sweep := func() {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			if _, err := w.handler().Handle(ctx, image.Sweep{}); err != nil || ctx.Err() != nil {
				t.Fatal(err, ctx.Err())
			}
		}
		sweep()
		if got := w.failed(); got == 0 || got == 4000 {
			t.Errorf("%d given up in the first sweep", got)
		}
		sweep()
		if got := w.failed(); got != 4000 {
			t.Errorf("%d given up in two sweeps", got)
		}
	})
}
