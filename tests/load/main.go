package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
)

// settings are the command line.
type settings struct {
	users    int
	duration time.Duration
	idle     time.Duration
	binary   string // of link-redirect
	plain    string // of the same behind net/http
	docs     string // folder of load.md and the charts; "" for none
}

func main() {
	var s settings
	flag.IntVar(&s.users, "users", 5, "`how many` ask at the same time, 1 to 100")
	flag.DurationVar(&s.duration, "duration", 15*time.Second, "how long, each")
	flag.DurationVar(&s.idle, "idle", 5*time.Second, "how long an environment waits for work before it is ended; Lambda takes some minutes")
	flag.StringVar(&s.binary, "binary", "build/local/link-redirect/bootstrap", "link-redirect")
	flag.StringVar(&s.plain, "plain", "build/load-plain", "link-redirect behind net/http")
	flag.StringVar(&s.docs, "docs", "", "`folder` to write load.md and the chart to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, s); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, s settings) (err error) {
	if s.users < 1 || s.users > 100 || s.duration < time.Second {
		return errors.New("1 to 100 users, for at least a second")
	}
	if s.binary, err = filepath.Abs(s.binary); err != nil {
		return err
	}
	queues := env.AWS("SQS").BaseEndpoint
	if queues == nil {
		return errors.New("run it as make load does: it needs local-cloud parts")
	}
	db := table.Client(env.AWS("DYNAMODB"))
	now := time.Now().UTC()
	l := link.Link{Code: "load", URL: "https://example.com/", Owner: "load", Redirect: 302, Version: 1, CreatedAt: now, UpdatedAt: now}
	if err := table.NewLinkMaker(db, "minim-local-links", "minim-local-idempotency").Make(ctx, l, table.Receipt{}); err != nil {
		return fmt.Errorf("make the link: %w", err)
	}
	variables := map[string]string{"LINKS_TABLE": "minim-local-links", "CLICKS_QUEUE_URL": *queues + "/000000000000/minim-local-clicks"}
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
