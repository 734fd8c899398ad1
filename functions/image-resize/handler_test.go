package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	goimage "image"
	"image/jpeg"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/batch"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/render"
	"github.com/minim-dev/minim/shared/image/sample"
)

// What becomes of a file, whoever sends it.
func TestFiles(t *testing.T) {
	page := []byte("<!doctype html><script>alert(1)</script>")
	photo := sample.JPEG(sample.Quarters(700, 400), sample.ExifSegment(1))
	bomb := bytes.Replace(sample.JPEG(sample.Quarters(16, 16)), []byte{8, 0, 16, 0, 16, 3}, []byte{8, 0x27, 0x10, 0x27, 0x10, 3}, 1)
	broken := bytes.Replace(sample.JPEG(sample.Quarters(16, 16)), []byte{0xFF, 0xC4}, []byte{0xFF, 0xFE}, 4)
	tests := []struct {
		name     string
		file     []byte
		declare  func(*image.Upload)
		status   image.Status
		reason   image.Reason
		rendered int
	}{
		{name: "photo", file: photo, status: image.Ready, rendered: 1},
		{name: "PNG that was declared as JPEG", file: sample.PNG(sample.Quarters(50, 50)), status: image.Ready, rendered: 1},
		{name: "HTML named .jpg", file: page, status: image.Failed, reason: image.Unknown},
		{name: "100 megapixels in a small file", file: bomb, status: image.Failed, reason: image.TooManyPixels},
		{name: "many scans", file: sample.ProgressiveHeader(8000, 3000, 400), status: image.Failed, reason: image.TooManyScans},
		{name: "truncated", file: photo[:len(photo)/2], status: image.Failed, reason: image.Truncated, rendered: 1},
		{name: "damaged inside", file: broken, status: image.Failed, reason: image.Corrupt, rendered: 1},
		{name: "empty", file: nil, status: image.Failed, reason: image.Empty},
		{name: "longer than declared", file: photo, declare: func(u *image.Upload) { u.Bytes-- }, status: image.Failed, reason: image.Mismatch},
		{name: "other than declared", file: photo, declare: func(u *image.Upload) { u.SHA256 = strings.Repeat("0", 64) }, status: image.Failed, reason: image.Mismatch},
		{name: "over 25 MB", file: make([]byte, image.MaxBytes+1), status: image.Failed, reason: image.TooBig},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld()
			object := w.upload(test.file, test.declare)
			for range 2 { // events come twice
				if err := w.handler().Handle(t.Context(), object); err != nil {
					t.Fatal(err)
				}
			}
			got := w.img(object)
			if got.Status != test.status || w.rendered != test.rendered {
				t.Errorf("status %s after %d decodes, want %s after %d", got.Status, w.rendered, test.status, test.rendered)
			}
			if test.reason != "" && (got.Refusal == nil || got.Refusal.Code != test.reason || got.Refusal.Message == "" || len(w.objects) != 0) {
				t.Errorf("refusal %+v, %d variants", got.Refusal, len(w.objects))
			}
			if test.status == image.Ready && len(got.Content.Variants) != len(w.objects) {
				t.Errorf("%d variants, %d objects", len(got.Content.Variants), len(w.objects))
			}
			if len(w.claims) > 0 && test.status == image.Failed {
				t.Errorf("a claim is left: %v", w.claims)
			}
		})
	}
}

