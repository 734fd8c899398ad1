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

// show makes a release that is in the bucket the current one: its page becomes the
// site's, by one put. Releases of before may lack files of the root.
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

// copy puts a file of a release where visitors ask for it.
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

// tidy drops the oldest releases. The current one stays, however old.
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
				return fmt.Errorf("drop the release %s: %w", r.version, err)
			}
		}
	}
	return nil
}

// drop removes a release, its page first: what has no page is no release.
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

// invalidate tells the CDN that the page has changed, at each address that the router
// gives to it, and the files of the root. Nothing else ever changes.
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
