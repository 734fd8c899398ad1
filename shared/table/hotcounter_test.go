package table_test

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/table"
)

func TestCounterPlace(t *testing.T) {
	for want := range 16 {
		if got := table.CounterPlace(func(n int) int { return want * n / 16 }); got != want {
			t.Errorf("place %d, want %d", got, want)
		}
	}
}

func TestRetryPauseGrows(t *testing.T) {
	last := func(n int) int { return n - 1 }
	for attempt, want := range []time.Duration{10, 20, 40, 80, 160, 320, 640, 640} {
		if got := table.RetryPause(attempt, last) + 1; got != want*time.Millisecond {
			t.Errorf("attempt %d: up to %v, want %v", attempt, got, want*time.Millisecond)
		}
	}
}

// counting returns a client of DynamoDB Local, and how many calls it has made. Attempts of one
// call count once: on a busy machine there are more.
func counting(t *testing.T) (db *dynamodb.Client, calls func() int) {
	t.Helper()
	var made sync.Map // by the SDK's number for all attempts of a call
	db = between(t, func(w http.ResponseWriter, r *http.Request, through http.Handler) {
		made.Store(r.Header.Get("Amz-Sdk-Invocation-Id"), true)
		through.ServeHTTP(w, r)
	})
	return db, func() (count int) {
		made.Range(func(any, any) bool { count++; return true })
		return count
	}
}

// between puts something between a client and DynamoDB Local: it is called for each
// request and answers it, or lets it through.
func between(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, through http.Handler)) *dynamodb.Client {
	t.Helper()
	cfg := envtest.AWS(t, "DYNAMODB")
	endpoint, err := url.Parse(*cfg.BaseEndpoint)
	if err != nil {
		t.Fatal(err)
	}
	through := httputil.NewSingleHostReverseProxy(endpoint)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(w, r, through) }))
	t.Cleanup(server.Close)
	cfg.BaseEndpoint = &server.URL
	return table.Client(cfg)
}

// refuse answers a transaction of so many actions as DynamoDB does when the write of
// the total has the given reason.
func refuse(w http.ResponseWriter, actions int, code string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(http.StatusBadRequest)
	codes := slices.Repeat([]string{"None"}, actions)
	codes[actions-3] = code
	fmt.Fprint(w, cancelled(codes...))
}

