package main

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/sample"
)

// The short link that was asked for leads to the largest variant.
func TestLink(t *testing.T) {
	w := newWorld()
	object := w.upload(sample.JPEG(sample.Quarters(700, 400)), func(u *image.Upload) { u.Code = "cat" })
	w.failing["Lead"] = errors.New("not now")
	if err := w.handler().Handle(t.Context(), object); err == nil || w.img(object).Final() {
		t.Errorf("ready without its link: %v", err)
	}
	delete(w.failing, "Lead")
	if err := w.handler().Handle(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	got := w.img(object)
	want := map[string]string{"cat of " + got.ID: "https://mini.example/i/" + got.Upload.SHA256 + "/" + got.Recipe + "/w640.jpg"}
	if diff := cmp.Diff(want, w.led); diff != "" {
		t.Error(diff)
	}
}

// An image that was refused for good releases the code of its link, even if that
// fails at first.
func TestCodeOfARefusedImage(t *testing.T) {
	w := newWorld()
	object := w.upload([]byte("no image"), func(u *image.Upload) { u.Code = "cat" })
	w.failing["Release"] = errors.New("not now")
	if err := w.handler().Handle(t.Context(), object); err == nil || !w.img(object).Final() {
		t.Errorf("refused without an error: %v", err)
	}
	delete(w.failing, "Release")
	if err := w.handler().Handle(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"cat of " + w.img(object).ID}, w.released); diff != "" {
		t.Error(diff)
	}
}

// The code of an image that is ready, or may still become so, stays its own.
func TestCodesThatAreKept(t *testing.T) {
	w := newWorld()
	photo := w.upload(sample.JPEG(sample.Quarters(64, 48)), func(u *image.Upload) { u.Code = "cat" })
	for range 2 {
		if err := w.handler().Handle(t.Context(), photo); err != nil {
			t.Fatal(err)
		}
	}
	page := w.upload([]byte("no image"), nil) // without a link
	if err := w.handler().Handle(t.Context(), page); err != nil || w.released != nil {
		t.Errorf("released %v, %v", w.released, err)
	}
}
