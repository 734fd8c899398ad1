package main

import (
	stdcmp "cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// world is the table and both buckets. An operation named in failing fails, and
// so does each of an image in broken.
type world struct {
	mu       sync.Mutex
	latency  time.Duration // of each operation
	deadline time.Time     // of the environment, on the system's clock
	broken   map[string]bool
	changed  []string // listed as overdue, although they have changed since
	late     []string // operations that went on until the environment's end, or beyond a claim
	imgs     map[string]image.Image
	users    map[string]int  // of contents, by "sha recipe"
	held     map[string]bool // contents that somebody else works on
	uploads  map[string]bool
	results  map[string]bool
	started  []any
	dropped  []string
	failing  string
}

// enter begins an operation, which has the world for itself. The caller leaves it.
func (w *world) enter() (leave func()) {
	time.Sleep(w.latency)
	w.mu.Lock()
	return w.mu.Unlock
}

func (w *world) fails(operation string) error {
	if w.failing == operation {
		return errors.New(operation + ": not now")
	}
	return nil
}

type imgs struct{ *world }

// Overdue lists the broken images first.
func (w imgs) Overdue(_ context.Context, at time.Time) iter.Seq2[image.Overdue, error] {
	leave := w.enter()
	defer leave()
	var found []image.Overdue
	for id, i := range w.imgs {
		if due := i.Due(); !due.IsZero() && !due.After(at) {
			found = append(found, image.Overdue{Image: id})
		}
	}
	rank := func(o image.Overdue) int {
		if w.broken[o.Image] {
			return 0
		}
		return 1
	}
	slices.SortFunc(found, func(a, b image.Overdue) int {
		return stdcmp.Or(rank(a)-rank(b), strings.Compare(a.Image, b.Image))
	})
	for _, id := range w.changed {
		found = append(found, image.Overdue{Image: id})
	}
	for name := range w.users {
		sha256, recipe, _ := strings.Cut(name, " ")
		found = append(found, image.Overdue{SHA256: sha256, Recipe: recipe})
	}
	return func(yield func(image.Overdue, error) bool) {
		for _, item := range found {
			if !yield(item, nil) {
				return
			}
		}
		if err := w.fails("overdue"); err != nil {
			yield(image.Overdue{}, err)
		}
	}
}

func (w imgs) Remains(_ context.Context, id string) (image.Image, error) {
	defer w.enter()()
	if w.broken[id] {
		return image.Image{}, errors.New("broken for good")
	}
	i, ok := w.imgs[id]
	if !ok {
		return i, fault.New(fault.NotFound, "There is no such image.")
	}
	return i, w.fails("get")
}

func (w imgs) GiveUp(_ context.Context, i image.Image) error {
	defer w.enter()()
	i.Status = image.Failed
	w.imgs[i.ID] = i
	return w.fails("give up")
}

func (w imgs) Purge(_ context.Context, id string, at time.Time) error {
	defer w.enter()()
	if !w.imgs[id].Due().After(at) {
		delete(w.imgs, id)
	}
	return w.fails("purge")
}

func (w imgs) Postpone(_ context.Context, i image.Image, due time.Time) error {
	defer w.enter()()
	if !due.After(now) {
		return errors.New("postponed to the past")
	}
	return w.fails("postpone")
}

func (w imgs) Renew(_ context.Context, before, renewed image.Image) error {
	defer w.enter()()
	renewed.Version = before.Version + 1
	w.imgs[before.ID] = renewed
	return w.fails("renew")
}

func (w *world) Drop(_ context.Context, code, id string, _ time.Time) error {
	defer w.enter()()
	w.dropped = append(w.dropped, code+" of "+id)
	return w.fails("drop")
}

func (w *world) Start(_ context.Context, event any) error {
	defer w.enter()()
	w.started = append(w.started, event)
	return w.fails("start")
}

type contents struct{ *world }

func (w contents) ClaimForDeletion(_ context.Context, c image.Claim, at time.Time) (bool, error) {
	defer w.enter()()
	if w.held[c.SHA256+" "+c.Recipe] {
		return false, fault.New(fault.Conflict, "The image is being processed.")
	}
	if !w.deadline.IsZero() && !c.Until.After(w.deadline) {
		w.late = append(w.late, "the claim ends before the environment")
	}
	users, ok := w.users[c.SHA256+" "+c.Recipe]
	if !c.Until.After(at) || c.Token == "" {
		return false, errors.New("not a claim")
	}
	return ok && users == 0, w.fails("claim content")
}

func (w contents) Delete(_ context.Context, c image.Claim) error {
	defer w.enter()()
	for key := range w.results {
		if strings.HasPrefix(key, image.Folder(c.SHA256, c.Recipe)) {
			return errors.New("the record goes before its files")
		}
	}
	delete(w.users, c.SHA256+" "+c.Recipe)
	return w.fails("delete content")
}

type uploads struct{ *world }

func (w uploads) Delete(_ context.Context, key string) error {
	defer w.enter()()
	delete(w.uploads, key)
	return w.fails("delete upload")
}

type results struct{ *world }

// early notes an operation that may continue until the environment is stopped.
func (w *world) early(ctx context.Context, operation string) {
	if deadline, ok := ctx.Deadline(); !w.deadline.IsZero() && (!ok || deadline.After(w.deadline.Add(-margin))) {
		w.late = append(w.late, operation+" may go on to the end")
	}
}

func (w results) List(ctx context.Context, prefix string) (keys []string, err error) {
	defer w.enter()()
	w.early(ctx, "list")
	for key := range w.results {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	return keys, w.fails("list")
}

func (w results) Delete(ctx context.Context, key string) error {
	defer w.enter()()
	w.early(ctx, "delete")
	delete(w.results, key)
	return w.fails("delete result")
}

func (w *world) handler() *handler {
	return &handler{
		images: imgs{w}, contents: contents{w}, links: w, uploads: uploads{w}, results: results{w}, resize: w,
		now: func() time.Time { return now }, log: slog.New(slog.DiscardHandler),
	}
}

// newWorld has images in every state, some of them overdue.
func newWorld() *world {
	w := &world{
		imgs: map[string]image.Image{}, users: map[string]int{"ab r1": 0, "ab r1-1x1": 0, "cd r1": 2, "ef r1": 0},
		held: map[string]bool{"ef r1": true}, uploads: map[string]bool{}, results: map[string]bool{},
	}
	add := func(id string, status image.Status, age time.Duration, sha256 string, recipes ...string) {
		w.imgs[id] = image.Image{
			ID: id, Status: status, Created: now.Add(-age), Modified: now.Add(-age), Upload: image.Upload{SHA256: sha256, Code: "link"}, Recipes: recipes,
		}
		w.uploads[image.UploadKey(id)] = true
	}
	add("waiting", image.Pending, 59*time.Minute, "ab")
	add("expired", image.Pending, time.Hour, "ab")
	add("busy", image.Processing, 9*time.Minute, "ab")
	add("stuck", image.Processing, 10*time.Minute, "ab")
	add("ready", image.Ready, 100*time.Hour, "cd", "r1")
	add("failed", image.Failed, 100*time.Hour, "ab")
	add("deleted", image.Deleted, time.Hour, "ab", "r1", "r1-1x1")
	add("just deleted", image.Deleted, time.Minute, "cd", "r1")
	for id, age := range map[string]time.Duration{"slow": 10 * time.Minute, "given up": 61 * time.Minute} {
		add(id, image.Ready, age, "cd", "r1")
		slow := w.imgs[id]
		slow.Renewing = true
		w.imgs[id] = slow
	}
	for name := range w.users {
		sha256, recipe, _ := strings.Cut(name, " ")
		w.results[image.Folder(sha256, recipe)+"w320.jpg"] = true
		w.results[image.Folder(sha256, recipe)+"square.jpg"] = true
	}
	return w
}

func (w *world) statuses() map[string]string {
	found := map[string]string{}
	for id, i := range w.imgs {
		found[id] = string(i.Status)
		if i.Refusal != nil {
			found[id] += " " + string(i.Refusal.Code)
		}
		if i.Renewing {
			found[id] += " renewing"
		}
	}
	return found
}

func TestSweep(t *testing.T) {
	data, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event image.Sweep
	if err := json.Unmarshal(data, &event); err != nil {
		t.Fatal(err)
	}
	w := newWorld()
	if _, err := w.handler().Handle(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"waiting": "pending", "expired": "failed expired", "busy": "processing", "stuck": "failed unprocessed",
		"ready": "ready", "failed": "failed", "just deleted": "deleted",
		"slow": "ready renewing", "given up": "ready",
	}
	if diff := cmp.Diff(want, w.statuses()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"link of deleted"}, w.dropped); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{image.Renewal{Renew: "slow"}}, w.started); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]int{"cd r1": 2, "ef r1": 0}, w.users); diff != "" {
		t.Error(diff)
	}
	kept := []string{"i/cd/r1/square.jpg", "i/cd/r1/w320.jpg", "i/ef/r1/square.jpg", "i/ef/r1/w320.jpg"}
	if diff := cmp.Diff(kept, slices.Sorted(maps.Keys(w.results))); diff != "" {
		t.Error(diff)
	}
	if w.uploads[image.UploadKey("deleted")] || !w.uploads[image.UploadKey("ready")] {
		t.Errorf("uploads %v", w.uploads)
	}
}

