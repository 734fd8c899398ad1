package table_test

import (
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/space"
	"github.com/minim-dev/minim/shared/table"
)

func spaces(t *testing.T) *table.Spaces {
	return table.NewSpaces(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-spaces")
}

// person returns a member with a new ID.
func person(role space.Role, at time.Time) space.Member {
	id := strings.ToLower(rand.Text())
	return space.Member{Person: "u-" + id, Email: id + "@example.com", Role: role, JoinedAt: at}
}

// newSpace creates a space with an admin.
func newSpace(t *testing.T, store *table.Spaces, admin space.Member) space.Space {
	t.Helper()
	made, err := space.Draft{Name: "Shop"}.Space(admin.JoinedAt)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Create(t.Context(), made, admin); err != nil {
		t.Fatal(err)
	}
	return made
}

// invitation stores an invitation.
func invitation(t *testing.T, store *table.Spaces, id, by string, role space.Role, at time.Time) space.Invitation {
	t.Helper()
	made, _, err := space.Invite{Email: "bob@example.com", Role: role}.Invitation(id, by, at)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Invite(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	return made
}

func TestSpaces(t *testing.T) {
	store, now := spaces(t), time.Now().UTC().Truncate(time.Millisecond)
	ada, bob := person(space.Admin, now), person(space.Viewer, now.Add(time.Minute))
	if _, err := store.Get(t.Context(), "sp_none"); !fault.Is(err, fault.NotFound) {
		t.Errorf("no space: %v", err)
	}
	if found, err := store.Of(t.Context(), ada.Person); err != nil || found == nil || len(found) > 0 {
		t.Errorf("before: %v, %v", found, err)
	}
	shop := newSpace(t, store, ada)
	other := newSpace(t, store, bob) // somebody else's
	if err := store.Rename(t.Context(), shop.ID, "Bakery"); err != nil {
		t.Fatal(err)
	}
	shop.Name = "Bakery"
	if err := store.Rename(t.Context(), "sp_none", "Bakery"); !fault.Is(err, fault.NotFound) {
		t.Errorf("no space is renamed: %v", err)
	}

	first := invitation(t, store, shop.ID, ada.Person, bob.Role, now)
	second := invitation(t, store, shop.ID, ada.Person, space.Editor, now.Add(time.Second))
	got, err := store.Get(t.Context(), shop.ID)
	want := table.SpaceDetail{Space: shop, Members: []space.Member{ada}, Invitations: []space.Invitation{first, second}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if found, err := store.Invitation(t.Context(), shop.ID, first.ID); err != nil || found != first {
		t.Errorf("%+v, %v", found, err)
	}
	for range 2 {
		if err := store.Revoke(t.Context(), shop.ID, second.ID); err != nil {
			t.Fatal(err)
		}
	}

	if err := store.Join(t.Context(), first, bob); err != nil {
		t.Fatal(err)
	}
	got, err = store.Get(t.Context(), shop.ID)
	want.Members, want.Invitations = []space.Member{ada, bob}, nil
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	found, err := store.Of(t.Context(), bob.Person)
	if diff := cmp.Diff([]space.Membership{{Space: shop, Role: space.Viewer}, {Space: other, Role: space.Viewer}}, found); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if err := store.SetRole(t.Context(), shop.ID, bob, space.Editor); err != nil {
		t.Fatal(err)
	}
	if role, err := store.Role(t.Context(), shop.ID, bob.Person); role != space.Editor || err != nil {
		t.Errorf("%s, %v", role, err)
	}
	if err := store.Remove(t.Context(), shop.ID, bob); !fault.Is(err, fault.Conflict) { // of which somebody has read the role before
		t.Errorf("another role: %v", err)
	}
	bob.Role = space.Editor
	if err := store.Remove(t.Context(), shop.ID, bob); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Role(t.Context(), shop.ID, bob.Person); !fault.Is(err, fault.NotFound) {
		t.Errorf("removed: %v", err)
	}
	if found, err := store.Of(t.Context(), bob.Person); err != nil || len(found) != 1 || found[0].ID != other.ID {
		t.Errorf("removed: %v, %v", found, err)
	}
}

// TestJoinRefuses: an invitation works once, in its time, as it was sent.
func TestJoinRefuses(t *testing.T) {
	store, now := spaces(t), time.Now().UTC().Truncate(time.Millisecond)
	ada := person(space.Admin, now)
	shop := newSpace(t, store, ada)
	made := invitation(t, store, shop.ID, ada.Person, space.Viewer, now)
	late, admin := person(space.Viewer, made.ExpiresAt), person(space.Admin, now)
	revoked := invitation(t, store, shop.ID, ada.Person, space.Viewer, now)
	if err := store.Revoke(t.Context(), shop.ID, revoked.ID); err != nil {
		t.Fatal(err)
	}
	again := ada
	again.Role = space.Viewer
	for name, test := range map[string]struct {
		by   space.Invitation
		who  space.Member
		code fault.Code
	}{
		"too late":       {made, late, fault.NotFound},
		"as an admin":    {made, admin, fault.NotFound},
		"revoked":        {revoked, person(space.Viewer, now), fault.NotFound},
		"already inside": {made, again, fault.Conflict},
	} {
		if err := store.Join(t.Context(), test.by, test.who); !fault.Is(err, test.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var joined atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			err := store.Join(t.Context(), made, person(space.Viewer, now))
			switch {
			case err == nil:
				joined.Add(1)
			case !fault.Is(err, fault.NotFound):
				t.Errorf("at the same time: %v", err)
			}
		})
	}
	all.Wait()
	if joined.Load() != 1 {
		t.Errorf("%d joined by one invitation", joined.Load())
	}
}

// TestLastAdmin: of two admins who leave, demote themselves or remove each other at the same time, one remains.
func TestLastAdmin(t *testing.T) {
	store, now := spaces(t), time.Now().UTC().Truncate(time.Millisecond)
	for round := range 12 {
		ada, bob := person(space.Admin, now), person(space.Admin, now)
		shop := newSpace(t, store, ada)
		if err := store.Remove(t.Context(), shop.ID, ada); !fault.Is(err, fault.Conflict) {
			t.Errorf("the last admin leaves: %v", err)
		}
		if err := store.SetRole(t.Context(), shop.ID, ada, space.Editor); !fault.Is(err, fault.Conflict) {
			t.Errorf("the last admin is demoted: %v", err)
		}
		if err := store.Join(t.Context(), invitation(t, store, shop.ID, ada.Person, space.Admin, now), bob); err != nil {
			t.Fatal(err)
		}
		var left atomic.Int64
		var all sync.WaitGroup
		for n, each := range []space.Member{ada, bob} {
			all.Go(func() {
				var err error
				if (round+n)%3 == 0 {
					err = store.SetRole(t.Context(), shop.ID, each, space.Viewer)
				} else {
					err = store.Remove(t.Context(), shop.ID, each)
				}
				switch {
				case err == nil:
					left.Add(1)
				case !fault.Is(err, fault.Conflict):
					t.Errorf("at the same time: %v", err)
				}
			})
		}
		all.Wait()
		detail, err := store.Get(t.Context(), shop.ID)
		remaining := 0
		for _, m := range detail.Members {
			if m.Role == space.Admin {
				remaining++
			}
		}
		if left.Load() != 1 || remaining != 1 || err != nil {
			t.Fatalf("%d left, %d admins remain of %+v, %v", left.Load(), remaining, detail, err)
		}
	}
}

// TestSpaceLimits: a person is in at most 20 spaces, a space has at most 50 members, and a person sends at most 50
// invitations on a day, however many requests come at the same time.
func TestSpaceLimits(t *testing.T) {
	store, now := spaces(t), time.Now().UTC().Truncate(24*time.Hour)
	ada := person(space.Admin, now)
	count := func(n int, each func(n int) error) (done int64) {
		var succeeded atomic.Int64
		var all sync.WaitGroup
		limit := make(chan struct{}, 5)
		for i := range n {
			all.Go(func() {
				limit <- struct{}{}
				defer func() { <-limit }()
				switch err := each(i); {
				case err == nil:
					succeeded.Add(1)
				case !fault.Is(err, fault.Conflict):
					t.Error(err)
				}
			})
		}
		all.Wait()
		return succeeded.Load()
	}
	if got := count(space.MaxSpaces+3, func(n int) error {
		made, _ := space.Draft{Name: fmt.Sprint("Shop ", n)}.Space(now)
		return store.Create(t.Context(), made, ada)
	}); got != space.MaxSpaces {
		t.Errorf("a person is in %d spaces", got)
	}
	found, err := store.Of(t.Context(), ada.Person)
	if err != nil || len(found) != space.MaxSpaces {
		t.Fatalf("listed: %d, %v", len(found), err)
	}
	shop, bob := found[0].ID, person(space.Viewer, now)
	if err := store.Join(t.Context(), invitation(t, store, newSpace(t, store, bob).ID, bob.Person, space.Admin, now), ada); !fault.Is(err, fault.Conflict) {
		t.Errorf("joins one more: %v", err)
	}
	made := make([]space.Invitation, space.MaxMembers+3)
	for n := range made {
		made[n] = invitation(t, store, shop, person(space.Admin, now).Person, space.Viewer, now)
	}
	if got := count(len(made), func(n int) error { return store.Join(t.Context(), made[n], person(space.Viewer, now)) }); got != space.MaxMembers-1 {
		t.Errorf("%d have joined", got)
	}
	send := func(at time.Time) func(int) error {
		return func(int) error {
			each, _, _ := space.Invite{Email: "bob@example.com", Role: space.Viewer}.Invitation(shop, ada.Person, at)
			return store.Invite(t.Context(), each)
		}
	}
	if got := count(space.MaxMails+3, send(now)); got != space.MaxMails {
		t.Errorf("%d invitations were sent on a day", got)
	}
	if got := count(1, send(now.Add(24*time.Hour))); got != 1 {
		t.Error("none on the next day")
	}
}
