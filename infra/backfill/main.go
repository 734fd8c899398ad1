// Command backfill writes the entries of all links in the index by which they are searched.
//
//	backfill --service minim --stage dev --rate 50
//
// Links that are older than the index are found by words, tags and hosts from then on. It
// may run at any time and again, and continue from the code that it printed last.
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
