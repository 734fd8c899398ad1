package table_test

import (
	"crypto/rand"
	"hash/fnv"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/table"
)

// ready stores an image that is ready; one of the same file shares its content.
func ready(t *testing.T, store *table.Images, contents *table.Contents, sha256 string) image.Image {
	t.Helper()
	i := newImage(rand.Text(), morning)
	if sha256 != "" {
		i.Upload.SHA256 = sha256
	}
	if err := store.Create(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	if err := store.Begin(t.Context(), i.ID, morning); err != nil {
		t.Fatal(err)
	}
	if err := store.Finish(t.Context(), made(t, contents, i)); err != nil {
		t.Fatal(err)
	}
	return get(t, store, i.ID)
}

func get(t *testing.T, store *table.Images, id string) image.Image {
	t.Helper()
	i, err := store.Remains(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// overdue reports whether an image, or the content of its file, is to be
// handled at a moment.
func overdue(t *testing.T, store *table.Images, i image.Image, at time.Time) (img, content bool) {
	t.Helper()
	for item, err := range store.Overdue(t.Context(), at) {
		if err != nil {
			t.Fatal(err)
		}
		img = img || item == image.Overdue{Image: i.ID}
		content = content || item == image.Overdue{SHA256: i.Upload.SHA256, Recipe: "r"}
	}
	return img, content
}

// More overdue images than fit on a page of one of the index's eight partitions
// are all listed, each once.
func TestOverdueGoesThroughAllPages(t *testing.T) {
	store, _ := images(t)
	missing := map[string]bool{}
	for len(missing) < 230 {
		i := newImage("me", morning)
		hash := fnv.New32a()
		hash.Write([]byte(i.ID))
		if hash.Sum32()%8 != 3 {
			continue
		}
		if err := store.Create(t.Context(), i); err != nil {
			t.Fatal(err)
		}
		missing[i.ID] = true
	}
	seen := map[image.Overdue]bool{}
	for item, err := range store.Overdue(t.Context(), morning.Add(image.UploadTimeout)) {
		if err != nil {
			t.Fatal(err)
		}
		if seen[item] {
			t.Errorf("%v is listed twice", item)
		}
		seen[item] = true
		delete(missing, item.Image)
	}
	if len(missing) > 0 {
		t.Errorf("%d images are not listed", len(missing))
	}
}

// A content goes with the last of its images.
func TestDeleteImages(t *testing.T) {
	store, contents := images(t)
	ctx, later := t.Context(), morning.Add(time.Minute)
	one := ready(t, store, contents, "")
	two := ready(t, store, contents, one.Upload.SHA256)
	claimable := func() bool {
		t.Helper()
		claimed, err := contents.ClaimForDeletion(ctx, image.Claim{SHA256: one.Upload.SHA256, Recipe: "r", Token: "sweep", Until: later.Add(time.Minute)}, later)
		if err != nil {
			t.Fatal(err)
		}
		return claimed
	}
	stale := one
	stale.Version--
	if err := store.Delete(ctx, stale, later); !fault.Is(err, fault.Conflict) {
		t.Errorf("delete what has changed: %v", err)
	}
	if err := store.Delete(ctx, one, later); err != nil {
		t.Fatal(err)
	}
	if err := store.Delete(ctx, get(t, store, one.ID), later); !fault.Is(err, fault.Conflict) {
		t.Errorf("delete again: %v", err)
	}
	if _, err := store.Get(ctx, one.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("get what is deleted: %v", err)
	}
	if found, _, err := store.List(ctx, one.Owner, "", 10); err != nil || len(found) != 0 {
		t.Errorf("listed: %v, %v", found, err)
	}
	if _, content := overdue(t, store, one, later); !content {
		t.Error("the content does not become overdue")
	}
	if claimable() {
		t.Error("a content that is in use was deleted")
	}
	if _, content := overdue(t, store, one, later); content {
		t.Error("a content in use is looked at for ever")
	}
	if err := store.Delete(ctx, two, later); err != nil {
		t.Fatal(err)
	}
	if !claimable() {
		t.Error("a content that nobody uses is kept")
	}

	// A content that is being deleted cannot be used, and is made again afterwards.
	three := newImage("me", morning)
	three.Upload.SHA256 = one.Upload.SHA256
	if err := store.Create(ctx, three); err != nil {
		t.Fatal(err)
	}
	three.Status, three.Content, three.Recipe = image.Ready, someContent(), "r"
	if err := store.Finish(ctx, three); !fault.Is(err, fault.Conflict) {
		t.Errorf("finish with a deleted content: %v", err)
	}
	if _, _, err := contents.Claim(ctx, claim(one.Upload.SHA256, "maker"), later); !fault.Is(err, fault.Conflict) {
		t.Errorf("claim a content that is being deleted: %v", err)
	}
	sweep := image.Claim{SHA256: one.Upload.SHA256, Recipe: "r", Token: "sweep"}
	for range 2 {
		if err := contents.Delete(ctx, sweep); err != nil {
			t.Fatal(err)
		}
	}
	if claimed, err := contents.ClaimForDeletion(ctx, sweep, later); claimed || err != nil {
		t.Errorf("claim what is gone: %t, %v", claimed, err)
	}
	if err := store.Finish(ctx, made(t, contents, three)); err != nil {
		t.Fatal(err)
	}
	if got := get(t, store, three.ID); got.Status != image.Ready {
		t.Errorf("after all: %s", got.Status)
	}
}

// The last of a record goes when no file can arrive any more.
func TestPurgeImages(t *testing.T) {
	store, _ := images(t)
	i := newImage("me", morning)
	if err := store.Create(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	if err := store.Purge(t.Context(), i.ID, morning.Add(100*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := store.Delete(t.Context(), get(t, store, i.ID), morning.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	for after, there := range map[time.Duration]bool{59 * time.Minute: true, time.Hour: false} {
		if img, _ := overdue(t, store, i, morning.Add(after)); img == there {
			t.Errorf("overdue after %s: %t", after, img)
		}
	}
	for _, after := range []time.Duration{59 * time.Minute, time.Hour} {
		if err := store.Begin(t.Context(), i.ID, morning); err != nil {
			t.Fatal(err)
		}
		if got := get(t, store, i.ID); got.Status != image.Deleted {
			t.Fatalf("it came back: %s", got.Status)
		}
		if err := store.Purge(t.Context(), i.ID, morning.Add(after)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Remains(t.Context(), i.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("something is left: %v", err)
	}
}

func TestGiveUpImages(t *testing.T) {
	store, contents := images(t)
	i := newImage("me", morning)
	if err := store.Create(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	given := get(t, store, i.ID)
	given.Refusal = image.RefuseExpired()
	if img, _ := overdue(t, store, i, morning.Add(59*time.Minute)); img {
		t.Error("overdue before the hour is over")
	}
	if err := store.Begin(t.Context(), i.ID, morning.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := store.GiveUp(t.Context(), given); err != nil {
		t.Fatal(err)
	}
	if got := get(t, store, i.ID); got.Status != image.Processing {
		t.Fatalf("given up although its file has arrived: %s", got.Status)
	}
	if img, _ := overdue(t, store, i, morning.Add(time.Hour+image.Attempts)); !img {
		t.Error("not overdue when all attempts are over")
	}
	given = get(t, store, i.ID)
	given.Refusal = image.RefuseUnprocessed()
	if err := store.GiveUp(t.Context(), given); err != nil {
		t.Fatal(err)
	}
	if got := get(t, store, i.ID); got.Status != image.Failed || got.Final() {
		t.Fatalf("%s %v", got.Status, got.Refusal)
	}
	// The event is sent again, and this time all goes well.
	if err := store.Begin(t.Context(), i.ID, morning.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := store.Finish(t.Context(), made(t, contents, i)); err != nil {
		t.Fatal(err)
	}
	got := get(t, store, i.ID)
	if img, content := overdue(t, store, i, morning.Add(100*time.Hour)); got.Status != image.Ready || got.Refusal != nil || img || content {
		t.Errorf("%+v, overdue %t %t", got, img, content)
	}
}

// Each of many images of one file is counted, however they meet.
func TestManyUseAContent(t *testing.T) {
	store, contents := images(t)
	first := ready(t, store, contents, "")
	all := make([]image.Image, 12)
	done, _, _ := race(t, len(all), func(n int) error {
		all[n] = newImage("me", morning)
		all[n].Upload.SHA256 = first.Upload.SHA256
		if err := store.Create(t.Context(), all[n]); err != nil {
			return err
		}
		return store.Finish(t.Context(), made(t, contents, all[n]))
	})
	if done != len(all) {
		t.Fatalf("%d of %d", done, len(all))
	}
	race(t, len(all), func(n int) error { return store.Delete(t.Context(), get(t, store, all[n].ID), morning) })
	c := claim(first.Upload.SHA256, "sweep")
	if claimed, err := contents.ClaimForDeletion(t.Context(), c, morning); claimed || err != nil {
		t.Fatalf("claimed with one user left: %v", err)
	}
	if err := store.Delete(t.Context(), first, morning); err != nil {
		t.Fatal(err)
	}
	if claimed, err := contents.ClaimForDeletion(t.Context(), c, morning); !claimed || err != nil {
		t.Fatalf("kept without a user: %v", err)
	}
}

// Another focus: the image has its old crops until the new ones are recorded.
func TestEditAndRenewImages(t *testing.T) {
	store, contents := images(t)
	ctx := t.Context()
	before := ready(t, store, contents, "")
	edited := before
	edited.Upload.Alt, edited.Focus, edited.Renewing = "", image.Focus{X: -50, Y: 7}, true
	for n, want := range []bool{true, false} { // the second was read too early
		if err := store.Edit(ctx, edited); fault.Is(err, fault.Conflict) == want || want && err != nil {
			t.Fatalf("edit %d: %v", n, err)
		}
	}
	edited.Version++
	see(t, store, edited)
	if img, _ := overdue(t, store, edited, edited.Modified.Add(image.Attempts)); !img {
		t.Error("nobody looks after it")
	}
	if err := store.Postpone(ctx, edited, morning.Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if img, _ := overdue(t, store, edited, morning.Add(23*time.Hour)); img {
		t.Error("it was not postponed")
	}

	crops := image.Crops{Recipe: "r-0x57", Variants: someContent().Variants}
	renewed := edited.Renewed(edited.Recipe, edited.Content, crops)
	if err := store.Renew(ctx, edited, renewed); !fault.Is(err, fault.Conflict) {
		t.Fatalf("crops that are not made: %v", err)
	}
	own := image.Claim{SHA256: before.Upload.SHA256, Recipe: "r-0x57", Token: "maker", Until: morning.Add(time.Minute)}
	if _, _, err := contents.Claim(ctx, own, morning); err != nil {
		t.Fatal(err)
	}
	if err := contents.Finish(ctx, own, someContent()); err != nil {
		t.Fatal(err)
	}
	if err := store.Renew(ctx, before, renewed); !fault.Is(err, fault.Conflict) {
		t.Fatalf("read too early: %v", err)
	}
	if err := store.Renew(ctx, edited, renewed); err != nil {
		t.Fatal(err)
	}
	renewed.Version++
	see(t, store, renewed)
	if img, _ := overdue(t, store, renewed, morning.Add(100*time.Hour)); img {
		t.Error("it is never at rest")
	}

	// Back in the middle the crops are used by nobody, the ladder is.
	middle := renewed.Renewed(renewed.Recipe, renewed.Content, image.Crops{})
	if err := store.Renew(ctx, renewed, middle); err != nil {
		t.Fatal(err)
	}
	middle.Version++
	see(t, store, middle)
	for recipe, want := range map[string]bool{"r": false, "r-0x57": true} {
		c := image.Claim{SHA256: before.Upload.SHA256, Recipe: recipe, Token: "sweep", Until: morning.Add(time.Hour)}
		if claimed, err := contents.ClaimForDeletion(ctx, c, morning.Add(time.Minute)); claimed != want || err != nil {
			t.Errorf("%s is claimed for deletion: %t, %v", recipe, claimed, err)
		}
	}
}

func TestReadyImages(t *testing.T) {
	store, contents := images(t)
	one, two := ready(t, store, contents, ""), ready(t, store, contents, "")
	pending := newImage("me", morning)
	if err := store.Create(t.Context(), pending); err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for after, page := "", 0; page == 0 || after != ""; page++ {
		found, next, err := store.Ready(t.Context(), after, 7)
		if err != nil || len(found) > 7 || page > 10_000 {
			t.Fatalf("page %d of %d: %v", page, len(found), err)
		}
		for _, i := range found {
			seen[i.ID]++
		}
		after = next
	}
	if seen[one.ID] != 1 || seen[two.ID] != 1 || seen[pending.ID] != 0 {
		t.Errorf("seen %d, %d, %d times", seen[one.ID], seen[two.ID], seen[pending.ID])
	}
}
