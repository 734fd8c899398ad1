package table_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"iter"
	"maps"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/table"
)

const keep = 90 * 24 * time.Hour

func clicks(t *testing.T) (*table.Clicks, *table.Stats, *dynamodb.Client) {
	t.Helper()
	db := table.Client(envtest.AWS(t, "DYNAMODB"))
	return table.NewClicks(db, "minim-local-clicks", "minim-local-stats", keep), table.NewStats(db, "minim-local-stats"), db
}

func newClick(link string, at time.Time) click.Click {
	return click.Click{ID: click.NewID(at), Link: link, Code: "code-of-" + link, Owner: "owner of " + link, At: at, Country: "DE", Referrer: click.Direct, Browser: "Firefox"}
}

func TestCountTwice(t *testing.T) {
	store, stats, db := clicks(t)
	code := rand.Text()
	group := []click.Click{newClick(code, morning), newClick(code, morning.Add(time.Minute)), newClick(code, morning.Add(time.Minute))}
	group[0].Visitor, group[1].Visitor, group[2].Visitor = strings.Repeat("1", 16), strings.Repeat("1", 16), strings.Repeat("e", 16)
	group[2].Country, group[2].City, group[2].Language, group[2].Scan = "", "Lyon", "fr", true
	group = append(group, click.Click{ID: click.NewID(morning), Link: code, Code: group[0].Code, Owner: group[0].Owner, At: morning, Bot: "Googlebot"})
	// The second time some clicks are known and one is new; the third time all are known.
	for _, part := range [][]click.Click{group[:2], group, group} {
		if _, err := store.Count(t.Context(), part); err != nil {
			t.Fatal(err)
		}
	}
	if total, err := stats.Total(t.Context(), code); total != 3 || err != nil {
		t.Errorf("total %d, %v", total, err)
	}
	today := morning.Truncate(24 * time.Hour)
	days, err := stats.Days(t.Context(), code, today, today.AddDate(0, 0, 1))
	day, quarter := click.Sum(group)
	want := []click.DayCount{day}
	if diff := cmp.Diff(want, days); diff != "" || err != nil {
		t.Errorf("%v, (-want +got)\n%s", err, diff)
	}
	period, err := stats.Period(t.Context(), code, quarter.At, quarter.At.Add(click.Quarter), false)
	if err != nil || period.Clicks != 3 || period.Scans != 1 {
		t.Fatalf("quarter hour: %+v, %v", period, err)
	}
	if visitors, err := period.Visitors(); visitors != 2 || err != nil {
		t.Errorf("%d visitors, %v", visitors, err)
	}
	if diff := cmp.Diff(quarter.Names, period.Names); diff != "" {
		t.Errorf("names of the quarter hour (-want +got)\n%s", diff)
	}
	checkRaw(t, db, group[2], "browser", "city", "language", "referrer", "scan")
	checkRaw(t, db, group[3], "bot")
}

// checkRaw looks at a raw click, which has some attributes of the visitor.
func checkRaw(t *testing.T, db *dynamodb.Client, c click.Click, visitor ...string) {
	t.Helper()
	shard := table.ClickShard(c.Link, c.At, c.ID)
	out, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("minim-local-clicks"), Key: map[string]types.AttributeValue{
		"shard": &types.AttributeValueMemberS{Value: shard}, "id": &types.AttributeValueMemberS{Value: c.ID},
	}})
	if err != nil || !strings.HasPrefix(shard, c.Link+"#"+c.At.Format(time.DateOnly)+"#") {
		t.Fatalf("%s: %v", shard, err)
	}
	want := slices.Sorted(slices.Values(append(visitor, "at", "code", "id", "link", "owner", "shard", "ttl")))
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(out.Item))); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
	if ttl := out.Item["ttl"].(*types.AttributeValueMemberN).Value; ttl != fmt.Sprint(c.At.Add(keep).Unix()) {
		t.Errorf("ttl %s", ttl)
	}
}

