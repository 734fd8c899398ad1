// Command backfill adds all links to the search index.
//
//	backfill --service minim --stage dev --rate 50
//
// Afterwards links that are older than the index can be found by words, tags and hosts. It can
// run at any time, run again, and continue after the code that it printed last.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	service := flag.String("service", "minim", "the `name` of the service")
	stage := flag.String("stage", "dev", "the `stage`")
	rate := flag.Int("rate", 50, "`links` per second")
	after := flag.String("after", "", "continue after this `code`")
	flag.Parse()
	if *rate < 1 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "backfill: set --rate (RATE=) to 1 or more links per second")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *service+"-"+*stage+"-", *rate, *after); err != nil {
		fmt.Fprintln(os.Stderr, "backfill:", err)
		os.Exit(1)
	}
}
