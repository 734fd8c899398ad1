// Command site publishes the front end: it puts the files of a folder into the
// site bucket below app/, where the CDN looks for them.
//
//	site --bucket minim-dev-site-123456789012 --dir frontend
//
// It finds S3 as the functions do: by AWS_REGION, the credentials and, locally,
// AWS_ENDPOINT_URL_S3.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/minim-dev/minim/shared/env"
)

func main() {
	bucket := flag.String("bucket", "", "the site `bucket` (required)")
	dir := flag.String("dir", "frontend", "the `folder` to publish")
	flag.Parse()
	if *bucket == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "site: a bucket is needed: site --bucket NAME [--dir frontend]")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	count, err := publish(ctx, s3.NewFromConfig(env.AWS("S3")), *bucket, os.DirFS(*dir))
	if err != nil {
		fmt.Fprintln(os.Stderr, "site:", err)
		os.Exit(1)
	}
	fmt.Printf("site: %d files published\n", count)
}
