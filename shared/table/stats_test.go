package table_test

import (
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/minim-dev/minim/shared/click"
)

func TestStatsOfUnknownLink(t *testing.T) {
	_, stats, _ := clicks(t)
	code := rand.Text()
	if total, err := stats.Total(t.Context(), code); total != 0 || err != nil {
		t.Errorf("total %d, %v", total, err)
	}
	if days, err := stats.Days(t.Context(), code, morning, morning.AddDate(1, 0, 0)); len(days) != 0 || err != nil {
		t.Errorf("days %v, %v", days, err)
	}
	if days, err := stats.Days(t.Context(), code, morning, morning); len(days) != 0 || err != nil {
		t.Errorf("no days %v, %v", days, err)
	}
}

func TestRangesEndBeforeTo(t *testing.T) {
	store, stats, _ := clicks(t)
	code := rand.Text()
	today := morning.Truncate(24 * time.Hour)
	for _, after := range []time.Duration{-time.Millisecond, 0, 59 * time.Minute, time.Hour, 24 * time.Hour} {
		if err := store.Count(t.Context(), []click.Click{newClick(code, today.Add(after))}); err != nil {
			t.Fatal(err)
		}
	}
	days, err := stats.Days(t.Context(), code, today, today.AddDate(0, 0, 1))
	if err != nil || len(days) != 1 || days[0].Clicks != 3 || !days[0].Day.Equal(today) || days[0].Hours != [24]int64{0: 2, 1: 1} {
		t.Errorf("days %+v, %v", days, err)
	}
	days, err = stats.Days(t.Context(), code, today.Add(-24*time.Hour+time.Millisecond), today.Add(time.Millisecond))
	if err != nil || len(days) != 1 || days[0].Clicks != 3 {
		t.Errorf("days that begin in between: %+v, %v", days, err)
	}
}

// TestOwnerDayPages reads more links of a day than one page has.
func TestOwnerDayPages(t *testing.T) {
	const links = 450
	store, stats, _ := clicks(t)
	prefix, owner := rand.Text(), rand.Text()
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(8)
	for n := range links {
		group.Go(func() error {
			c := newClick(fmt.Sprintf("%s%03d", prefix, n), morning)
			c.Owner = owner
			return store.Count(ctx, []click.Click{c})
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	n, after := 0, ""
	for {
		days, next, err := stats.OwnerDay(t.Context(), owner, morning, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, day := range days {
			if want := fmt.Sprintf("%s%03d", prefix, n); day.Link != want || day.Owner != owner || day.Clicks != 1 {
				t.Fatalf("%+v, want %s", day, want)
			}
			n++
		}
		again := newClick(prefix+"000", morning) // a link that gains clicks between two pages stays where it is
		again.Owner = owner
		if err := store.Count(t.Context(), []click.Click{again}); err != nil {
			t.Fatal(err)
		}
		if after = next; next == "" {
			break
		}
	}
	if n != links {
		t.Errorf("%d links", n)
	}
	if other, _, err := stats.OwnerDay(t.Context(), owner, morning.AddDate(0, 0, 1), ""); len(other) != 0 || err != nil {
		t.Errorf("the day after: %+v, %v", other, err)
	}
}
