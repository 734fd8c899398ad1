package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/minim-dev/minim/shared/batch"
	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/render"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// world is everything around the handler, in memory: both tables, both buckets,
// the renderer and the clock. An operation named in failing fails.
type world struct {
	mu       sync.Mutex
	imgs     map[string]image.Image
	claims   map[string]image.Claim   // by SHA-256 and recipe
	made     map[string]image.Content // by SHA-256 and recipe
	used     map[string]int           // by SHA-256 and recipe
	uploads  map[string][]byte
	objects  map[string]blob.Object
	failing  map[string]error
	clearing int // how often variants are still deleted before they are used
	rendered int
	led      map[string]string // where links lead, by their codes
	released []string          // links that were removed
	waited   time.Duration
	now      time.Time
	log      bytes.Buffer
	logger   *slog.Logger // of all handlers: it guards the buffer
}

func newWorld() *world {
	w := &world{
		imgs: map[string]image.Image{}, claims: map[string]image.Claim{}, made: map[string]image.Content{}, used: map[string]int{}, led: map[string]string{},
		uploads: map[string][]byte{}, objects: map[string]blob.Object{}, failing: map[string]error{}, now: now,
	}
	w.logger = slog.New(slog.NewJSONHandler(&w.log, nil))
	return w
}

// handler returns the handler of an environment of its own.
func (w *world) handler() *handler {
	return &handler{
		images: imagesOf{w}, contents: contentsOf{w}, links: w, site: "https://mini.example", uploads: uploadsOf{w}, results: resultsOf{w},
		render: w.render, limits: image.LimitsFor(1769), recipe: image.Current(),
		now: func() time.Time { return w.now },
		wait: func(_ context.Context, d time.Duration) error {
			w.waited += d
			return nil
		},
		log: w.logger,
	}
}

// upload declares a file and puts it, as a client does; declare may lie.
func (w *world) upload(file []byte, declare func(*image.Upload)) batch.Object {
	return w.uploadAs(image.NewID(), file, declare)
}

func (w *world) uploadAs(id string, file []byte, declare func(*image.Upload)) batch.Object {
	sum := sha256.Sum256(file)
	declared := image.Upload{Filename: "x.jpg", ContentType: "image/jpeg", Bytes: int64(len(file)), SHA256: hex.EncodeToString(sum[:])}
	if declare != nil {
		declare(&declared)
	}
	w.imgs[id] = image.Image{ID: id, Owner: "me", Status: image.Pending, Upload: declared, Created: now, Modified: now}
	w.uploads[image.UploadKey(id)] = file
	return batch.Object{Bucket: "uploads", Key: image.UploadKey(id), Size: int64(len(file))}
}

func (w *world) img(o batch.Object) image.Image {
	id, _ := image.IDOfUpload(o.Key)
	return w.imgs[id]
}

func (w *world) render(ctx context.Context, data []byte, info image.Info, recipe image.Recipe) (render.Result, error) {
	w.mu.Lock()
	w.rendered++
	err := w.failing["render"]
	w.mu.Unlock()
	if err != nil {
		return render.Result{}, err
	}
	return render.Render(ctx, data, info, recipe)
}

func (w *world) Lead(_ context.Context, code, id, url string, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.led[code+" of "+id] = url
	return w.failing["Lead"]
}

func (w *world) Release(_ context.Context, code, id string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing["Release"]; err != nil {
		return err
	}
	w.released = append(w.released, code+" of "+id)
	return nil
}

type imagesOf struct{ *world }

func (w imagesOf) Get(_ context.Context, id string) (image.Image, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i, ok := w.imgs[id]
	if !ok {
		return i, fault.New(fault.NotFound, "There is no such image.")
	}
	return i, w.failing["Get"]
}

func (w imagesOf) Begin(_ context.Context, id string, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if i := w.imgs[id]; !i.Final() && w.failing["Begin"] == nil {
		i.Status, i.Refusal = image.Processing, nil
		w.imgs[id] = i
	}
	return w.failing["Begin"]
}