// TestExactlyOnce delivers 500 clicks to counters that work at the same time,
// many of them twice, and takes the time away from half of the first
// deliveries, so that some of them end before, in and after the transaction.
func TestExactlyOnce(t *testing.T) {
	store, stats, _ := clicks(t)
	codes := []string{rand.Text(), rand.Text(), rand.Text()}
	want := map[string]int64{}
	var all []click.Click
	for n := range 500 {
		c := newClick(codes[n%7%3], morning.Add(time.Duration(n)*3*time.Second))
		c.City, c.Referrer, c.Device = fmt.Sprint("city ", n%260), fmt.Sprintf("r%d.example", n%230), []string{"mobile", "desktop", ""}[n%3]
		all = append(all, c)
		want[c.Link]++
	}
	deliver(t, store, all)
	for _, code := range codes {
		if total, err := stats.Total(t.Context(), code); total != want[code] || err != nil {
			t.Fatalf("%d clicks, want %d, %v", total, want[code], err)
		}
	}
	today := morning.Truncate(24 * time.Hour)
	for _, code := range codes {
		days, err := stats.Days(t.Context(), code, today, today.AddDate(0, 0, 7))
		if err != nil || len(days) != 1 {
			t.Fatalf("%d days, %v", len(days), err)
		}
		checkDay(t, days[0], want[code])
	}
}

func each(groups map[string][][]click.Click) iter.Seq[[]click.Click] {
	return func(yield func([]click.Click) bool) {
		for _, ofLink := range groups {
			for _, group := range ofLink {
				if !yield(group) {
					return
				}
			}
		}
	}
}

// deliver plays a queue: batches are random, each is delivered twice, and
// again as long as it fails.
func deliver(t *testing.T, store *table.Clicks, all []click.Click) {
	t.Helper()
	all = append(slices.Clone(all), all...)
	mathrand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	var wait sync.WaitGroup
	slots := make(chan bool, 4)
	for batch := range slices.Chunk(all, 40) {
		for group := range each(click.Groups(batch, table.ClickGroup)) {
			wait.Go(func() {
				slots <- true
				defer func() { <-slots }()
				for try := 0; ; try++ {
					ctx, cancel := context.WithTimeout(t.Context(), timeoutOf(try))
					_, err := store.Count(ctx, group)
					cancel()
					if err == nil {
						return
					}
					if try > 10 {
						t.Error(err)
						return
					}
				}
			})
		}
	}
	wait.Wait()
}

func timeoutOf(try int) time.Duration {
	if try == 0 && mathrand.IntN(2) == 0 {
		return mathrand.N(20 * time.Millisecond)
	}
	return time.Minute
}

// checkDay holds that the hours and each dimension add up to the day's clicks, and that
// names which visitors invent stay within their limit.
func checkDay(t *testing.T, day click.DayCount, want int64) {
	t.Helper()
	var hours int64
	for _, clicks := range day.Hours {
		hours += clicks
	}
	if day.Clicks != want || hours != want {
		t.Errorf("day has %d clicks, its hours %d, want %d", day.Clicks, hours, want)
	}
	for _, dimension := range click.Dimensions() {
		want := want
		if dimension == click.Bot || dimension == click.Destination && len(day.Names[dimension]) == 0 {
			want = 0
		}
		var sum int64
		for _, clicks := range day.Names[dimension] {
			sum += clicks
		}
		if sum != want {
			t.Errorf("%s adds up to %d, want %d", dimension, sum, want)
		}
		if n := len(day.Names[dimension]); n > click.NamesADay+3 {
			t.Errorf("%d names of %s", n, dimension)
		}
	}
}