// The event says a size before anything is read.
func TestTooLargeIsNotRead(t *testing.T) {
	w := newWorld()
	object := w.upload([]byte("x"), nil)
	object.Size = 30 << 20
	w.failing["Get upload"] = errors.New("it was read")
	if err := w.handler().Handle(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	if got := w.img(object).Refusal; got == nil || got.Code != image.TooBig || got.Limit != image.MaxBytes || got.Actual != 30<<20 {
		t.Errorf("refusal %+v", got)
	}
}

// Upright, without a trace of metadata, never larger, under lasting names. The
// end-to-end scripts do it with 12 megapixels; the race detector is too slow.
func TestPhotoWithTheCameraTurned(t *testing.T) {
	w := newWorld()
	file := sample.JPEG(sample.Photo(1500, 2000, 6), sample.XMPSegment(), sample.ExifSegment(6),
		sample.Segment(0xFE, sample.Secret), sample.Segment(0xED, "Photoshop 3.0\x00"+sample.Secret))
	object := w.upload(file, nil)
	if err := w.handler().Handle(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	got := w.img(object)
	if got.Content.Width != 1500 || got.Content.Height != 2000 || got.Content.Color == "" || len(got.Content.Placeholder) != 28 {
		t.Errorf("content %+v", got.Content)
	}
	var names []string
	for _, v := range got.Content.Variants {
		names = append(names, v.Name)
		stored := w.objects[v.Key]
		if want := "i/" + got.Upload.SHA256 + "/" + image.Current().Name() + "/" + v.Name + ".jpg"; v.Key != want {
			t.Errorf("key %s, want %s", v.Key, want)
		}
		if stored.ContentType != "image/jpeg" || stored.CacheControl != "public, max-age=31536000, immutable" {
			t.Errorf("%s is %s, cached as %q", v.Name, stored.ContentType, stored.CacheControl)
		}
		for _, trace := range []string{sample.Secret, "Exif", "xmpmeta", "Photoshop"} {
			if bytes.Contains(stored.Body, []byte(trace)) {
				t.Errorf("%s contains %s", v.Name, trace)
			}
		}
		img, err := jpeg.Decode(bytes.NewReader(stored.Body))
		if err != nil {
			t.Fatal(err)
		}
		if size := img.Bounds().Size(); size != goimage.Pt(v.Width, v.Height) || v.Width > 1500 || int64(len(stored.Body)) != v.Bytes {
			t.Errorf("%s is %v, recorded as %+v", v.Name, size, v)
		}
		if !sample.Upright(img) {
			t.Errorf("%s is not upright", v.Name)
		}
	}
	if diff := cmp.Diff([]string{"w1280", "card", "w640", "w320", "square"}, names); diff != "" {
		t.Error(diff)
	}
}

// The same photo, by several people at once, with every event delivered twice.
func TestSamePhotoIsProcessedOnce(t *testing.T) {
	w := newWorld()
	file := sample.JPEG(sample.Quarters(640, 480))
	var all sync.WaitGroup
	var objects []batch.Object
	for range 4 {
		objects = append(objects, w.upload(file, nil))
	}
	for _, object := range append(objects, objects...) {
		all.Go(func() {
			h := w.handler()
			h.now, h.wait = time.Now, wait
			if err := h.Handle(t.Context(), object); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if w.rendered != 1 {
		t.Errorf("%d decodes", w.rendered)
	}
	for _, object := range objects {
		if got := w.img(object); got.Status != image.Ready || len(got.Content.Variants) != 3 {
			t.Errorf("%+v", got)
		}
	}
}

// A claim ends after its environment, and the work under it before: no two
// environments ever work under one.
func TestClaimOutlivesTheWork(t *testing.T) {
	w := newWorld()
	object := w.upload(sample.JPEG(sample.Quarters(64, 48)), nil)
	end := time.Now().Add(time.Hour)
	ctx, cancel := context.WithDeadline(t.Context(), end)
	defer cancel()
	h := w.handler()
	h.render = func(ctx context.Context, data []byte, info image.Info, recipe image.Recipe) (render.Result, error) {
		claim := w.claims[w.img(object).Upload.SHA256+recipe.Name()]
		if !claim.Until.After(end) {
			t.Errorf("the claim ends %v before the environment", end.Sub(claim.Until))
		}
		if deadline, ok := ctx.Deadline(); !ok || deadline.After(end.Add(-margin)) {
			t.Errorf("the work may go on until %v, %v before the end", deadline, end.Sub(deadline))
		}
		return w.render(ctx, data, info, recipe)
	}
	if err := h.Handle(ctx, object); err != nil || w.rendered != 1 {
		t.Errorf("%d decodes, %v", w.rendered, err)
	}
}

// A claim of an environment that was killed ends by itself.
func TestAbandonedClaim(t *testing.T) {
	w := newWorld()
	object := w.upload(sample.JPEG(sample.Quarters(64, 48)), nil)
	w.claims[w.img(object).Upload.SHA256+image.Current().Name()] = image.Claim{Token: "killed", Until: now.Add(lease)}
	if err := w.handler().Handle(t.Context(), object); err == nil {
		t.Fatal("no error: the platform would not try again")
	}
	if got := w.img(object); w.rendered != 0 || got.Status != image.Processing || w.waited != looks*look {
		t.Errorf("%d decodes, status %s, waited %v", w.rendered, got.Status, w.waited)
	}
	w.now = now.Add(lease + time.Millisecond)
	if err := w.handler().Handle(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	if got := w.img(object); w.rendered != 1 || got.Status != image.Ready {
		t.Errorf("%d decodes, status %s", w.rendered, got.Status)
	}
}

// After a temporary failure the platform is asked to retry, and then all
// goes well.
func TestPassingFaults(t *testing.T) {
	for _, part := range []string{"Get", "Begin", "Finish", "Claim", "Finish content", "Get upload", "Create", "render"} {
		t.Run(part, func(t *testing.T) {
			w := newWorld()
			object := w.upload(sample.JPEG(sample.Quarters(64, 48)), nil)
			w.failing[part] = errors.New("not now")
			if err := w.handler().Handle(t.Context(), object); err == nil {
				t.Fatal("no error")
			}
			if got := w.img(object); got.Final() || len(w.claims) != 0 {
				t.Errorf("status %s, claims %v", got.Status, w.claims)
			}
			delete(w.failing, part)
			if err := w.handler().Handle(t.Context(), object); err != nil {
				t.Fatal(err)
			}
			if got := w.img(object); got.Status != image.Ready {
				t.Errorf("status %s", got.Status)
			}
		})
	}
}

// A late event changes nothing of an image that has its end.
func TestFinalStays(t *testing.T) {
	w := newWorld()
	object := w.upload([]byte("no image"), nil)
	if err := w.handler().Handle(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	before := w.img(object)
	w.uploads[object.Key] = sample.JPEG(sample.Quarters(64, 48))
	w.now = now.Add(time.Minute)
	if err := w.handler().Handle(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, w.img(object)); diff != "" {
		t.Error(diff)
	}
}

// An image that was given up may still come through, when its event is
// delivered late or once more.
func TestPassingRefusalIsNotFinal(t *testing.T) {
	for _, refusal := range []*image.Refusal{image.RefuseExpired(), image.RefuseUnprocessed()} {
		w := newWorld()
		object := w.upload(sample.JPEG(sample.Quarters(64, 48)), nil)
		given := w.img(object)
		given.Status, given.Refusal = image.Failed, refusal
		w.imgs[given.ID] = given
		if err := w.handler().Handle(t.Context(), object); err != nil {
			t.Fatal(err)
		}
		if got := w.img(object); got.Status != image.Ready || got.Refusal != nil {
			t.Errorf("after %s: %s, %v", refusal.Code, got.Status, got.Refusal)
		}
	}
}

// Every other image of the same file is deleted between our finding the
// variants and our use of them.
func TestVariantsThatAreDeleted(t *testing.T) {
	for times, ready := range map[int]bool{1: true, rounds: false} {
		w := newWorld()
		object := w.upload(sample.JPEG(sample.Quarters(64, 48)), nil)
		w.clearing = times
		err := w.handler().Handle(t.Context(), object)
		got := w.img(object)
		if (err == nil) != ready || (got.Status == image.Ready) != ready {
			t.Fatalf("deleted %d times: %s, %v", times, got.Status, err)
		}
		if ready && (len(w.objects) != len(got.Content.Variants) || w.used[got.Upload.SHA256+got.Recipe] != 1) {
			t.Errorf("%d objects for %d variants, used by %v", len(w.objects), len(got.Content.Variants), w.used)
		}
	}
}

// An image that is deleted while it is processed does not come back.
func TestDeletedMeanwhile(t *testing.T) {
	w := newWorld()
	object := w.upload(sample.JPEG(sample.Quarters(64, 48)), nil)
	h := w.handler()
	h.render = func(ctx context.Context, data []byte, info image.Info, recipe image.Recipe) (render.Result, error) {
		delete(w.imgs, w.img(object).ID)
		return w.render(ctx, data, info, recipe)
	}
	if err := h.Handle(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	if len(w.imgs) != 0 || len(w.used) != 0 {
		t.Errorf("images %v, used %v", w.imgs, w.used)
	}
}

func TestIgnored(t *testing.T) {
	for _, key := range []string{"uploads/" + image.NewID(), "uploads/content#ab#cd", "i/x/y/w640.jpg", ""} {
		w := newWorld()
		if err := w.handler().Handle(t.Context(), batch.Object{Key: key}); err != nil {
			t.Errorf("%q: %v", key, err)
		}
		if !strings.Contains(w.log.String(), `"level":"WARN"`) {
			t.Errorf("%q: nothing is logged", key)
		}
	}
}

// TestTimeIsUp checks that the claim is returned at once when the work stops early,
// even if its context has ended.
func TestTimeIsUp(t *testing.T) {
	late, cancel := context.WithTimeout(t.Context(), margin-time.Millisecond)
	defer cancel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for want, ctx := range map[error]context.Context{context.DeadlineExceeded: late, context.Canceled: ended} {
		w := newWorld()
		object := w.upload(sample.JPEG(sample.Quarters(64, 48)), nil)
		if err := w.handler().Handle(ctx, object); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
		if len(w.claims) != 0 {
			t.Errorf("%v: the claim was not returned", want)
		}
	}
}

func TestEvents(t *testing.T) {
	w := newWorld()
	file := sample.JPEG(sample.Quarters(64, 48))
	data, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.S3Event
	if err := json.Unmarshal(data, &event); err != nil {
		t.Fatal(err)
	}
	object := w.uploadAs("abcdefghijklmnopqrstuvwx27", file, nil)
	test := events.S3Event{} // by which S3 tests a new notification
	for _, e := range []events.S3Event{test, event} {
		if err := batch.Objects(w.handler().Handle)(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.img(object); got.Status != image.Ready {
		t.Errorf("status %s", got.Status)
	}
}
