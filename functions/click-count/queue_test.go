package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/batch"
	"github.com/minim-dev/minim/shared/click"
)

// setting reads a number of function.yml.
func setting(t *testing.T, name string) int {
	t.Helper()
	text, err := os.ReadFile("function.yml")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`\b` + name + `: (\d+)`).FindSubmatch(text)
	if found == nil {
		t.Fatalf("function.yml has no %s", name)
	}
	n, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// slowTable takes a while for each group of clicks, and stops with its caller.
type slowTable struct {
	mu      sync.Mutex
	takes   time.Duration
	counted map[string]int // by the click's id
	late    int            // groups that came without time left
}

func (s *slowTable) Count(ctx context.Context, group []click.Click) (milestone bool, err error) {
	if ctx.Err() != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.late++
		return false, ctx.Err()
	}
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case <-time.After(s.takes):
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range group {
		s.counted[c.ID]++
	}
	return false, nil
}

// queue delivers messages in virtual time as SQS does: one that fails comes
// again when its visibility timeout is over.
type queue struct {
	mu        sync.Mutex
	timeout   time.Duration // of the function
	messages  []*queued
	waiting   []*queued
	failed    int
	delivered int
	most      int // receives of one message
}

type queued struct {
	record   events.SQSMessage
	received int
}

// take returns the next messages, nil if there are none.
func (q *queue) take(size int) (taken []*queued) {
	q.mu.Lock()
	defer q.mu.Unlock()
	size = min(size, len(q.waiting))
	taken, q.waiting = q.waiting[:size], q.waiting[size:]
	for _, m := range taken {
		m.received++
		m.record.Attributes = map[string]string{"ApproximateReceiveCount": strconv.Itoa(m.received)}
		q.most = max(q.most, m.received)
	}
	return taken
}

// run is one of the environments of the function: it takes batches until all
// messages are done.
func (q *queue) run(t *testing.T, function batch.SQS, size int) {
	for {
		q.mu.Lock()
		over := q.delivered == len(q.messages)
		q.mu.Unlock()
		if over {
			return
		}
		taken := q.take(size)
		if len(taken) == 0 {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		visible := time.Now().Add(6*q.timeout + time.Second)
		var event events.SQSEvent
		byID := map[string]*queued{}
		for _, m := range taken {
			event.Records = append(event.Records, m.record)
			byID[m.record.MessageId] = m
		}
		ctx, cancel := context.WithTimeout(t.Context(), q.timeout)
		response, err := function(ctx, event)
		if err != nil || ctx.Err() != nil {
			t.Errorf("a batch ran out of its function's time: %v, %v", err, ctx.Err())
		}
		cancel()
		q.mu.Lock()
		q.failed += len(response.BatchItemFailures)
		q.delivered += len(taken) - len(response.BatchItemFailures)
		q.mu.Unlock()
		for _, failure := range response.BatchItemFailures {
			m := byID[failure.ItemIdentifier]
			time.AfterFunc(time.Until(visible), func() {
				q.mu.Lock()
				defer q.mu.Unlock()
				q.waiting = append(q.waiting, m)
			})
		}
	}
}

// slow counts clicks of as many links on a slow table, in virtual time.
func slow(t *testing.T, clicks, counters int, takes time.Duration) *queue {
	t.Helper()
	q := &queue{timeout: time.Duration(setting(t, "timeout")) * time.Second}
	size := setting(t, "batchSize")
	for n := range clicks {
		body, err := json.Marshal(click.Click{ID: fmt.Sprint("id", n), Code: fmt.Sprint("link", n), Owner: "me", At: now})
		if err != nil {
			t.Fatal(err)
		}
		q.messages = append(q.messages, &queued{record: events.SQSMessage{MessageId: fmt.Sprint("m", n), Body: string(body)}})
	}
	q.waiting = append(q.waiting, q.messages...)
	synctest.Test(t, func(t *testing.T) {
		table := &slowTable{takes: takes, counted: map[string]int{}}
		function := batch.All((&handler{clicks: table}).Handle, slog.New(slog.DiscardHandler))
		began := time.Now()
		var all sync.WaitGroup
		for range counters {
			all.Go(func() { q.run(t, function, size) })
		}
		all.Wait()
		for id, n := range table.counted {
			if n != 1 {
				t.Errorf("%s is counted %d times", id, n)
			}
		}
		if len(table.counted) != clicks || table.late != 0 {
			t.Errorf("%d clicks of %d are counted, %d groups were tried too late", len(table.counted), clicks, table.late)
		}
		t.Logf("%d clicks in %v: %d failed receives, a message was received up to %d times", clicks, time.Since(began).Round(time.Second), q.failed, q.most)
	})
	return q
}

// TestSlowTable: a table that takes a third of a second for each click leaves
// time for a whole batch of as many links.
func TestSlowTable(t *testing.T) {
	if q := slow(t, 20_000, 10, 333*time.Millisecond); q.failed != 0 || q.most != 1 {
		t.Errorf("%d failed receives, %d of one message", q.failed, q.most)
	}
}

// TestVerySlowTable: if the time of a batch is enough for a fifth of it, all
// clicks are counted nevertheless, none of them near the 20 receives after which
// it would be dead.
func TestVerySlowTable(t *testing.T) {
	if q := slow(t, 5_000, 10, 2*time.Second); q.failed == 0 || q.most > 10 {
		t.Errorf("%d failed receives, %d of one message", q.failed, q.most)
	}
}
