package table_test

import (
	"crypto/rand"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/table"
)

func images(t *testing.T) (*table.Images, *table.Contents) {
	t.Helper()
	db := table.Client(envtest.AWS(t, "DYNAMODB"))
	return table.NewImages(db, "minim-local-images"), table.NewContents(db, "minim-local-images")
}

func newImage(owner string, at time.Time) image.Image {
	return image.Image{
		ID: rand.Text(), Owner: owner, Status: image.Pending, Version: 1, Created: at, Modified: at,
		Upload: image.Upload{Filename: "cat.jpg", ContentType: "image/jpeg", Bytes: 12, SHA256: rand.Text(), Alt: "A cat"},
	}
}

func someContent() image.Content {
	return image.Content{
		Type: image.PNG, Width: 400, Height: 300, Color: "#112233", Placeholder: "L0", ThumbHash: "3/cJ", Took: image.Took{Decode: 1, Resize: 2, Encode: 3, Upload: 4},
		Variants: []image.Variant{{Name: "w320", Key: "i/ab/cd/w320.png", Type: image.PNG, Width: 320, Height: 240, Bytes: 99}},
	}
}

// made has the content of an image made, and returns the image ready with it.
func made(t *testing.T, contents *table.Contents, i image.Image) image.Image {
	t.Helper()
	c := claim(i.Upload.SHA256, "maker")
	if _, made, err := contents.Claim(t.Context(), c, morning); err != nil {
		t.Fatal(err)
	} else if !made {
		if err := contents.Finish(t.Context(), c, someContent()); err != nil {
			t.Fatal(err)
		}
	}
	i.Status, i.Content, i.Recipe, i.Recipes = image.Ready, someContent(), c.Recipe, []string{c.Recipe}
	return i
}

func refused(i image.Image) image.Image {
	i.Status, i.Refusal = image.Failed, &image.Refusal{Code: image.TooWide, Message: "Too wide.", Limit: 20_000, Actual: 20_001}
	return i
}

