// Command run runs the tests, and reports how long each part took.
//
//	run test      every part, and the sum
//	run test-go   one part, by its name in the Makefile
//
// Parts that this machine cannot run are skipped and listed in the last line.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	fuzzTime := flag.String("fuzz-time", "10000x", "how long each fuzz test runs, in go test's `format`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	// Ctrl-C reaches the commands too. They must not get a second signal, which would stop the emulators' clean-up.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	r := &runner{
		exec: execute, packages: packages, fuzzTests: fuzzTests, has: installed, out: os.Stdout, now: time.Now, fuzzTime: *fuzzTime,
	}
	if err := r.run(ctx, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
