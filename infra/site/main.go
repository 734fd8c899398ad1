// Command site publishes the front end into the site bucket, where the CDN looks
// for it, and takes it back.
//
//	site --stack minim-dev --dir build/frontend publish; nothing happens if it is current
//	site --stack minim-dev --list               which releases there are
//	site --stack minim-dev --rollback [--version 4f35ef1]
//
// The bucket and the distribution are those of the stack. Without one, as
// locally, --bucket names the bucket, and AWS_ENDPOINT_URL_S3 the server.
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
	flag.StringVar(&o.stack, "stack", "", "the `stack` whose site it is")
	flag.StringVar(&o.bucket, "bucket", "", "the site `bucket`, without a stack")
	flag.StringVar(&o.distribution, "distribution", "", "the `id` of the distribution to invalidate, without a stack")
	flag.StringVar(&o.dir, "dir", "build/frontend", "the `folder` to publish")
	flag.StringVar(&o.version, "version", "", "the `version` to publish, or to roll back to")
	flag.IntVar(&o.keep, "keep", 10, "how many earlier `releases` stay")
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
