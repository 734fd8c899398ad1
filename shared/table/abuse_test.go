package table_test

import (
	"context"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
)

func TestAbuse(t *testing.T) {
	store := table.NewAbuse(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-link-index")
	// Later than those of other tests of this table.
	at := time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)
	first, err := link.NewAbuse(link.Link{ID: "l.x"}, "go", "phishing", "It asks\nfor my card.", at)
	if err != nil {
		t.Fatal(err)
	}
	second, err := link.NewAbuse(link.Link{ID: "l.x"}, "gone", "spam", "", at.Add(time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []link.Abuse{first, second} {
		if err := store.Add(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = store.Remove(context.Background(), r.ID) }) // t.Context() has ended
	}
	got, next, err := store.List(t.Context(), "", 1)
	if err != nil || len(got) != 1 || got[0] != second || next != second.ID {
		t.Fatalf("%+v, %q, %v", got, next, err)
	}
	if got, _, err = store.List(t.Context(), next, 1); err != nil || len(got) != 1 || got[0] != first {
		t.Errorf("%+v, %v", got, err)
	}
	for range 2 { // the second time it is gone
		if err := store.Remove(t.Context(), second.ID); err != nil {
			t.Fatal(err)
		}
	}
	if got, _, err = store.List(t.Context(), "", 1); err != nil || len(got) != 1 || got[0] != first {
		t.Errorf("%+v, %v", got, err)
	}
}
