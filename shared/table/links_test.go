package table_test

import (
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
)

func links(t *testing.T) (*table.Links, *table.LinkMaker) {
	t.Helper()
	db := table.Client(envtest.AWS(t, "DYNAMODB"))
	return table.NewLinks(db, "minim-local-links"), table.NewLinkMaker(db, "minim-local-links", "minim-local-idempotency", "minim-local-link-index")
}

func newLink(at time.Time) link.Link {
	return link.Link{ID: link.NewID(at), Code: rand.Text(), URL: "https://example.com/ä?x=%20", Owner: "me", Redirect: 302, Version: 1, CreatedAt: at, UpdatedAt: at}
}

// morning is yesterday's: of an older time, TTL would delete items while they are tested.
var morning = time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -1).Add(3*time.Hour + 5*time.Millisecond)

// tomorrow is for items with a TTL: DynamoDB Local deletes those whose time is over.
var tomorrow = time.Now().UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)

func TestLinksGet(t *testing.T) {
	store, maker := links(t)
	full := newLink(morning)
	full.Title, full.Tags, full.Private, full.ExpiresAt = "Titel", []string{"b", "a"}, true, morning.Add(time.Hour)
	for _, made := range []link.Link{newLink(morning), full} {
		if _, err := store.Get(t.Context(), made.Code); !fault.Is(err, fault.NotFound) {
			t.Fatalf("before: %v", err)
		}
		if err := maker.Make(t.Context(), made, table.IdempotencyRecord{}); err != nil {
			t.Fatal(err)
		}
		got, err := store.Get(t.Context(), made.Code)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(made, got); diff != "" {
			t.Error(diff)
		}
	}
}

// race runs work many times at once and returns how often it ended with each
// of nothing, a Conflict fault, and ErrRepeated.
func race(t *testing.T, times int, work func(n int) error) (done, taken, repeated int) {
	t.Helper()
	results := make([]error, times)
	var all sync.WaitGroup
	for n := range times {
		all.Go(func() { results[n] = work(n) })
	}
	all.Wait()
	for _, err := range results {
		switch {
		case err == nil:
			done++
		case fault.Is(err, fault.Conflict):
			taken++
		case errors.Is(err, table.ErrRepeated):
			repeated++
		default:
			t.Error(err)
		}
	}
	return done, taken, repeated
}

func TestOneOfManyTakesACode(t *testing.T) {
	store, maker := links(t)
	wanted := newLink(morning)
	done, taken, _ := race(t, 24, func(n int) error {
		mine := wanted
		mine.Owner = string(rune('a' + n))
		return maker.Make(t.Context(), mine, table.IdempotencyRecord{})
	})
	if done != 1 || taken != 23 {
		t.Errorf("%d created it, %d got a conflict", done, taken)
	}
	if _, err := store.Get(t.Context(), wanted.Code); err != nil {
		t.Error(err)
	}
}

func TestOneOfManyUsesAnIdempotencyKey(t *testing.T) {
	store, maker := links(t)
	key := rand.Text()
	made := make([]link.Link, 12)
	done, _, repeated := race(t, len(made), func(n int) error {
		made[n] = newLink(morning)
		return maker.Make(t.Context(), made[n], table.IdempotencyRecord{Owner: "me", Key: key, Request: "r", Status: 201, Body: made[n].Code})
	})
	if done != 1 || repeated != 11 {
		t.Errorf("%d made it, %d were repetitions", done, repeated)
	}
	record, err := maker.Record(t.Context(), "me", key, morning)
	if err != nil {
		t.Fatal(err)
	}
	exist := 0
	for _, l := range made {
		if _, err := store.Get(t.Context(), l.Code); err == nil {
			exist++
			if record.Body != l.Code {
				t.Errorf("the record is of %s, the link is %s", record.Body, l.Code)
			}
		}
	}
	if exist != 1 {
		t.Errorf("%d links exist", exist)
	}
}

func TestIdempotencyRecord(t *testing.T) {
	_, maker := links(t)
	want := table.IdempotencyRecord{
		Owner: "me", Key: rand.Text(), Request: "digest", Status: 201,
		Headers: map[string]string{"Location": "/api/links/x"}, Body: `{"code":"x"}`,
	}
	if err := maker.Make(t.Context(), newLink(tomorrow), want); err != nil {
		t.Fatal(err)
	}
	got, err := maker.Record(t.Context(), want.Owner, want.Key, tomorrow.Add(24*time.Hour-time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := maker.Record(t.Context(), "other", want.Key, tomorrow); !fault.Is(err, fault.NotFound) {
		t.Errorf("another owner's: %v", err)
	}
	if _, err := maker.Record(t.Context(), "m", "e"+want.Key, tomorrow); !fault.Is(err, fault.NotFound) {
		t.Errorf("one of another owner whose name and key join to the same text: %v", err)
	}
	other := want
	other.Request = "another digest"
	if _, err := maker.Repeated(t.Context(), other, tomorrow); !fault.Is(err, fault.Mismatch) {
		t.Errorf("another request: %v", err)
	}
	if _, err := maker.Record(t.Context(), want.Owner, want.Key, tomorrow.Add(24*time.Hour)); !fault.Is(err, fault.NotFound) {
		t.Errorf("after a day: %v", err)
	}
	if err := maker.Make(t.Context(), newLink(tomorrow.Add(24*time.Hour)), want); err != nil {
		t.Errorf("the key again after a day: %v", err)
	}
}

func TestTakenCodeLeavesNoRecord(t *testing.T) {
	_, maker := links(t)
	taken := newLink(morning)
	if err := maker.Make(t.Context(), taken, table.IdempotencyRecord{}); err != nil {
		t.Fatal(err)
	}
	record := table.IdempotencyRecord{Owner: "me", Key: rand.Text(), Request: "r", Status: 201}
	if err := maker.Make(t.Context(), taken, record); !fault.Is(err, fault.Conflict) {
		t.Fatalf("got %v", err)
	}
	if _, err := maker.Record(t.Context(), "me", record.Key, morning); !fault.Is(err, fault.NotFound) {
		t.Errorf("a record was left: %v", err)
	}
}

// Emulators never turn away both of two transactions that meet; AWS may.
func TestMakeTriesAgainAfterAConflict(t *testing.T) {
	tries := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !transaction(r) {
			io.WriteString(w, `{}`)
			return
		}
		if tries++; tries <= 2 {
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",`+
				`"CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict"}]}`)
			return
		}
		io.WriteString(w, `{}`)
	}))
	defer server.Close()
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "local")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "local")
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", server.URL)
	maker := table.NewLinkMaker(table.Client(envtest.AWS(t, "DYNAMODB")), "links", "idempotency", "index")
	if err := maker.Make(t.Context(), newLink(morning), table.IdempotencyRecord{Owner: "me", Key: "k"}); err != nil || tries != 3 {
		t.Errorf("after %d tries: %v", tries, err)
	}
}
