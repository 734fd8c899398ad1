package lambda

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"
)

// freezeWait is how long a request waits for an environment that has answered but is not frozen yet. After that the
// request starts another environment. In AWS a client cannot be that fast: its round trip takes longer.
const freezeWait = 10 * time.Millisecond

// perEnvironment is the maximum number of synchronous requests per second for each environment.
const perEnvironment = 10

// acquire returns an environment for one request and marks it as busy: the one that became idle last, or a new one
// within the limits. It waits briefly if that may avoid a cold start, until ctx is done. The caller must call release
// and work.Done.
func (p *Platform) acquire(ctx context.Context, name string, waiting bool) (*environment, error) {
	for {
		e, pause, err := p.take(name, waiting)
		if pause == nil {
			return e, err
		}
		if err := pause.wait(ctx, p.ctx); err != nil {
			return nil, err
		}
	}
}

// pause describes how long to wait for an environment before the next attempt.
type pause struct {
	freed <-chan struct{} // closed when an environment of the function may have become free
	most  time.Duration   // negative: no limit
}

// wait waits for a free environment. It returns the error of ctx if ctx is done first, and nil if the platform closes.
func (w *pause) wait(ctx, platform context.Context) error {
	var expired <-chan time.Time
	if w.most >= 0 {
		timer := time.NewTimer(w.most)
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case <-w.freed:
	case <-expired:
	case <-platform.Done():
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// take is one attempt of acquire. It returns a pause, instead of an environment or an error, if the request should
// wait.
func (p *Platform) take(name string, waiting bool) (*environment, *pause, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.functions[name]
	switch {
	case p.closed || p.ctx.Err() != nil:
		return nil, nil, closing()
	case f == nil:
		return nil, nil, notFound(p.options.arn(name))
	}
	e := f.idle()
	if e == nil {
		if pause := f.pause(); pause != nil {
			return nil, pause, nil
		}
	}
	reason := p.exhausted(f)
	if reason == "" && waiting && f.spec.Reserved != nil && !f.rate.take(perEnvironment**f.spec.Reserved, time.Now()) {
		reason = "ReservedFunctionInvocationRateLimitExceeded"
	}
	if reason != "" {
		f.throttles++
		return nil, nil, throttled(reason)
	}
	if e == nil {
		e = p.newEnvironment(f)
		f.environments = append(f.environments, e)
	} else if e.reaper != nil {
		e.reaper.Stop()
	}
	e.busy, e.since, e.answered = true, time.Now(), time.Time{}
	e.invocations++
	f.invocations++
	p.work.Add(1)
	return e, nil, nil
}

// idle returns the environment that became idle last, or nil. It prefers environments with a process.
func (f *function) idle() *environment {
	var e *environment
	for _, candidate := range f.environments {
		if !candidate.busy && (e == nil || candidate.pid.Load() > 0 && (e.pid.Load() == 0 || candidate.since.After(e.since))) {
			e = candidate
		}
	}
	return e
}

// pause returns how long a request should wait if no environment is idle. A request waits only if an environment has
// just answered or, under a debugger, until the single environment is free; otherwise pause returns nil. The caller
// holds mu.
func (f *function) pause() *pause {
	most := time.Duration(-1)
	if !f.spec.debugged() || len(f.environments) == 0 {
		for _, e := range f.environments {
			if e.busy && e.generation == f.generation && !e.answered.IsZero() {
				most = max(most, time.Until(e.answered.Add(freezeWait)))
			}
		}
		if most < 0 {
			return nil
		}
	}
	if f.freed == nil {
		f.freed = make(chan struct{})
	}
	return &pause{f.freed, most}
}

// wake makes the requests that wait for an environment of f try again. The caller holds mu.
func (f *function) wake() {
	if f.freed != nil {
		close(f.freed)
		f.freed = nil
	}
}

func (p *Platform) newEnvironment(f *function) *environment {
	id := newID()
	e := &environment{
		platform: p, spec: f.spec, generation: f.generation, id: id, created: time.Now(),
		dir: filepath.Join(p.options.environments(), f.spec.Name+"-"+id[:8]),
	}
	e.journal = &journal{name: f.spec.Name, stream: e.logStream(), console: p.console, log: p.options.Log}
	return e
}

// exhausted returns the reason why f may not use another environment now, or "". Reserved concurrency belongs to its
// function even if unused; the other functions share the rest. The caller holds mu.
func (p *Platform) exhausted(f *function) string {
	if f.spec.Reserved != nil {
		if f.busy() >= *f.spec.Reserved {
			return "ReservedFunctionConcurrentInvocationLimitExceeded"
		}
		return ""
	}
	left := p.options.Concurrency
	for _, other := range p.functions {
		if other.spec.Reserved == nil {
			left -= other.busy()
		} else {
			left -= *other.spec.Reserved
		}
	}
	if left <= 0 {
		return "ConcurrentInvocationLimitExceeded"
	}
	return ""
}

// reservable returns an error if f reserves too much concurrency: a tenth of the account's limit must remain for the
// functions without a reservation (in AWS 100 of 1,000). The caller holds mu.
func (p *Platform) reservable(f Function) error {
	if f.Reserved == nil {
		return nil
	}
	left := p.options.Concurrency - *f.Reserved
	for name, other := range p.functions {
		if other.spec.Reserved != nil && name != f.Name {
			left -= *other.spec.Reserved
		}
	}
	if least := p.options.Concurrency / 10; left < least {
		return fmt.Errorf("a reserved concurrency of %d leaves %d of the account's %d to the functions that have none reserved: must be %d or more",
			*f.Reserved, left, p.options.Concurrency, least)
	}
	return nil
}

// rate is a leaky bucket of recent requests.
type rate struct {
	used float64
	at   time.Time
}

// take reports whether one more request stays within a limit per second, and counts it if so.
func (r *rate) take(limit int, now time.Time) bool {
	r.used = max(0, r.used-now.Sub(r.at).Seconds()*float64(limit))
	r.at = now
	if r.used+1 > float64(limit) {
		return false
	}
	r.used++
	return true
}

func (f *function) busy() int {
	n := 0
	for _, e := range f.environments {
		if e.busy {
			n++
		}
	}
	return n
}

// release marks an environment as idle. If its function was replaced or the platform closes, it ends the environment.
func (p *Platform) release(e *environment) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.functions[e.spec.Name]
	f.pace = (3*f.pace + time.Since(e.since)) / 4
	e.busy, e.since = false, time.Now()
	f.wake()
	if p.closed || f.generation != e.generation {
		p.retire(e)
		return
	}
	use := e.invocations
	e.reaper = time.AfterFunc(p.options.IdleTimeout, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if !e.busy && e.invocations == use && !p.closed {
			p.retire(e)
		}
	})
}

// retire removes an idle environment and ends it in the background. The caller holds mu.
func (p *Platform) retire(e *environment) {
	f := p.functions[e.spec.Name]
	i := slices.Index(f.environments, e)
	if i < 0 {
		return
	}
	f.environments = slices.Delete(f.environments, i, i+1)
	if e.reaper != nil {
		e.reaper.Stop()
	}
	p.work.Go(e.destroy)
}

// count records an answer.
func (p *Platform) count(e *environment, failed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.answered = time.Now()
	if failed {
		p.functions[e.spec.Name].errors++
	}
}