// items returns what is in the partitions of a link's counters, by partition and bucket.
func items(t *testing.T, code string) map[string]map[string]types.AttributeValue {
	t.Helper()
	_, _, db := clicks(t)
	all := map[string]map[string]types.AttributeValue{}
	for shard := range 16 {
		partition := code
		if shard > 0 {
			partition = fmt.Sprintf("%s~%02d", code, shard)
		}
		found, err := db.Query(t.Context(), &dynamodb.QueryInput{
			TableName: aws.String("minim-local-stats"), KeyConditionExpression: aws.String("code = :code"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":code": &types.AttributeValueMemberS{Value: partition}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range found.Items {
			all[partition+" "+item["bucket"].(*types.AttributeValueMemberS).Value] = item
		}
	}
	return all
}

// many counts a link's clicks of a day before a test, as many as a hot one has.
func many(t *testing.T, code string, at time.Time) (n int64) {
	t.Helper()
	for n < 100 {
		var group []click.Click
		for range table.ClickGroup {
			group = append(group, newClick(code, at))
		}
		store, _, _ := clicks(t)
		if _, err := store.Count(t.Context(), group); err != nil {
			t.Fatal(err)
		}
		n += int64(len(group))
	}
	return n
}

// TestHotCounterIsMarked lets a number of tries fail before one gets through: few
// are chance, more make a hot counter if the link has many clicks, and that is written down
// before it is used.
func TestHotCounterIsMarked(t *testing.T) {
	for _, test := range []struct {
		refusals int
		many     bool
		hot      bool
	}{
		{0, true, false}, {2, true, false}, {3, true, true}, {5, true, true}, {5, false, false},
	} {
		left := test.refusals
		db := between(t, func(w http.ResponseWriter, r *http.Request, through http.Handler) {
			if left > 0 && transaction(r) {
				refuse(w, 4, []string{"TransactionConflict", "ThrottlingError"}[left%2])
				left--
				return
			}
			through.ServeHTTP(w, r)
		})
		code := rand.Text()
		if test.many {
			many(t, code, morning)
		}
		store := table.NewClicks(db, "minim-local-clicks", "minim-local-stats", keep)
		if _, err := store.Count(t.Context(), []click.Click{newClick(code, morning)}); err != nil {
			t.Fatal(err)
		}
		all := items(t, code)
		for _, bucket := range []string{code + " total", code + " day#" + morning.Format(time.DateOnly)} {
			if _, hot := all[bucket]["crowd"]; hot != test.hot || len(all) != 3 {
				t.Errorf("%+v: hot %t in %s of %d items", test, hot, bucket, len(all))
			}
		}
	}
}

// TestOneQuery holds that a link without hot counters is read with one query, and
// counted with one read and one transaction.
func TestOneQuery(t *testing.T) {
	var asked atomic.Int64
	db := between(t, func(w http.ResponseWriter, r *http.Request, through http.Handler) {
		asked.Add(1)
		through.ServeHTTP(w, r)
	})
	code, today := rand.Text(), morning.Truncate(24*time.Hour)
	if _, err := table.NewClicks(db, "minim-local-clicks", "minim-local-stats", keep).Count(t.Context(), []click.Click{newClick(code, morning)}); err != nil || asked.Load() != 2 {
		t.Fatalf("%v after %d requests", err, asked.Load())
	}
	stats := table.NewStats(db, "minim-local-stats")
	asked.Store(0)
	if total, err := stats.Total(t.Context(), code); total != 1 || err != nil || asked.Load() != 1 {
		t.Errorf("total %d, %v, %d requests", total, err, asked.Load())
	}
	asked.Store(0)
	if days, err := stats.Days(t.Context(), code, today, today.AddDate(0, 1, 0)); len(days) != 1 || err != nil || asked.Load() != 1 {
		t.Errorf("%d days, %v, %d requests", len(days), err, asked.Load())
	}
}

// TestHotCounter has many environments count one link for two days: they get into each
// other's way, answers are lost after their transaction, environments end and
// others begin. Every click counts once, and whoever reads meanwhile sees at least
// what was counted before.
func TestHotCounter(t *testing.T) {
	const counters, groups, size = 8, 6, 5
	db := between(t, func(w http.ResponseWriter, r *http.Request, through http.Handler) {
		switch lot := mathrand.IntN(10); {
		case !transaction(r):
			through.ServeHTTP(w, r)
		case lot < 4:
			refuse(w, size+3, "TransactionConflict")
		case lot < 5: // it happened, but the answer is lost
			through.ServeHTTP(httptest.NewRecorder(), r)
			w.WriteHeader(http.StatusInternalServerError)
		default:
			through.ServeHTTP(w, r)
		}
	})
	_, stats, _ := clicks(t)
	code, today := rand.Text(), morning.Truncate(24*time.Hour)
	before := many(t, code, today)
	many(t, code, today.AddDate(0, 0, 1))
	var counted atomic.Int64
	counted.Store(2 * before)
	ctx, done := context.WithCancel(t.Context())
	var readers, wait sync.WaitGroup
	readers.Go(func() {
		for ; ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
			least := counted.Load()
			days, err := stats.Days(t.Context(), code, today, today.AddDate(0, 0, 2))
			var sum int64
			for _, day := range days {
				checkDay(t, day, day.Clicks)
				sum += day.Clicks
			}
			if total, totalErr := stats.Total(t.Context(), code); err != nil || totalErr != nil || total < least || sum < least {
				t.Errorf("total %d, %v; days %d, %v; counted before %d", total, totalErr, sum, err, least)
			}
		}
	})
	for counter := range counters {
		wait.Go(func() {
			var store *table.Clicks
			for n := range groups {
				if n%2 == 0 {
					store = table.NewClicks(db, "minim-local-clicks", "minim-local-stats", keep)
				}
				var group []click.Click
				for i := range size {
					c := newClick(code, today.AddDate(0, 0, n/(groups/2)).Add(time.Duration(n%24)*time.Hour))
					c.City = fmt.Sprint("city ", counter, n, i)
					group = append(group, c)
				}
				for try := 0; try < 2; try++ { // each message comes twice
					if _, err := store.Count(t.Context(), group); err != nil {
						t.Error(err)
						return
					}
				}
				counted.Add(size)
			}
		})
	}
	wait.Wait()
	done()
	readers.Wait()
	days, err := stats.Days(t.Context(), code, today, today.AddDate(0, 0, 2))
	if err != nil || len(days) != 2 {
		t.Fatalf("%d days, %v", len(days), err)
	}
	for _, day := range days {
		checkDay(t, day, before+counters*groups*size/2)
	}
	if total, err := stats.Total(t.Context(), code); total != 2*before+counters*groups*size || err != nil {
		t.Errorf("total %d, want %d, %v", total, 2*before+counters*groups*size, err)
	}
	checkSpread(t, code, days[0].Clicks)
}

// checkSpread holds that counters are in many partitions, that the first item of
// each bucket says so, and that the index has only that: a day with so many clicks.
func checkSpread(t *testing.T, code string, today int64) {
	t.Helper()
	all, others := items(t, code), 0
	for name, item := range all {
		partition, bucket, _ := strings.Cut(name, " ")
		first := partition == code
		if _, indexed := item["ownerDay"]; indexed != (first && strings.HasPrefix(bucket, "day#")) {
			t.Errorf("%s: in the index %t", name, indexed)
		}
		marked := bucket
		if quarter, ok := strings.CutPrefix(bucket, "quarter#"); ok { // its day tells
			day, _, _ := strings.Cut(quarter, "T")
			marked = "day#" + day
		}
		if _, hot := all[code+" "+marked]["crowd"]; !first && !hot {
			t.Errorf("%s, which nothing tells of", name)
		}
		if !first {
			others++
		}
	}
	if others < 8 {
		t.Errorf("%d items in other partitions", others)
	}
	_, stats, _ := clicks(t)
	days, next, err := stats.OwnerDay(t.Context(), "owner of "+code, morning, "")
	if err != nil || len(days) != 1 || next != "" || days[0].Link != code || days[0].Clicks != today {
		t.Errorf("the owner's day: %d links, next %q, %v", len(days), next, err)
	}
}
