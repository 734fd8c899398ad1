package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/batch"
	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/sample"
)

// ready is a world with one image that is ready.
func ready(t *testing.T) (*world, batch.Object) {
	t.Helper()
	w := newWorld()
	object := w.upload(sample.JPEG(sample.Quarters(700, 400)), nil)
	if err := w.handler().Handle(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	return w, object
}

func (w *world) focus(object batch.Object, f image.Focus) image.Image {
	i := w.img(object)
	i.Focus, i.Renewing, i.Version = f, true, i.Version+1
	w.imgs[i.ID] = i
	return i
}

func (w *world) renew(t *testing.T, h *handler, id string) error {
	t.Helper()
	var e event
	if err := json.Unmarshal([]byte(`{"renew": "`+id+`"}`), &e); err != nil {
		t.Fatal(err)
	}
	return h.Invoke(t.Context(), e)
}

// Another focus makes other crops, and nothing else.
func TestFocus(t *testing.T) {
	w, object := ready(t)
	before := w.focus(object, image.Focus{X: -50})
	for range 2 { // events come twice
		if err := w.renew(t, w.handler(), before.ID); err != nil {
			t.Fatal(err)
		}
	}
	got := w.img(object)
	if diff := cmp.Diff(before.Content, got.Content); diff != "" || got.Renewing || w.rendered != 2 {
		t.Errorf("renewing %t after %d decodes: %s", got.Renewing, w.rendered, diff)
	}
	crops := image.Current().CropsAt(image.Focus{X: -50}).Name()
	if diff := cmp.Diff([]string{image.Current().Name(), crops}, got.Recipes); diff != "" {
		t.Error(diff)
	}
	for _, v := range got.Shown() {
		if _, there := w.objects[v.Key]; !there || strings.Contains(v.Key, crops) != (v.Name == "square") {
			t.Errorf("%s is %s, stored %t", v.Name, v.Key, there)
		}
	}

	// Back to the middle: its own crops are used no more.
	w.focus(object, image.Focus{})
	if err := w.renew(t, w.handler(), before.ID); err != nil {
		t.Fatal(err)
	}
	got = w.img(object)
	if diff := cmp.Diff(before.Recipes, got.Recipes); diff != "" || len(got.Crops.Variants) != 0 || w.used[got.Upload.SHA256+crops] != 0 {
		t.Errorf("crops %+v, used %v: %s", got.Crops, w.used, diff)
	}
}

// Another recipe makes all variants again; pages may go on showing the old ones.
func TestRecipe(t *testing.T) {
	w, object := ready(t)
	before := w.focus(object, image.Focus{Y: 10})
	h := w.handler()
	h.recipe.Quality--
	for range 2 {
		if err := w.renew(t, h, before.ID); err != nil {
			t.Fatal(err)
		}
	}
	got := w.img(object)
	want := []string{image.Current().Name(), h.recipe.Name(), h.recipe.CropsAt(image.Focus{Y: 10}).Name()}
	if diff := cmp.Diff(want, got.Recipes); diff != "" || got.Recipe != h.recipe.Name() || w.rendered != 3 {
		t.Errorf("recipe %s after %d decodes: %s", got.Recipe, w.rendered, diff)
	}
	for _, v := range slices.Concat(before.Content.Variants, got.Shown()) {
		if _, there := w.objects[v.Key]; !there {
			t.Errorf("%s is not there", v.Key)
		}
	}
}

// While the crops are made, the owner chooses yet another focus.
func TestChangedMeanwhile(t *testing.T) {
	w, object := ready(t)
	id := w.focus(object, image.Focus{X: -50}).ID
	h, changed := w.handler(), false
	put := h.results
	h.results = targetFunc(func(ctx context.Context, o blob.Object) error {
		if w.mu.Lock(); !changed {
			changed = true
			w.focus(object, image.Focus{X: 50})
		}
		w.mu.Unlock()
		return put.Create(ctx, o)
	})
	if err := w.renew(t, h, id); err != nil {
		t.Fatal(err)
	}
	got := w.img(object)
	if want := image.Current().CropsAt(image.Focus{X: 50}).Name(); got.Crops.Recipe != want || got.Renewing {
		t.Errorf("crops %s, want %s", got.Crops.Recipe, want)
	}
}

type targetFunc func(context.Context, blob.Object) error

func (f targetFunc) Create(ctx context.Context, o blob.Object) error { return f(ctx, o) }

func TestRenewalOfNothing(t *testing.T) {
	w := newWorld()
	pending := w.upload([]byte("x"), nil)
	for _, id := range []string{w.img(pending).ID, image.NewID()} {
		if err := w.renew(t, w.handler(), id); err != nil {
			t.Error(err)
		}
	}
	// What is refused today keeps what it got before.
	w, object := ready(t)
	before := w.focus(object, image.Focus{X: 1})
	h := w.handler()
	h.limits.Side = 10
	if err := w.renew(t, h, before.ID); err != nil {
		t.Fatal(err)
	}
	if got := w.img(object); got.Renewing || len(got.Crops.Variants) != 0 || got.Status != image.Ready {
		t.Errorf("%+v", got)
	}
}

func TestRenewalsAreTriedAgain(t *testing.T) {
	for _, part := range []string{"Get", "Get upload", "Claim", "render", "Create", "Finish content", "Renew"} {
		w, object := ready(t)
		before := w.focus(object, image.Focus{X: 1})
		w.failing[part] = errors.New("not now")
		if err := w.renew(t, w.handler(), before.ID); err == nil {
			t.Fatalf("%s: no error", part)
		}
		if diff := cmp.Diff(before, w.img(object)); diff != "" {
			t.Errorf("%s: %s", part, diff)
		}
		delete(w.failing, part)
		if err := w.renew(t, w.handler(), before.ID); err != nil || w.img(object).Renewing {
			t.Errorf("%s: then %v", part, err)
		}
	}
}
