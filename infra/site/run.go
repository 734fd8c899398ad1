package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/minim-dev/minim/infra/target"
)

// run lists, rolls back or publishes, according to the options, and prints the result.
func run(ctx context.Context, o options) error {
	cfg, err := target.Config(ctx)
	if err != nil {
		return err
	}
	s, err := find(ctx, cfg, o)
	if err != nil {
		return err
	}
	switch {
	case o.list:
		all, err := s.releases(ctx)
		for _, r := range all {
			mark := map[bool]string{true: "current"}[r.current]
			fmt.Printf("%s  %-30s %s\n", r.at, r.version, mark)
		}
		return err
	case o.rollback:
		version, err := s.rollback(ctx, o.version)
		if err == nil {
			fmt.Printf("site: %s is current\n", version)
		}
		return err
	}
	r, err := build(os.DirFS(o.dir), cmp.Or(o.version, "unknown"))
	if err != nil {
		return err
	}
	published, err := s.publish(ctx, r)
	if err == nil {
		fmt.Printf("site: %s %s\n", r.version, map[bool]string{true: "is published", false: "is already current"}[published])
	}
	return err
}

// find returns the site in the bucket that the options name.
func find(ctx context.Context, cfg aws.Config, o options) (*site, error) {
	if o.stack != "" {
		stack, err := target.Find(ctx, cloudformation.NewFromConfig(cfg), o.stack)
		if err != nil {
			return nil, err
		}
		o.bucket, o.distribution = stack.Resource("SiteBucket"), stack.Resource("Distribution")
	}
	if o.bucket == "" {
		return nil, errors.New("set --stack minim-dev or --bucket NAME")
	}
	store := s3.NewFromConfig(cfg, func(o *s3.Options) { o.DisableLogOutputChecksumValidationSkipped = true })
	s := &site{store: store, bucket: o.bucket, keep: o.keep, now: time.Now}
	s.changed = func(context.Context) error { return nil }
	if o.distribution != "" {
		tell := invalidate(cloudfront.NewFromConfig(cfg), o.distribution, time.Now().UTC().Format(time.RFC3339Nano))
		s.changed = func(ctx context.Context) error {
			if err := tell(ctx); err != nil {
				fmt.Fprintln(os.Stderr, "site: switched, but the CDN was not invalidated; its copy expires within seconds:", err)
			}
			return nil
		}
	}
	return s, nil
}
