// Command local-cloud runs a compiled AWS CloudFormation template on this machine:
// functions in processes of their own, an HTTP API, a CloudFront distribution,
// tables, buckets, queues and schedules. It contains nothing specific to the application.
//
//	local-cloud up [flags]                  run the whole stack until interrupted
//	local-cloud emulators [flags] -- CMD …  run CMD with new, empty tables, buckets and queues
//	local-cloud components [flags]          download the emulators, for use without a network
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"

	"github.com/minim-dev/minim/infra/local/site"
)

func main() {
	slog.SetLogLoggerLevel(slog.LevelError) // libraries log each rejected request
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:]))
}

// run returns the exit status: 2 for an invalid command line; with emulators, the exit status of CMD.
func run(ctx context.Context, args []string) int {
	l, err := parse(args)
	if err == nil {
		switch l.command {
		case "emulators":
			err = site.Beside(ctx, l.Options, l.args)
		case "components":
			err = site.Components(ctx, l.Options)
		default:
			err = site.Up(ctx, l.Options)
		}
	}
	var usage usageError
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit) && l.command == "emulators":
		return max(1, exit.ExitCode())
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return 0
	}
	fmt.Fprintln(os.Stderr, "local-cloud: "+strings.ReplaceAll(err.Error(), "\n", "\nlocal-cloud: "))
	if errors.As(err, &usage) {
		return 2
	}
	return 1
}
