// Command local-cloud runs a compiled AWS CloudFormation template on this machine:
// functions in processes of their own, an HTTP API, a CloudFront distribution,
// tables, buckets, queues, schedules. It knows nothing of the application.
//
//	local-cloud up [flags]              the whole stack, until it is interrupted
//	local-cloud parts [flags] -- CMD …  tables, buckets and queues, new and empty, while CMD runs
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the process at once
	}()
	os.Exit(run(ctx, os.Args[1:]))
}

// run returns the exit status: 2 for a wrong command line, that of CMD for parts.
func run(ctx context.Context, args []string) int {
	s, err := parse(args)
	if err == nil {
		if s.command == "parts" {
			err = runParts(ctx, s)
		} else {
			err = up(ctx, s)
		}
	}
	var usage usageError
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit) && s.command == "parts":
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
