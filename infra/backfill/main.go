// Command backfill writes the entries of all links in the index by which they are searched.
//
//	backfill --service minim --stage dev --rate 50
//
// Links that are older than the index are found by words, tags and hosts from then on. It
// may run at any time and again, and go on from the code that it printed last.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/minim-dev/minim/infra/account"
	"github.com/minim-dev/minim/shared/table"
)

func main() {
	service := flag.String("service", "minim", "the `name` of the service")
	stage := flag.String("stage", "dev", "the `stage`")
	rate := flag.Int("rate", 50, "how many `links` a second")
	after := flag.String("after", "", "go on behind this `code`")
	flag.Parse()
	if *rate < 1 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "backfill: set --rate (RATE=) to 1 or more links a second")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *service+"-"+*stage+"-", *rate, *after); err != nil {
		fmt.Fprintln(os.Stderr, "backfill:", err)
		os.Exit(1)
	}
}

// run fills the index of the tables with the prefix, a slice a second.
func run(ctx context.Context, prefix string, rate int, after string) error {
	cfg, err := account.Config(ctx)
	if err != nil {
		return err
	}
	filler := table.NewLinkFiller(table.Client(cfg), prefix+"links", prefix+"link-index")
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for filled := 0; ; {
		n, next, err := filler.Fill(ctx, after, rate)
		if err != nil {
			return fmt.Errorf("%w; go on with AFTER=%q", err, after)
		}
		filled += n
		if next == "" {
			fmt.Printf("%d links are in the index\n", filled)
			return nil
		}
		after = next
		fmt.Printf("%d links, up to %s\n", filled, after)
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w; go on with AFTER=%q", context.Cause(ctx), after)
		case <-second.C:
		}
	}
}
