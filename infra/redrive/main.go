// Command redrive reprocesses failed messages and events, once the cause of the failure is fixed.
//
//	redrive --service minim --stage dev --queue clicks-dead
//
// Messages of a dead-letter queue go back to their source queue. Events in the
// failures queue, of functions and schedules, are sent to their functions again. A
// message is deleted only after this succeeded, so an interrupted run loses nothing.
// It may repeat a message, which functions must expect anyway.
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
	queue := flag.String("queue", "", "the `queue`'s name without service and stage: clicks-dead, failures")
	flag.Parse()
	if *queue == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "redrive: name a queue: QUEUE=clicks-dead or QUEUE=failures (--queue)")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *service+"-"+*stage+"-", *queue); err != nil {
		fmt.Fprintln(os.Stderr, "redrive:", err)
		os.Exit(1)
	}
}
