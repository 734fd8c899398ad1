package table_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
)

// The link of an image is there with it, leads on when it is ready, and goes.
func TestImageLinks(t *testing.T) {
	imgs, _ := images(t)
	all, maker := links(t)
	store := table.NewImageLinks(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-images", "minim-local-links", "minim-local-link-index")
	ctx := t.Context()
	i := newImage("me", morning)
	i.Upload.Code = rand.Text()
	l := i.Link("https://mini.example", link.NewID(morning))
	if err := store.Create(ctx, i, l); err != nil {
		t.Fatal(err)
	}
	see(t, imgs, i)
	second := newImage("me", morning)
	if err := store.Create(ctx, second, l); !fault.Is(err, fault.Conflict) {
		t.Errorf("a code that is taken: %v", err)
	}
	if _, err := imgs.Get(ctx, second.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("its image: %v", err)
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
	for code, want := range map[string]link.Status{plain.Code: link.Active, l.Code: link.Deleted} {
		for range 2 { // a sweep can repeat it
			if err := store.Drop(ctx, code, i.ID, morning.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := all.Get(ctx, code); got.Status(morning) != want || err != nil {
			t.Errorf("%s: %+v, %v", code, got, err)
		}
	}
	if err := store.Lead(ctx, l.Code, i.ID, "https://mini.example/late", morning.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	want.Version, want.UpdatedAt, want.DeletedAt = 3, morning.Add(time.Hour), morning.Add(time.Hour)
	got, err = all.Get(ctx, l.Code)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// A code keeps its deleted link until it is freed; the next link with it starts at zero.
func TestReusedCodeStartsAtZero(t *testing.T) {
	images(t)
	all, maker := links(t)
	counters, stats, db := clicks(t)
	store := table.NewImageLinks(db, "minim-local-images", "minim-local-links", "minim-local-link-index")
	ctx, i := t.Context(), newImage("me", morning)
	i.Upload.Code = rand.Text()
	first := i.Link("https://mini.example", link.NewID(morning))
	if err := store.Create(ctx, i, first); err != nil {
		t.Fatal(err)
	}
	visit := newClick(first.ID, morning)
	visit.Code, visit.City, visit.Referrer = first.Code, "Ulm", "private-intranet.example"
	if _, err := counters.Count(ctx, []click.Click{visit}); err != nil {
		t.Fatal(err)
	}
	editor := table.NewLinkEditor(db, "minim-local-links", "minim-local-link-index", "minim-local-link-history")
	if err := store.Drop(ctx, first.Code, i.ID, morning); err != nil {
		t.Fatal(err)
	}
	second := newLink(morning.Add(time.Hour))
	second.Code, second.Owner = first.Code, "another"
	if err := maker.Make(ctx, second, table.IdempotencyRecord{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("the code of a deleted link: %v", err)
	}
	deleted, err := all.Get(ctx, first.Code)
	if err != nil || deleted.ID != first.ID {
		t.Fatalf("%+v, %v", deleted, err)
	}
	if err := editor.Free(ctx, deleted, "me", morning); err != nil {
		t.Fatal(err)
	}
	if err := maker.Make(ctx, second, table.IdempotencyRecord{}); err != nil {
		t.Fatal(err)
	}
	if got, err := all.Get(ctx, second.Code); err != nil || got.ID != second.ID {
		t.Errorf("%+v, %v", got, err)
	}
	for id, want := range map[string]int64{first.ID: 1, second.ID: 0} {
		total, err := stats.Total(ctx, id)
		days, daysErr := stats.Days(ctx, id, morning.Truncate(24*time.Hour), morning.AddDate(0, 0, 1))
		if total != want || int64(len(days)) != want || err != nil || daysErr != nil {
			t.Errorf("%s: %d clicks, %d days, %v, %v", id, total, len(days), err, daysErr)
		}
	}
}

// Links that were stored without an ID use their code as ID, and keep their clicks.
func TestLinksWithoutID(t *testing.T) {
	all, _ := links(t)
	counters, stats, db := clicks(t)
	code := rand.Text()
	_, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("minim-local-links"), Item: map[string]types.AttributeValue{
		"code": &types.AttributeValueMemberS{Value: code}, "url": &types.AttributeValueMemberS{Value: "https://example.com"}, "owner": &types.AttributeValueMemberS{Value: "me"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	old := newClick(code, morning)
	old.Code = code
	if _, err := counters.Count(t.Context(), []click.Click{old}); err != nil {
		t.Fatal(err)
	}
	got, err := all.Get(t.Context(), code)
	if err != nil || got.ID != code {
		t.Fatalf("%+v, %v", got, err)
	}
	if total, err := stats.Total(t.Context(), got.ID); total != 1 || err != nil {
		t.Errorf("total %d, %v", total, err)
	}
}

// The code of an image that was refused can be used again, at once.
func TestReleaseOfACode(t *testing.T) {
	images(t)
	all, _ := links(t)
	store := table.NewImageLinks(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-images", "minim-local-links", "minim-local-link-index")
	ctx := t.Context()
	refused, next := newImage("me", morning), newImage("another", morning)
	refused.Upload.Code = rand.Text()
	next.Upload.Code = refused.Upload.Code
	if err := store.Create(ctx, refused, refused.Link("https://mini.example", link.NewID(morning))); err != nil {
		t.Fatal(err)
	}
	for range 2 { // events come twice
		if err := store.Release(ctx, refused.Upload.Code, refused.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Create(ctx, next, next.Link("https://mini.example", link.NewID(morning))); err != nil {
		t.Fatal(err)
	}
	if err := store.Release(ctx, refused.Upload.Code, refused.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := all.Get(ctx, next.Upload.Code); err != nil || got.Owner != "another" {
		t.Errorf("the next one's link: %+v, %v", got, err)
	}
}
