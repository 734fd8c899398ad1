package table_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/session"
	"github.com/minim-dev/minim/shared/table"
)

func TestSessions(t *testing.T) {
	store := table.NewSessions(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-sessions")
	now := time.Now().UTC().Truncate(time.Millisecond)
	ada := session.Person{Issuer: "https://issuer.example", Subject: rand.Text(), Email: "ada@example.com"}
	made, _ := session.New(ada, "https://issuer.example/logout", now)
	if _, err := store.Get(t.Context(), made.ID, now); !fault.Is(err, fault.NotFound) {
		t.Fatalf("before: %v", err)
	}
	later, _ := session.New(ada, "", now.Add(time.Minute))
	short, _ := session.New(ada, "", now.Add(-session.Idle))
	for _, s := range []session.Session{made, later, short} {
		if err := store.Create(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	got, err := store.Get(t.Context(), made.ID, now)
	if diff := cmp.Diff(made, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := store.Get(t.Context(), short.ID, now); !fault.Is(err, fault.NotFound) {
		t.Errorf("expired: %v", err)
	}

	used, changed := made.Use(now.Add(time.Hour))
	former, _ := made.Use(now.Add(time.Hour / 2))
	for _, s := range []session.Session{used, former} { // the last one was under way for longer
		if err := store.Use(t.Context(), s); err != nil || !changed {
			t.Fatal(err)
		}
	}
	got, err = store.Get(t.Context(), made.ID, made.ExpiresAt)
	if diff := cmp.Diff(used, got); diff != "" || err != nil {
		t.Errorf("used: %v %s", err, diff)
	}
	all, err := store.List(t.Context(), ada.Owner(), now)
	if diff := cmp.Diff([]session.Session{later, used}, all); diff != "" || err != nil {
		t.Errorf("list: %v %s", err, diff)
	}

	for range 2 {
		if err := store.Delete(t.Context(), made.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Use(t.Context(), used); err != nil { // a request was under way
		t.Fatal(err)
	}
	if _, err := store.Get(t.Context(), made.ID, now); !fault.Is(err, fault.NotFound) {
		t.Errorf("deleted: %v", err)
	}
	if all, err := store.List(t.Context(), "u-nobody", now); err != nil || all == nil || len(all) > 0 {
		t.Errorf("of nobody: %v, %v", all, err)
	}
}

func TestSignIns(t *testing.T) {
	store := table.NewSessions(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-sessions")
	now := time.Now().UTC().Truncate(time.Millisecond)
	begun, _ := session.Begin(session.Token(""), "/app/links", now)
	if err := store.Begin(t.Context(), begun); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(t.Context(), begun.ID, now); !fault.Is(err, fault.NotFound) {
		t.Errorf("a sign-in is a session: %v", err)
	}
	for name, complete := range map[string]func() (session.SignIn, error){
		"another browser": func() (session.SignIn, error) {
			return store.Complete(t.Context(), begun.ID, session.Digest("another"), now)
		},
		"unknown": func() (session.SignIn, error) {
			return store.Complete(t.Context(), session.Digest("another"), begun.Browser, now)
		},
		"too late": func() (session.SignIn, error) {
			return store.Complete(t.Context(), begun.ID, begun.Browser, begun.ExpiresAt)
		},
	} {
		if got, err := complete(); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	got, err := store.Complete(t.Context(), begun.ID, begun.Browser, begun.ExpiresAt.Add(-time.Millisecond))
	if diff := cmp.Diff(begun, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := store.Complete(t.Context(), begun.ID, begun.Browser, now); !fault.Is(err, fault.NotFound) {
		t.Errorf("twice: %v", err)
	}
}
