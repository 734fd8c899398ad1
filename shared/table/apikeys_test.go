package table_test

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/table"
)

func TestAPIKeys(t *testing.T) {
	store := table.NewAPIKeys(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-keys")
	made, _, err := key.New("me", []key.Scope{key.LinksRead, key.LinksWrite}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	made.ExpiresAt = made.CreatedAt.Add(time.Hour)
	if _, err := store.Get(t.Context(), made.ID); !fault.Is(err, fault.NotFound) {
		t.Fatalf("before: %v", err)
	}
	if err := store.Create(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	got, err := store.Get(t.Context(), made.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(made, got); diff != "" {
		t.Error(diff)
	}
	if err := store.Create(t.Context(), made); !fault.Is(err, fault.Conflict) {
		t.Errorf("again: %v", err)
	}
}

func TestOwners(t *testing.T) {
	store := table.NewAPIKeys(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-keys")
	long := strings.Repeat("x", 1000) // so that they do not fit in one page
	first, second := "a"+rand.Text()+long, "b"+rand.Text()+long
	for i := range 1100 {
		owner := first
		if i%2 == 1 {
			owner = second
		}
		made, _, err := key.New("me", []key.Scope{key.LinksRead}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		made.Owner = owner
		if err := store.Create(t.Context(), made); err != nil {
			t.Fatal(err)
		}
	}
	owners, err := store.Owners(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, owner := range []string{first, second} {
		if n := len(slices.DeleteFunc(slices.Clone(owners), func(o string) bool { return o != owner })); n != 1 {
			t.Errorf("an owner of 550 keys is listed %d times", n)
		}
	}
	if !slices.IsSorted(owners) {
		t.Error("the owners are not in order")
	}
}