func (w imagesOf) Finish(_ context.Context, i image.Image) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing["Finish"]; err != nil {
		return err
	}
	if known, ok := w.imgs[i.ID]; !ok || known.Status != image.Processing {
		return nil
	}
	if !w.use(i.Upload.SHA256 + i.Recipe) {
		return fault.New(fault.Conflict, "The variants have been deleted.")
	}
	i.Recipes = []string{i.Recipe}
	w.imgs[i.ID] = i
	return nil
}

// use counts a use of a content, unless it is deleted at that moment.
func (w *world) use(content string) bool {
	if _, ok := w.made[content]; !ok || w.clearing > 0 {
		w.clearing--
		delete(w.made, content)
		clear(w.objects)
		return false
	}
	w.used[content]++
	return true
}

func (w imagesOf) Renew(_ context.Context, before, renewed image.Image) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing["Renew"]; err != nil {
		return err
	}
	if known := w.imgs[before.ID]; known.Version != before.Version || known.Status != image.Ready {
		return fault.New(fault.Conflict, "The image has just been changed.")
	}
	for _, recipe := range renewed.Recipes {
		if !slices.Contains(before.Recipes, recipe) && !w.use(before.Upload.SHA256+recipe) {
			return fault.New(fault.Conflict, "The variants have been deleted.")
		}
	}
	for _, recipe := range before.Recipes {
		if !slices.Contains(renewed.Recipes, recipe) {
			w.used[before.Upload.SHA256+recipe]--
		}
	}
	renewed.Version++
	w.imgs[before.ID] = renewed
	return nil
}

func (w imagesOf) Refuse(_ context.Context, i image.Image) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failing["Refuse"] == nil && w.imgs[i.ID].Status == image.Processing {
		w.imgs[i.ID] = i
	}
	return w.failing["Refuse"]
}

type contentsOf struct{ *world }

func (w contentsOf) Claim(_ context.Context, c image.Claim, now time.Time) (image.Content, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if content, made := w.made[c.SHA256+c.Recipe]; made {
		return content, true, nil
	}
	if held, ok := w.claims[c.SHA256+c.Recipe]; ok && !held.Until.Before(now) {
		return image.Content{}, false, fault.New(fault.Conflict, "The image is being processed.")
	}
	if err := w.failing["Claim"]; err != nil {
		return image.Content{}, false, err
	}
	w.claims[c.SHA256+c.Recipe] = c
	return image.Content{}, false, nil
}

func (w contentsOf) Finish(_ context.Context, c image.Claim, content image.Content) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.claims[c.SHA256+c.Recipe].Token != c.Token {
		return fault.New(fault.Conflict, "Somebody else processes the image now.")
	}
	if err := w.failing["Finish content"]; err != nil {
		return err
	}
	delete(w.claims, c.SHA256+c.Recipe)
	w.made[c.SHA256+c.Recipe] = content
	return nil
}

func (w contentsOf) Release(ctx context.Context, c image.Claim) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if w.claims[c.SHA256+c.Recipe].Token == c.Token {
		delete(w.claims, c.SHA256+c.Recipe)
	}
	return nil
}

type uploadsOf struct{ *world }

func (w uploadsOf) Get(_ context.Context, key string, limit int64) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if data := w.uploads[key]; int64(len(data)) > limit {
		return nil, fault.New(fault.TooLarge, "Too large.")
	}
	return w.uploads[key], w.failing["Get upload"]
}

type resultsOf struct{ *world }

func (w resultsOf) Create(_ context.Context, o blob.Object) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing["Create"]; err != nil {
		return err
	}
	if _, ok := w.objects[o.Key]; ok {
		return fault.New(fault.Conflict, "There is such a file already.")
	}
	w.objects[o.Key] = o
	return nil
}
