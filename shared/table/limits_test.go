package table_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/table"
)

const statsTable = "minim-local-stats"

func limits(t *testing.T) *table.Limits {
	t.Helper()
	return table.NewLimits(table.Client(envtest.AWS(t, "DYNAMODB")), statsTable)
}

func leaseOf(link string, until time.Time) table.Lease {
	return table.Lease{Link: link, ID: rand.Text(), Until: until}
}

// exhausted checks whether clicks are left.
func exhausted(t *testing.T, l *table.Limits, link string, most int64, now time.Time, want bool) {
	t.Helper()
	if got, err := l.Exhausted(t.Context(), link, most, now); err != nil || got != want {
		t.Errorf("exhausted: %t, %v", got, err)
	}
}

func TestLimitOfManyVisitors(t *testing.T) {
	l, link := limits(t), rand.Text()
	exhausted(t, l, link, 10, time.Now(), false)
	var through, refused atomic.Int64
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			lease := leaseOf(link, time.Now().Add(time.Minute))
			taken, err := l.Take(t.Context(), lease, 10, time.Now)
			switch {
			case err != nil:
				t.Error(err)
			case !taken:
				refused.Add(1)
			default:
				through.Add(1)
				time.Sleep(mathrand.N(20 * time.Millisecond))
				if err := l.Confirm(t.Context(), lease); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if through.Load() != 10 || refused.Load() != 90 {
		t.Errorf("%d got through, %d were refused", through.Load(), refused.Load())
	}
	exhausted(t, l, link, 10, time.Now(), true)
}

// TestLimitOfKilledFunctions kills every third function after it has taken a click.
// Its visitor tries again, as do those who got no answer whether clicks are left.
func TestLimitOfKilledFunctions(t *testing.T) {
	l, link := limits(t), rand.Text()
	var through, killed atomic.Int64
	visit := func() (done bool) {
		lease := leaseOf(link, time.Now().Add(time.Second))
		taken, err := l.Take(t.Context(), lease, 10, time.Now)
		switch {
		case errors.Is(err, table.ErrUndecided):
			return false
		case err != nil:
			t.Error(err)
		case taken && mathrand.N(3) == 0:
			killed.Add(1)
			return false
		case taken:
			if err := l.Confirm(t.Context(), lease); err != nil { // this visitor tries again, too
				if err := l.Revoke(t.Context(), lease); err != nil {
					t.Error(err)
				}
				return false
			}
			through.Add(1)
		}
		return true
	}
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			for !visit() {
			}
		})
	}
	all.Wait()
	if through.Load() != 10 || killed.Load() == 0 {
		t.Errorf("%d got through, %d were killed", through.Load(), killed.Load())
	}
	exhausted(t, l, link, 10, time.Now(), true)
}

// TestLimitUndecided: while the last click may still be revoked, no visitor is informed
// that there is none.
func TestLimitUndecided(t *testing.T) {
	l, link, now := limits(t), rand.Text(), time.Now()
	clock := func() time.Time { return now }
	lease := leaseOf(link, now.Add(time.Second))
	if taken, err := l.Take(t.Context(), lease, 1, clock); !taken || err != nil {
		t.Fatalf("%t, %v", taken, err)
	}
	if taken, err := l.Take(t.Context(), leaseOf(link, now.Add(time.Second)), 1, clock); taken || !errors.Is(err, table.ErrUndecided) {
		t.Errorf("%t, %v", taken, err)
	}
	exhausted(t, l, link, 1, now, true)
	now = now.Add(time.Second + time.Millisecond)
	exhausted(t, l, link, 1, now, false)
	if taken, err := l.Take(t.Context(), leaseOf(link, now.Add(time.Second)), 1, clock); !taken || err != nil {
		t.Errorf("after the lease: %t, %v", taken, err)
	}
}

