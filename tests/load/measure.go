package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// tick is how often the environments are counted.
const tick = 100 * time.Millisecond

// sample is one request, or when err is set one that failed.
type sample struct {
	at   time.Duration // when it was sent
	took time.Duration
	id   string
	cold time.Duration // of it, the initialisation of an environment; 0 when warm
	err  error
}

// count is a moment of the experiment.
type count struct {
	at           time.Duration
	environments int
	bytes        int64 // their memory
}

// result is what became of one target.
type result struct {
	name    string
	samples []sample // by time
	counts  []count
}

// stay is when a user comes and goes.
func stay(user, users int, duration time.Duration) (from, to time.Duration) {
	third := duration / 3
	share := time.Duration(user) * third / time.Duration(users)
	return share, duration - share
}

// measure puts the users to work, and then waits until the target is at rest.
func measure(ctx context.Context, out io.Writer, s settings, t target) (result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client := &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: s.users},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	began := time.Now()
	all := make([][]sample, s.users)
	var users, watcher sync.WaitGroup
	for user := range s.users {
		from, to := stay(user, s.users, s.duration)
		users.Go(func() { all[user] = work(ctx, client, t, began, from, to) })
	}
	var r result
	watching, rest := context.WithCancel(ctx)
	watcher.Go(func() { r.counts = watch(watching, t, began) })
	users.Wait()
	if _, ok := t.(*onLambda); ok {
		fmt.Fprintf(out, "the users are gone; waiting for the environments to follow\n")
		for deadline := time.Now().Add(3 * s.idle); len(t.processes()) > 0 && time.Now().Before(deadline) && ctx.Err() == nil; {
			time.Sleep(tick)
		}
		time.Sleep(5 * tick)
	}
	rest()
	watcher.Wait()
	r.samples = slices.Concat(all...)
	slices.SortFunc(r.samples, func(a, b sample) int { return int(a.at - b.at) })
	if l, ok := t.(*onLambda); ok {
		for i := range r.samples {
			r.samples[i].cold = l.cold(r.samples[i].id)
		}
	}
	return r, ctx.Err()
}

// work is what a user does.
func work(ctx context.Context, client *http.Client, t target, began time.Time, from, to time.Duration) (samples []sample) {
	select {
	case <-ctx.Done():
		return nil
	case <-time.After(time.Until(began.Add(from))):
	}
	for time.Since(began) < to && ctx.Err() == nil {
		sent := time.Now()
		id, err := t.ask(ctx, client)
		samples = append(samples, sample{at: sent.Sub(began), took: time.Since(sent), id: id, err: err})
		if err != nil {
			time.Sleep(tick)
		}
	}
	return samples
}

func watch(ctx context.Context, t target, began time.Time) (counts []count) {
	clock := time.NewTicker(tick)
	defer clock.Stop()
	for {
		processes := t.processes()
		counts = append(counts, count{time.Since(began), len(processes), resident(processes)})
		select {
		case <-ctx.Done():
			return counts
		case <-clock.C:
		}
	}
}