// TestInventedNames has counters add names of a visitor's invention to one
// day at the same time, as many as fit into a transaction.
func TestInventedNames(t *testing.T) {
	store, stats, _ := clicks(t)
	code := rand.Text()
	var wait sync.WaitGroup
	for counter := range 5 {
		wait.Go(func() {
			var group []click.Click
			for n := range table.ClickGroup {
				c := newClick(code, morning)
				c.City, c.Referrer = fmt.Sprintf("city %d %d", counter, n), fmt.Sprintf("%d.%d.example", counter, n)
				c.Country, c.Browser = string([]byte{'A' + byte(n/26), 'A' + byte(n%26)}), fmt.Sprint("browser ", n)
				c.System, c.Device = fmt.Sprint("system ", n), fmt.Sprint("device ", n)
				c.Language, c.Destination = fmt.Sprint("language ", n), fmt.Sprintf("https://%d.%d.example/", counter, n)
				c.At = morning.Truncate(24 * time.Hour).Add(time.Duration(n) * 14 * time.Second)
				group = append(group, c)
			}
			if _, err := store.Count(t.Context(), group); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	today := morning.Truncate(24 * time.Hour)
	days, err := stats.Days(t.Context(), code, today, today.AddDate(0, 0, 1))
	if err != nil || len(days) != 1 {
		t.Fatalf("%d days, %v", len(days), err)
	}
	checkDay(t, days[0], 5*table.ClickGroup)
	for _, dimension := range []string{click.City, click.Referrer, click.Destination} {
		names := days[0].Names[dimension]
		if len(names) != click.NamesADay+1 || names[click.Other] != 5*table.ClickGroup-click.NamesADay {
			t.Errorf("%d names of %s, %d other", len(names), dimension, names[click.Other])
		}
	}
}

// busyTable answers the first transactions with refusals, as DynamoDB does
// when others write the same items.
func busyTable(t *testing.T, answers ...string) (*table.Clicks, *atomic.Int64) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		if !transaction(r) { // there is no day yet
			w.Write([]byte(`{}`))
			return
		}
		n := int(asked.Add(1)) - 1
		if n >= len(answers) {
			w.Write([]byte(`{}`))
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		w.Write([]byte(answers[n]))
	}))
	t.Cleanup(server.Close)
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
	return table.NewClicks(table.Client(cfg), "clicks", "stats", keep), &asked
}

func TestCountAmongOthers(t *testing.T) {
	const exists = "ConditionalCheckFailed"
	tests := []struct {
		name    string
		answers []string
		asked   int64
		fails   bool
	}{
		{"nobody else", nil, 1, false},
		{"others at the total", []string{cancelled("None", "None", "TransactionConflict", "None", "None")}, 2, false},
		{"others at a click", []string{cancelled("TransactionConflict", "None", "None", "None", "None")}, 2, false},
		{"busy", []string{cancelled("None", "None", "ThrottlingError", "None", "None"), cancelled("None", "None", "None", "ProvisionedThroughputExceeded", "None")}, 3, false},
		{"one exists, then a conflict", []string{cancelled(exists, "None", "None", "None", "None"), cancelled("None", "TransactionConflict", "None", "None")}, 3, false},
		{"new names meanwhile", []string{cancelled("None", "None", "None", exists, "None")}, 2, false},
		{"new visitors meanwhile", []string{cancelled("None", "None", "None", exists, exists)}, 2, false},
		{"all exist", []string{cancelled(exists, exists, "None", "None", "None")}, 1, false},
		{"no reasons", []string{cancelled()}, 1, true},
		{"not valid", []string{cancelled("None", "ValidationError", "None", "None", "None")}, 1, true},
		{"no such table", []string{`{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"no"}`}, 1, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store, asked := busyTable(t, test.answers...)
			_, err := store.Count(t.Context(), []click.Click{newClick("a", morning), newClick("a", morning)})
			if test.fails != (err != nil) || asked.Load() != test.asked {
				t.Errorf("%v after %d requests, want %d", err, asked.Load(), test.asked)
			}
		})
	}
}

func TestCountEndsWithItsContext(t *testing.T) {
	conflicts := slices.Repeat([]string{cancelled("None", "TransactionConflict", "None", "None")}, 10_000)
	store, asked := busyTable(t, conflicts...)
	ctx, cancel := context.WithTimeout(t.Context(), 800*time.Millisecond)
	defer cancel()
	if _, err := store.Count(ctx, []click.Click{newClick("a", morning)}); err == nil || asked.Load() > 1000 {
		t.Errorf("%v after %d requests", err, asked.Load())
	}
}
