// Command run runs the tests, and reports how long each part took.
//
//	run test      every part, and the sum
//	run test-go   one part, by the name that make gives it
//
// A part that this machine cannot run is skipped, and the last line says so.
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
	// Ctrl-C reaches the commands too. They end in their own time: a second signal would stop the emulators' clean-up.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	r := &runner{
		exec: execute, packages: packages, fuzzTests: fuzzTests, has: installed, out: os.Stdout, now: time.Now, fuzzTime: *fuzzTime,
	}
	if err := r.run(ctx, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
