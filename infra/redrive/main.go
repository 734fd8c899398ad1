// Command redrive has done what had failed, once its cause is gone.
//
//	redrive --service minim --stage dev --queue clicks-dead
//
// Messages of a dead-letter queue go back to the queue that they came from. What
// functions and schedules failed to do, in the failures queue, is started again. A message
// leaves only when it has been taken elsewhere, so a run that breaks off loses
// nothing; it may repeat something, which the functions are used to.
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
	queue := flag.String("queue", "", "the `queue`, as it is called after service and stage: clicks-dead, failures")
	flag.Parse()
	if *queue == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "redrive: which queue? QUEUE=clicks-dead or QUEUE=failures (--queue)")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *service+"-"+*stage+"-", *queue); err != nil {
		fmt.Fprintln(os.Stderr, "redrive:", err)
		os.Exit(1)
	}
}
