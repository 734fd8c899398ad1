package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
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
