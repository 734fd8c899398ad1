package table_test

import (
	"crypto/rand"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
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
	made.ExpiresAt, made.Name, made.CreatedBy = made.CreatedAt.Add(time.Hour), "Laptop", "u-ada"
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

// newAPIKey creates a key in the table.
func newAPIKey(t *testing.T, store *table.APIKeys, owner string, at time.Time) key.Key {
	t.Helper()
	made, _, err := key.New(owner, []key.Scope{key.LinksRead}, at)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Create(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	return made
}

func TestAPIKeyLists(t *testing.T) {
	store := table.NewAPIKeys(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-keys")
	owner, now := rand.Text(), time.Now()
	first, second := newAPIKey(t, store, owner, now), newAPIKey(t, store, owner, now.Add(time.Second))
	for range 2 { // the second time it is stored already
		if err := store.Use(t.Context(), first.ID, "2026-11-21"); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Use(t.Context(), first.ID, "2026-11-20"); err != nil {
		t.Fatal(err)
	}
	first.UsedOn = "2026-11-21"
	listed, err := store.List(t.Context(), owner)
	if diff := cmp.Diff([]key.Key{second, first}, listed); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if err := store.Delete(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if err := store.Delete(t.Context(), first); !fault.Is(err, fault.NotFound) {
		t.Errorf("deleted twice: %v", err)
	}
	if err := store.Use(t.Context(), first.ID, "2026-11-22"); err != nil { // a request was under way
		t.Fatal(err)
	}
	if _, err := store.Get(t.Context(), first.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("deleted: %v", err)
	}
	if listed, err = store.List(t.Context(), "nobody"+owner); err != nil || listed == nil || len(listed) > 0 {
		t.Errorf("of nobody: %v, %v", listed, err)
	}
}

func TestRotate(t *testing.T) {
	store := table.NewAPIKeys(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-keys")
	made := newAPIKey(t, store, rand.Text(), time.Now())
	rotated, token, err := key.Rotation{}.Rotate(made, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Rotate(t.Context(), rotated, made.Digest); err != nil {
		t.Fatal(err)
	}
	got, err := store.Get(t.Context(), made.ID)
	if diff := cmp.Diff(rotated, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if _, secret, _ := key.Parse(token); !got.Admits(secret, time.Now()) {
		t.Error("the new token is refused")
	}
	if err := store.Rotate(t.Context(), rotated, made.Digest); !fault.Is(err, fault.Conflict) { // by two at the same time
		t.Errorf("again: %v", err)
	}
	if err := store.Delete(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	if err := store.Rotate(t.Context(), rotated, rotated.Digest); !fault.Is(err, fault.Conflict) {
		t.Errorf("deleted: %v", err)
	}
}

// TestMostKeys: requests at the same time do not make more keys than an owner may have, also if some are from before
// keys were counted. One that is deleted makes room for another.
func TestMostKeys(t *testing.T) {
	db := table.Client(envtest.AWS(t, "DYNAMODB"))
	store, owner := table.NewAPIKeys(db, "minim-local-keys"), rand.Text()
	for range 45 {
		putAPIKey(t, db, owner)
	}
	var wait sync.WaitGroup
	var made, refused atomic.Int64
	for range 12 {
		wait.Go(func() {
			k, _, err := key.New(owner, []key.Scope{key.LinksRead}, time.Now())
			if err == nil {
				err = store.Create(t.Context(), k)
			}
			switch {
			case err == nil:
				made.Add(1)
			case fault.Is(err, fault.Conflict):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if made.Load() != 5 || refused.Load() != 7 {
		t.Errorf("%d keys made and %d refused beside 45", made.Load(), refused.Load())
	}
	listed, err := store.List(t.Context(), owner)
	if err != nil || len(listed) != key.MaxKeys {
		t.Fatalf("%d keys: %v", len(listed), err)
	}
	if err := store.Delete(t.Context(), listed[0]); err != nil {
		t.Fatal(err)
	}
	newAPIKey(t, store, owner, time.Now())
	k, _, _ := key.New(owner, []key.Scope{key.LinksRead}, time.Now())
	if err := store.Create(t.Context(), k); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "50 API keys") {
		t.Errorf("one more: %v", err)
	}
}

// putAPIKey stores a key as it was before keys were counted.
func putAPIKey(t *testing.T, db *dynamodb.Client, owner string) {
	t.Helper()
	if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("minim-local-keys"), Item: map[string]types.AttributeValue{
		"id": &types.AttributeValueMemberS{Value: rand.Text()}, "owner": &types.AttributeValueMemberS{Value: owner},
		"createdAt": &types.AttributeValueMemberS{Value: "2026-11-21T03:00:00.000Z"}, "digest": &types.AttributeValueMemberB{Value: []byte{1}},
	}}); err != nil {
		t.Fatal(err)
	}
}

func TestOwners(t *testing.T) {
	db := table.Client(envtest.AWS(t, "DYNAMODB"))
	store := table.NewAPIKeys(db, "minim-local-keys")
	long := strings.Repeat("x", 1000) // so that they do not fit in one page
	first, second := "a"+rand.Text()+long, "b"+rand.Text()+long
	for i := range 1100 {
		putAPIKey(t, db, []string{first, second}[i%2])
	}
	newAPIKey(t, store, "me", time.Now()) // and with it a number of keys, which has no owner
	owners, err := store.Owners(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, owner := range []string{first, second} {
		if n := len(slices.DeleteFunc(slices.Clone(owners), func(o string) bool { return o != owner })); n != 1 {
			t.Errorf("an owner of 550 keys is listed %d times", n)
		}
	}
	if !slices.IsSorted(owners) || slices.Contains(owners, "") {
		t.Error("the owners are not in order, or one has no name")
	}
}