func TestImagesLife(t *testing.T) {
	store, contents := images(t)
	for _, end := range []image.Status{image.Failed, image.Ready} {
		t.Run(string(end), func(t *testing.T) {
			ctx := t.Context()
			i := newImage("me", morning)
			if _, err := store.Get(ctx, i.ID); !fault.Is(err, fault.NotFound) {
				t.Fatalf("before: %v", err)
			}
			if err := store.Create(ctx, i); err != nil {
				t.Fatal(err)
			}
			if err := store.Create(ctx, i); !fault.Is(err, fault.Conflict) {
				t.Errorf("create again: %v", err)
			}
			see(t, store, i)

			i.Status = image.Processing
			for range 2 {
				i.Modified, i.Version = i.Modified.Add(time.Second), i.Version+1
				if err := store.Begin(ctx, i.ID, i.Modified); err != nil {
					t.Fatal(err)
				}
				see(t, store, i)
			}

			write, given := store.Finish, i
			if end == image.Ready {
				i = made(t, contents, i)
			} else {
				write, i = store.Refuse, refused(i)
			}
			i.Modified = morning.Add(time.Minute)
			if err := write(ctx, i); err != nil {
				t.Fatal(err)
			}
			i.Version++
			see(t, store, i)

			// Whatever comes afterwards changes nothing.
			late := made(t, contents, given)
			late.Modified = morning.Add(time.Hour)
			if err := store.Finish(ctx, late); err != nil {
				t.Fatal(err)
			}
			if err := store.Refuse(ctx, refused(late)); err != nil {
				t.Fatal(err)
			}
			if err := store.Begin(ctx, i.ID, morning.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			see(t, store, i)
		})
	}
}

func see(t *testing.T, store *table.Images, want image.Image) {
	t.Helper()
	got, err := store.Get(t.Context(), want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestImagesOfNobody(t *testing.T) {
	store, contents := images(t)
	gone := made(t, contents, newImage("me", morning))
	if err := store.Begin(t.Context(), gone.ID, morning); err != nil {
		t.Error(err)
	}
	if err := store.Finish(t.Context(), gone); err != nil {
		t.Error(err)
	}
	if _, err := store.Get(t.Context(), gone.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("an image came into being: %v", err)
	}
}

func TestImagesList(t *testing.T) {
	store, _ := images(t)
	owner := rand.Text()
	var want []string
	for n := range 5 {
		i := newImage(owner, morning.Add(time.Duration(n/2)*time.Minute)) // two at a time share their moment
		if err := store.Create(t.Context(), i); err != nil {
			t.Fatal(err)
		}
		want = append(want, i.ID)
	}
	if err := store.Create(t.Context(), newImage(rand.Text(), morning)); err != nil {
		t.Fatal(err)
	}
	var got []string
	var last time.Time
	for after, page := "", 0; page == 0 || after != ""; page++ {
		if page > 5 {
			t.Fatal("the list does not end")
		}
		found, next, err := store.List(t.Context(), owner, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range found {
			got = append(got, i.ID)
			if !last.IsZero() && i.Created.After(last) {
				t.Errorf("%s is not newest first", i.ID)
			}
			last = i.Created
		}
		after = next
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func claim(sha256, token string) image.Claim {
	return image.Claim{SHA256: sha256, Recipe: "r", Token: token, Until: morning.Add(time.Minute)}
}

func TestContents(t *testing.T) {
	_, store := images(t)
	ctx, sha := t.Context(), rand.Text()
	mine, yours := claim(sha, "mine"), claim(sha, "yours")
	for range 2 { // asking again for one's own is fine: a request may be sent twice
		if _, made, err := store.Claim(ctx, mine, morning); made || err != nil {
			t.Fatalf("claim: %v, %v", made, err)
		}
	}
	if _, _, err := store.Claim(ctx, yours, morning); !fault.Is(err, fault.Conflict) {
		t.Errorf("claim what is held: %v", err)
	}
	if err := store.Release(ctx, yours); err != nil {
		t.Fatal(err)
	}
	if err := store.Finish(ctx, yours, someContent()); !fault.Is(err, fault.Conflict) {
		t.Errorf("finish what another holds: %v", err)
	}
	if err := store.Finish(ctx, mine, someContent()); err != nil {
		t.Fatal(err)
	}
	if err := store.Release(ctx, mine); err != nil {
		t.Fatal(err)
	}
	got, made, err := store.Claim(ctx, yours, morning.Add(time.Hour))
	if !made || err != nil {
		t.Fatalf("claim what is made: %v, %v", made, err)
	}
	if diff := cmp.Diff(someContent(), got); diff != "" {
		t.Error(diff)
	}
}

func TestClaimsEnd(t *testing.T) {
	_, store := images(t)
	ctx, sha := t.Context(), rand.Text()
	mine, yours := claim(sha, "mine"), claim(sha, "yours")
	if _, _, err := store.Claim(ctx, mine, morning); err != nil {
		t.Fatal(err)
	}
	if _, made, err := store.Claim(ctx, yours, mine.Until.Add(time.Millisecond)); made || err != nil {
		t.Fatalf("after the end of a claim: %v, %v", made, err)
	}
	if err := store.Finish(ctx, mine, someContent()); !fault.Is(err, fault.Conflict) {
		t.Errorf("finish after the claim was lost: %v", err)
	}
	for range 2 {
		if err := store.Release(ctx, yours); err != nil {
			t.Fatal(err)
		}
	}
	if _, made, err := store.Claim(ctx, mine, morning); made || err != nil {
		t.Errorf("after the release: %v, %v", made, err)
	}
}

func TestOneOfManyClaimsAContent(t *testing.T) {
	_, store := images(t)
	sha := rand.Text()
	done, busy, _ := race(t, 16, func(n int) error {
		_, _, err := store.Claim(t.Context(), claim(sha, fmt.Sprint(n)), morning)
		return err
	})
	if done != 1 || busy != 15 {
		t.Errorf("%d hold the claim, %d got a conflict", done, busy)
	}
}
