package main

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/minim-dev/minim/shared/web"
)

const (
	checkTimeout = 2 * time.Second // for a dependency to answer
	fresh        = 5 * time.Second // for which a result is reused
)

// check requests a dependency and returns an error unless the answer is as expected.
type check func(context.Context) error

type handler struct {
	stage   string
	version string
	checks  map[string]check
	now     func() time.Time
	log     *slog.Logger

	mu    sync.Mutex
	found map[string]string
	until time.Time
}

// health is the body of the answer.
type health struct {
	Status  string            `json:"status"` // ok, or down if a check is
	Version string            `json:"version"`
	Stage   string            `json:"stage"`
	Checks  map[string]string `json:"checks"` // ok or down
}

// Handle answers 200 if every dependency answers, otherwise 503. The reason is only
// logged.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	if err := r.Parameters(); err != nil {
		return web.Response{}, err
	}
	answer := health{Status: "ok", Version: h.version, Stage: h.stage, Checks: h.findings(ctx)}
	status := http.StatusOK
	for _, finding := range answer.Checks {
		if finding != "ok" {
			answer.Status, status = "down", http.StatusServiceUnavailable
		}
	}
	return web.JSON(status, answer).With("Cache-Control", "no-store"), nil
}

// findings are cached for a moment: anyone may send requests at any rate, and the
// checks share their limits with the deployment. The returned map never changes.
func (h *handler) findings(ctx context.Context) map[string]string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.now().Before(h.until) {
		return h.found
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	var mu sync.Mutex
	var all sync.WaitGroup
	found := make(map[string]string, len(h.checks))
	for name, ask := range h.checks {
		all.Go(func() {
			finding := "ok"
			if err := ask(ctx); err != nil {
				finding = "down"
				h.log.ErrorContext(ctx, "dependency does not answer", "dependency", name, "error", err)
			}
			mu.Lock()
			defer mu.Unlock()
			found[name] = finding
		})
	}
	all.Wait()
	h.found, h.until = found, h.now().Add(fresh)
	return found
}