// One image that was just deleted: its files go at once, its record stays as
// long as its file may still arrive.
func TestSweepOfOne(t *testing.T) {
	w := newWorld()
	w.users["cd r1"] = 0
	for _, id := range []string{"just deleted", "waiting", "ready", "nobody"} {
		if _, err := w.handler().Handle(t.Context(), image.Sweep{ID: id}); err != nil {
			t.Fatal(err)
		}
	}
	if w.uploads[image.UploadKey("just deleted")] || w.results["i/cd/r1/w320.jpg"] {
		t.Errorf("left: %v, %v", w.uploads, w.results)
	}
	if diff := cmp.Diff(newWorld().statuses(), w.statuses()); diff != "" {
		t.Error(diff)
	}
}

// Failures are reported to the platform, and the next sweep does the rest.
func TestFaults(t *testing.T) {
	for _, operation := range []string{"overdue", "get", "give up", "purge", "claim content", "delete upload", "list", "delete result", "postpone", "renew", "start", "drop"} {
		t.Run(operation, func(t *testing.T) {
			w := newWorld()
			w.failing = operation
			if _, err := w.handler().Handle(t.Context(), image.Sweep{}); err == nil {
				t.Fatal("no error")
			}
			w.failing = ""
			if _, err := w.handler().Handle(t.Context(), image.Sweep{}); err != nil {
				t.Fatal(err)
			}
			if len(w.results) != 4 || w.statuses()["deleted"] != "" {
				t.Errorf("left: %v, %v", w.results, w.statuses())
			}
		})
	}
}
