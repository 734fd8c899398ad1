// Command site publishes the front end to the site bucket, from which the CDN
// serves it, and rolls it back.
//
//	site --stack minim-dev --dir build/frontend publish, unless it is current
//	site --stack minim-dev --list               list the releases
//	site --stack minim-dev --rollback [--version 4f35ef1]
//
// The bucket and the distribution are those of the stack. Without a stack, as
// in the local cloud, --bucket names the bucket and AWS_ENDPOINT_URL_S3 the server.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

type options struct {
	stack, bucket, distribution, dir, version string
	keep                                      int
	list, rollback                            bool
}

func main() {
	var o options
	flag.StringVar(&o.stack, "stack", "", "the `stack` of the site")
	flag.StringVar(&o.bucket, "bucket", "", "the site `bucket`, without a stack")
	flag.StringVar(&o.distribution, "distribution", "", "the `ID` of the distribution to invalidate, without a stack")
	flag.StringVar(&o.dir, "dir", "build/frontend", "the `folder` to publish")
	flag.StringVar(&o.version, "version", "", "the `version` to publish, or to roll back to")
	flag.IntVar(&o.keep, "keep", 10, "the `number` of earlier releases to keep")
	flag.BoolVar(&o.list, "list", false, "list the releases")
	flag.BoolVar(&o.rollback, "rollback", false, "go back to the release before this one, or to --version")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "site:", err)
		os.Exit(1)
	}
}