// TestLimitRevoked gives a click back in each order in which writes can arrive: the next
// visitor gets it, and only that one.
func TestLimitRevoked(t *testing.T) {
	l, now := limits(t), time.Now()
	until := now.Add(time.Second)
	lapsed := func() time.Time { return until.Add(time.Millisecond) }
	type step = func(table.Lease) error
	confirm := func(lease table.Lease) error { return l.Confirm(t.Context(), lease) }
	revoke := func(lease table.Lease) error { return l.Revoke(t.Context(), lease) }
	// giveBack is what a visitor does who finds the lease lapsed, and is killed then.
	giveBack := func(lease table.Lease) error {
		killed := table.Lease{Link: lease.Link, ID: rand.Text(), Until: until}
		if taken, err := l.Take(t.Context(), killed, 1, lapsed); !taken || err != nil {
			return fmt.Errorf("%t, %w", taken, err)
		}
		return l.Revoke(t.Context(), killed)
	}
	for name, steps := range map[string][]step{
		"not confirmed":       {revoke},
		"confirmed":           {confirm, revoke},
		"confirmed late":      {revoke, confirm},
		"revoked twice":       {confirm, revoke, revoke},
		"lapsed":              {giveBack, revoke},
		"lapsed, then twice":  {giveBack, revoke, confirm, revoke},
		"confirmed in midway": {revoke, confirm, revoke},
	} {
		lease := leaseOf(rand.Text(), until)
		if taken, err := l.Take(t.Context(), lease, 1, time.Now); !taken || err != nil {
			t.Fatalf("%s: %t, %v", name, taken, err)
		}
		for n, do := range steps {
			if err := do(lease); err != nil {
				t.Errorf("%s, step %d: %v", name, n, err)
			}
		}
		for n, want := range []bool{true, false} {
			next := leaseOf(lease.Link, until)
			taken, err := l.Take(t.Context(), next, 1, time.Now)
			if taken != want || err != nil {
				t.Errorf("%s, then visitor %d: %t, %v", name, n, taken, err)
			}
			if err := l.Confirm(t.Context(), next); taken && err != nil {
				t.Error(err)
			}
		}
	}
}

// TestLimitRemovesVoids: what keeps late writes from giving a click back again is removed in time.
func TestLimitRemovesVoids(t *testing.T) {
	db := table.Client(envtest.AWS(t, "DYNAMODB"))
	l, link, now := table.NewLimits(db, statsTable), rand.Text(), time.Now()
	clock := func() time.Time { return now }
	for range 60 {
		now = now.Add(2 * time.Minute)
		if taken, err := l.Take(t.Context(), leaseOf(link, now.Add(time.Second)), 1, clock); !taken || err != nil {
			t.Fatalf("%t, %v", taken, err)
		}
	}
	out, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String(statsTable), Key: map[string]types.AttributeValue{
		"code": &types.AttributeValueMemberS{Value: link}, "bucket": &types.AttributeValueMemberS{Value: "limit"},
	}})
	if err != nil || len(out.Item) == 0 || len(out.Item) > 6 {
		t.Errorf("%d attributes, %v", len(out.Item), err)
	}
}

// TestLimitEdited changes the maximum between visits.
func TestLimitEdited(t *testing.T) {
	l, link := limits(t), rand.Text()
	for _, step := range []struct {
		most int64
		want bool
	}{{2, true}, {2, true}, {2, false}, {3, true}, {1, false}, {3, false}, {4, true}} {
		lease := leaseOf(link, time.Now().Add(time.Minute))
		taken, err := l.Take(t.Context(), lease, step.most, time.Now)
		if taken != step.want || err != nil {
			t.Errorf("of %d: %t, %v", step.most, taken, err)
		}
		if taken {
			if err := l.Confirm(t.Context(), lease); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestLimitLostAnswers loses the first answer to each write.
func TestLimitLostAnswers(t *testing.T) {
	db, lost := losing(t)
	l, link := table.NewLimits(db, statsTable), rand.Text()
	for n := range 3 {
		lease := leaseOf(link, time.Now().Add(time.Minute))
		taken, err := l.Take(t.Context(), lease, 2, time.Now)
		if taken != (n < 2) || err != nil {
			t.Errorf("visit %d: %t, %v", n, taken, err)
		}
		if err := l.Confirm(t.Context(), lease); taken && err != nil {
			t.Error(err)
		}
	}
	if lost() < 4 {
		t.Errorf("%d answers were lost", lost())
	}
}

func TestLimitWithoutTable(t *testing.T) {
	db := table.Client(envtest.AWS(t, "DYNAMODB"))
	l := table.NewLimits(dynamodb.New(db.Options()), "minim-local-none")
	if _, err := l.Take(t.Context(), leaseOf("x", time.Now()), 1, time.Now); err == nil || errors.Is(err, table.ErrUndecided) {
		t.Errorf("take: %v", err)
	}
	if err := l.Confirm(t.Context(), leaseOf("x", time.Now())); err == nil {
		t.Error("confirmed without a table")
	}
	if err := l.Revoke(t.Context(), leaseOf("x", time.Now())); err == nil {
		t.Error("revoked without a table")
	}
	if _, err := l.Exhausted(t.Context(), "x", 1, time.Now()); err == nil {
		t.Error("read without a table")
	}
}
