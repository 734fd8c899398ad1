package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	cdn "github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// show makes a release in the bucket the current one: a single put replaces the site's
// page. Older releases may lack root files.
func (s *site) show(ctx context.Context, version string) error {
	for _, name := range rootFiles {
		err := s.copy(ctx, version, name, name, anHour)
		if _, missing := errors.AsType[*types.NoSuchKey](err); err != nil && !missing {
			return err
		}
	}
	if err := s.copy(ctx, version, page, prefix+page, askFirst); err != nil {
		return err
	}
	return s.changed(ctx)
}

// copy copies a file of a release to its public address.
func (s *site) copy(ctx context.Context, version, name, to, keep string) error {
	key := prefix + folder(version) + name
	found, err := s.store.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: &key})
	if err != nil {
		return fmt.Errorf("read %s: %w", key, err)
	}
	defer found.Body.Close()
	data, err := io.ReadAll(found.Body)
	if err != nil {
		return fmt.Errorf("read %s: %w", key, err)
	}
	return s.put(ctx, to, file{name, aws.ToString(found.ContentType), data}, keep, version)
}

// tidy deletes the oldest releases, but never the current one.
func (s *site) tidy(ctx context.Context) error {
	all, err := s.releases(ctx)
	if err != nil {
		return err
	}
	kept := 0
	for _, r := range all {
		switch {
		case r.current:
		case kept < s.keep:
			kept++
		default:
			if err := s.drop(ctx, r.version); err != nil {
				return fmt.Errorf("delete the release %s: %w", r.version, err)
			}
		}
	}
	return nil
}

// drop deletes a release, its page first: without a page it does not count as a release.
func (s *site) drop(ctx context.Context, version string) error {
	first := prefix + folder(version) + page
	if _, err := s.store.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: &first}); err != nil {
		return err
	}
	pages := s3.NewListObjectsV2Paginator(s.store, &s3.ListObjectsV2Input{Bucket: &s.bucket, Prefix: aws.String(prefix + folder(version))})
	for pages.HasMorePages() {
		found, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		var keys []types.ObjectIdentifier
		for _, object := range found.Contents {
			keys = append(keys, types.ObjectIdentifier{Key: object.Key})
		}
		if len(keys) == 0 {
			continue
		}
		done, err := s.store.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &s.bucket, Delete: &types.Delete{Objects: keys}})
		if err != nil {
			return err
		}
		if len(done.Errors) > 0 {
			return fmt.Errorf("%s: %s", aws.ToString(done.Errors[0].Key), aws.ToString(done.Errors[0].Message))
		}
	}
	return nil
}

// invalidate removes the page, at all addresses that the router maps to it, and the root
// files from the CDN's cache. Nothing else ever changes.
func invalidate(client *cloudfront.Client, distribution string, reference string) func(context.Context) error {
	return func(ctx context.Context) error {
		paths := []string{"/", "/app", "/" + prefix + page}
		for _, name := range rootFiles {
			paths = append(paths, "/"+name)
		}
		_, err := client.CreateInvalidation(ctx, &cloudfront.CreateInvalidationInput{
			DistributionId: &distribution,
			InvalidationBatch: &cdn.InvalidationBatch{
				CallerReference: &reference,
				Paths:           &cdn.Paths{Items: paths, Quantity: aws.Int32(int32(len(paths)))},
			},
		})
		return err
	}
}
