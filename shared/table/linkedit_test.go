package table_test

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
)

func editor(t *testing.T) (*table.LinkEditor, *table.LinkHistory) {
	t.Helper()
	db := table.Client(envtest.AWS(t, "DYNAMODB"))
	return table.NewLinkEditor(db, "minim-local-links", "minim-local-link-index", "minim-local-link-history"), table.NewLinkHistory(db, "minim-local-link-history")
}

// storedLink stores a new link.
func storedLink(t *testing.T, maker *table.LinkMaker, change func(*link.Link)) link.Link {
	t.Helper()
	l := newLink(morning)
	if change != nil {
		change(&l)
	}
	if err := maker.Make(t.Context(), l, table.IdempotencyRecord{}); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestOneOfTwoEditsWins(t *testing.T) {
	all, maker := links(t)
	edits, history := editor(t)
	before := storedLink(t, maker, nil)
	won, lost := 0, 0
	results := make(chan error, 8)
	for n := range cap(results) {
		go func() {
			after := before
			after.Title = string(rune('a' + n))
			_, err := edits.Edit(t.Context(), before, after, "me", morning.Add(time.Minute))
			results <- err
		}()
	}
	for range cap(results) {
		switch err := <-results; {
		case err == nil:
			won++
		case errors.Is(err, link.ErrChanged) && fault.Is(err, fault.Conflict):
			lost++
		default:
			t.Error(err)
		}
	}
	got, err := all.Get(t.Context(), before.Code)
	if won != 1 || lost != 7 || err != nil || got.Version != 2 || got.Title == "" {
		t.Errorf("%d won, %d lost; %+v, %v", won, lost, got, err)
	}
	events, next, err := history.List(t.Context(), before.ID, "", 10)
	want := []link.Event{{At: morning.Add(time.Minute), Action: link.Edited, By: "me", Changes: []link.Change{{Field: "title", From: "", To: got.Title}}}}
	if diff := cmp.Diff(want, events); diff != "" || next != "" || err != nil {
		t.Errorf("next %q, %v, (-want +got)\n%s", next, err, diff)
	}
}

// TestRename gives a link other codes: earlier ones lead to it or are free, and it can take
// them again.
func TestRename(t *testing.T) {
	all, maker := links(t)
	edits, history := editor(t)
	l, taken := storedLink(t, maker, nil), storedLink(t, maker, nil)
	first, second, third := l.Code, rand.Text(), rand.Text()
	rename := func(code string, aliases ...string) {
		t.Helper()
		after := l
		after.Code, after.Aliases = code, aliases
		changed, err := edits.Edit(t.Context(), l, after, "me", morning.Add(time.Duration(l.Version)*time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		l = changed
	}
	leads := func(codes ...string) {
		t.Helper()
		for _, code := range codes {
			got, err := all.Get(t.Context(), code)
			if diff := cmp.Diff(l, got); diff != "" || err != nil {
				t.Errorf("%s: %v\n%s", code, err, diff)
			}
		}
	}
	rename(second, first)
	leads(first, second)
	rename(third, first, second)
	leads(first, second, third)
	rename(first, third) // takes its first code again, and frees the second one
	leads(first, third)
	other := storedLink(t, maker, func(l *link.Link) { l.Code = second })
	if got, err := all.Get(t.Context(), second); err != nil || got.ID != other.ID {
		t.Errorf("the freed code: %+v, %v", got, err)
	}
	for _, code := range []string{taken.Code, second} {
		after := l
		after.Code = code
		if _, err := edits.Edit(t.Context(), l, after, "me", morning); !fault.Is(err, fault.Conflict) || errors.Is(err, link.ErrChanged) {
			t.Errorf("a code that is taken: %v", err)
		}
	}
	leads(first, third)
	if err := maker.Make(t.Context(), link.Link{ID: link.NewID(morning), Code: third, Owner: "another"}, table.IdempotencyRecord{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("an earlier code of a link: %v", err)
	}
	events, next, err := history.List(t.Context(), l.ID, "", 2)
	if len(events) != 2 || next == "" || err != nil || events[0].Changes[0].To != first {
		t.Fatalf("%+v, %q, %v", events, next, err)
	}
	rest, end, err := history.List(t.Context(), l.ID, next, 2)
	if len(rest) != 1 || end != "" || err != nil || rest[0].Changes[0].From != first {
		t.Errorf("%+v, %q, %v", rest, end, err)
	}
}

func TestDeleteRestoreFree(t *testing.T) {
	all, maker := links(t)
	edits, _ := editor(t)
	l := storedLink(t, maker, nil)
	alias := l.Code
	after := l
	after.Code, after.Aliases = rand.Text(), []string{alias}
	l, err := edits.Edit(t.Context(), l, after, "me", morning)
	if err != nil {
		t.Fatal(err)
	}
	status := func(want link.Status) {
		t.Helper()
		for _, code := range []string{l.Code, alias} {
			if got, err := all.Get(t.Context(), code); err != nil || got.Status(morning) != want {
				t.Errorf("%s: %+v, %v, want %s", code, got, err, want)
			}
		}
	}
	seen := l
	for _, step := range []struct {
		want link.Status
		do   func() (link.Link, error)
	}{
		{link.Deleted, func() (link.Link, error) { return edits.Delete(t.Context(), l, "me", morning) }},
		{link.Active, func() (link.Link, error) { return edits.Restore(t.Context(), l, "me", morning) }},
		{link.Deleted, func() (link.Link, error) { return edits.Delete(t.Context(), l, "me", morning) }},
	} {
		if l, err = step.do(); err != nil {
			t.Fatal(err)
		}
		status(step.want)
	}
	if _, err := edits.Delete(t.Context(), seen, "me", morning); !errors.Is(err, link.ErrChanged) {
		t.Errorf("a version of before: %v", err)
	}
	if err := edits.Free(t.Context(), seen, "me", morning); !errors.Is(err, link.ErrChanged) {
		t.Errorf("freed a version of before: %v", err)
	}
	if err := edits.Free(t.Context(), l, "me", morning); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{l.Code, alias} {
		if _, err := all.Get(t.Context(), code); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", code, err)
		}
		storedLink(t, maker, func(l *link.Link) { l.Code = code })
	}
}
