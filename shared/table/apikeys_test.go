package table_test

import (
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/table"
)

func TestAPIKeys(t *testing.T) {
	if os.Getenv("AWS_ENDPOINT_URL_DYNAMODB") == "" {
		t.Skip("needs DynamoDB Local: make test")
	}
	store := table.NewAPIKeys(table.Client(env.AWS("DYNAMODB")), "minim-local-keys")
	made, _, err := key.New("me", []string{"links:read", "links:write"}, time.Now())
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
