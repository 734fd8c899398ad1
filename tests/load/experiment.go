package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
)

func run(ctx context.Context, out io.Writer, s settings) (err error) {
	if s.users < 1 || s.users > 100 || s.duration < time.Second {
		return errors.New("1 to 100 users, for at least a second")
	}
	if s.binary, err = filepath.Abs(s.binary); err != nil {
		return err
	}
	queues := env.AWS("SQS").BaseEndpoint
	if queues == nil {
		return errors.New("run it as make load does: it needs local-cloud emulators")
	}
	db := table.Client(env.AWS("DYNAMODB"))
	now := time.Now().UTC()
	l := link.Link{Code: "load", URL: "https://example.com/", Owner: "load", Redirect: 302, Version: 1, CreatedAt: now, UpdatedAt: now}
	if err := table.NewLinkMaker(db, "minim-local-links", "minim-local-idempotency", "minim-local-link-index").Make(ctx, l, table.IdempotencyRecord{}); err != nil {
		return fmt.Errorf("make the link: %w", err)
	}
	variables := map[string]string{
		"LINKS_TABLE": "minim-local-links", "STATS_TABLE": "minim-local-stats", "IDEMPOTENCY_TABLE": "minim-local-idempotency",
		"LINK_INDEX_TABLE": "minim-local-link-index", "SALTS_TABLE": "minim-local-salts",
		"CLICKS_QUEUE_URL": *queues + "/000000000000/minim-local-clicks", "SITE_URL": "http://localhost:8080",
	}
	var results []result
	for _, kind := range []struct {
		name  string
		start func(context.Context, settings, map[string]string) (target, error)
	}{{"Lambda", startLambda}, {"net/http", startPlain}} {
		t, err := kind.start(ctx, s, variables)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: %d users for %s\n", kind.name, s.users, s.duration)
		r, err := measure(ctx, out, s, t)
		r.name = kind.name
		if err = errors.Join(err, t.stop()); err != nil {
			return fmt.Errorf("%s: %w", kind.name, err)
		}
		results = append(results, r)
	}
	fmt.Fprint(out, "\n", report(s, results))
	if s.docs == "" {
		return nil
	}
	return publish(s, results)
}
