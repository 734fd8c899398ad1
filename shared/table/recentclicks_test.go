package table_test

import (
	"crypto/rand"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/table"
)

// ids reads all pages of a link's clicks.
func ids(t *testing.T, recent *table.RecentClicks, link string, from, to time.Time, limit int) (all []string) {
	t.Helper()
	after := ""
	for {
		found, next, err := recent.Page(t.Context(), link, from, to, after, limit, time.Now())
		if err != nil || len(found) > limit {
			t.Fatalf("%d clicks, %v", len(found), err)
		}
		for _, c := range found {
			all = append(all, c.ID)
		}
		if after = next; next == "" {
			return all
		}
	}
}

// TestRecentClicks lists the clicks of a link in pages of several sizes: those of many quarter hours, of one
// with many clicks, of bots, and of a hot counter, whose items are in many partitions.
func TestRecentClicks(t *testing.T) {
	store, _, db := clicks(t)
	recent := table.NewRecentClicks(db, "minim-local-clicks", "minim-local-stats", keep)
	link := rand.Text()
	var want []string
	count := func(group ...click.Click) {
		t.Helper()
		if _, err := store.Count(t.Context(), group); err != nil {
			t.Fatal(err)
		}
		for _, c := range group {
			want = append(want, c.ID)
		}
	}
	day := morning.Truncate(24 * time.Hour)
	for n := range 12 {
		count(newClick(link, day.Add(time.Duration(n)*17*time.Minute)))
	}
	bot := click.Click{ID: click.NewID(day), Link: link, Code: "c", Owner: "o", At: day, Bot: "Googlebot"}
	count(bot)
	for range 3 {
		var group []click.Click
		for n := range table.ClickGroup {
			group = append(group, newClick(link, morning.Add(time.Duration(n)*time.Second)))
		}
		count(group...)
	}
	slices.Sort(want)
	slices.Reverse(want)
	for _, limit := range []int{7, 100, 1000} {
		if diff := cmp.Diff(want, ids(t, recent, link, time.Time{}, time.Now(), limit)); diff != "" {
			t.Errorf("in pages of %d (-want +got)\n%s", limit, diff)
		}
	}
	// Only those between two times, and none that is older than clicks are kept.
	from, to := day.Add(17*time.Minute), day.Add(51*time.Minute)
	if got := ids(t, recent, link, from, to, 10); len(got) != 2 || got[1] != want[len(want)-3] {
		t.Errorf("between two times: %v", got)
	}
	old := table.NewRecentClicks(db, "minim-local-clicks", "minim-local-stats", time.Hour)
	if got := ids(t, old, link, time.Time{}, time.Now(), 10); len(got) != 0 {
		t.Errorf("older than they are kept: %v", got)
	}
	found, _, err := recent.Page(t.Context(), link, time.Time{}, day.Add(time.Millisecond), "", 2, time.Now())
	if err != nil || len(found) != 2 {
		t.Fatalf("%v, %v", found, err)
	}
	if i := slices.IndexFunc(found, func(c click.Click) bool { return c.Bot != "" }); i < 0 || found[i] != bot {
		t.Errorf("the bot's click: %+v", found)
	}
	if found, next, err := recent.Page(t.Context(), rand.Text(), time.Time{}, time.Now(), "", 10, time.Now()); len(found) != 0 || next != "" || err != nil {
		t.Errorf("of an unknown link: %v, %q, %v", found, next, err)
	}
}

// TestRecentClicksOfAHotLink lists clicks that were counted in many partitions.
func TestRecentClicksOfAHotLink(t *testing.T) {
	var left atomic.Int64
	db := between(t, func(w http.ResponseWriter, r *http.Request, through http.Handler) {
		if transaction(r) && left.Add(-1) >= 0 {
			refuse(w, 4, "TransactionConflict")
			return
		}
		through.ServeHTTP(w, r)
	})
	link := rand.Text()
	many(t, link, morning)
	recent := table.NewRecentClicks(db, "minim-local-clicks", "minim-local-stats", keep)
	want := ids(t, recent, link, time.Time{}, time.Now(), 1000)
	if len(want) < 100 {
		t.Fatalf("%d clicks before", len(want))
	}
	left.Store(4)
	for n := range 40 {
		c := newClick(link, morning.Add(time.Duration(n+1)*time.Minute))
		if _, err := table.NewClicks(db, "minim-local-clicks", "minim-local-stats", keep).Count(t.Context(), []click.Click{c}); err != nil {
			t.Fatal(err)
		}
		want = append(want, c.ID)
	}
	slices.Sort(want)
	slices.Reverse(want)
	if partitions := len(items(t, link)); partitions < 20 {
		t.Errorf("%d items", partitions)
	}
	if diff := cmp.Diff(want, ids(t, recent, link, time.Time{}, time.Now(), 30)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
