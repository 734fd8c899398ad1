package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"golang.org/x/sync/errgroup"
)

// tables checks that every table exists and is active. It reads and writes no item.
func tables(db *dynamodb.Client, names ...string) check {
	return each(names, func(ctx context.Context, name string) error {
		out, err := db.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
		if err != nil {
			return err
		}
		if s := out.Table.TableStatus; s != types.TableStatusActive && s != types.TableStatusUpdating {
			return fmt.Errorf("its status is %s", s)
		}
		return nil
	})
}

// buckets checks that every bucket exists and that the function may list it.
func buckets(client *s3.Client, names ...string) check {
	return each(names, func(ctx context.Context, name string) error {
		_, err := client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &name})
		return err
	})
}

// queue checks that the queue exists. It sends no message.
func queue(client *sqs.Client, url string) check {
	return each([]string{url}, func(ctx context.Context, url string) error {
		_, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url})
		return err
	})
}

// each runs ask for all names at once and returns the first error.
func each(names []string, ask func(ctx context.Context, name string) error) check {
	return func(ctx context.Context) error {
		group, ctx := errgroup.WithContext(ctx)
		for _, name := range names {
			group.Go(func() error {
				if err := ask(ctx, name); err != nil {
					return fmt.Errorf("check %s: %w", name, err)
				}
				return nil
			})
		}
		return group.Wait()
	}
}
