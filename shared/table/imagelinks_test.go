package table_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
)

// The link of a picture is there with it, leads on when it is ready, and goes.
func TestImageLinks(t *testing.T) {
	pictures, _ := images(t)
	all, maker := links(t)
	store := table.NewImageLinks(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-images", "minim-local-links")
	ctx := t.Context()
	i := newImage("me", morning)
	i.Upload.Code = rand.Text()
	l := i.Link("https://mini.example")
	if err := store.Create(ctx, i, l); err != nil {
		t.Fatal(err)
	}
	see(t, pictures, i)
	second := newImage("me", morning)
	if err := store.Create(ctx, second, l); !fault.Is(err, fault.Conflict) {
		t.Errorf("a code that is taken: %v", err)
	}
	if _, err := pictures.Get(ctx, second.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("its picture: %v", err)
	}
	if got, err := all.Get(ctx, l.Code); err != nil || got.Status(morning) != link.Pending {
		t.Errorf("before: %+v, %v", got, err)
	}
	for _, id := range []string{"another", i.ID} {
		if err := store.Lead(ctx, l.Code, id, "https://mini.example/i/"+id, morning.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	want := l
	want.URL, want.Version, want.UpdatedAt, want.Pending = "https://mini.example/i/"+i.ID, 2, morning.Add(time.Minute), false
	got, err := all.Get(ctx, l.Code)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	plain := newLink(morning)
	if err := maker.Make(ctx, plain, table.IdempotencyRecord{}); err != nil {
		t.Fatal(err)
	}
	if err := store.Release(ctx, l.Code, i.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := all.Get(ctx, l.Code); err != nil {
		t.Errorf("released although it leads somewhere: %v", err)
	}
	for code, gone := range map[string]bool{plain.Code: false, l.Code: true} {
		if err := store.Drop(ctx, code, i.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := all.Get(ctx, code); fault.Is(err, fault.NotFound) != gone {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// The code of a picture that was refused can be used again, at once.
func TestReleaseOfACode(t *testing.T) {
	images(t)
	all, _ := links(t)
	store := table.NewImageLinks(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-images", "minim-local-links")
	ctx := t.Context()
	refused, next := newImage("me", morning), newImage("another", morning)
	refused.Upload.Code = rand.Text()
	next.Upload.Code = refused.Upload.Code
	if err := store.Create(ctx, refused, refused.Link("https://mini.example")); err != nil {
		t.Fatal(err)
	}
	for range 2 { // events come twice
		if err := store.Release(ctx, refused.Upload.Code, refused.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Create(ctx, next, next.Link("https://mini.example")); err != nil {
		t.Fatal(err)
	}
	if err := store.Release(ctx, refused.Upload.Code, refused.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := all.Get(ctx, next.Upload.Code); err != nil || got.Owner != "another" {
		t.Errorf("the next one's link: %+v, %v", got, err)
	}
}
