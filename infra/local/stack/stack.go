// Package stack creates the tables, buckets and queues of a template in the emulators. It
// runs at every start: existing resources keep their data, and are updated if possible.
package stack

import (
	"context"
	"errors"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/minim-dev/minim/infra/local/template"
)

// Clients are clients of the emulators.
type Clients struct {
	DynamoDB *dynamodb.Client
	S3       *s3.Client
	SQS      *sqs.Client
}

// Apply creates or updates all resources. The error has a line for each resource that
// failed.
func Apply(ctx context.Context, c Clients, s *template.Stack) error {
	var mu sync.Mutex
	var errs []error
	failed := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			errs = append(errs, err)
		}
	}
	var all sync.WaitGroup
	all.Go(func() {
		for _, t := range template.Of[template.Table](s) {
			failed(table(ctx, c.DynamoDB, t))
		}
	})
	all.Go(func() {
		for _, b := range template.Of[template.Bucket](s) {
			failed(bucket(ctx, c.S3, b))
		}
	})
	all.Go(func() { // in order: a dead-letter queue must exist before its source queue
		for _, q := range template.Of[template.Queue](s) {
			failed(queue(ctx, c.SQS, q))
		}
	})
	all.Wait()
	return errors.Join(errs...)
}
