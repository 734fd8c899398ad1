package batch

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
)

// Object is an object that was created in S3.
type Object struct {
	Bucket string
	Key    string // decoded: the event's is encoded as in a query string
	Size   int64  // bytes
}

// Objects makes a Lambda function of one that handles an object. Every record
// of an event is handled, whatever happens to the others. An asynchronous event
// can only be tried again as a whole, so that one error fails it: handling the
// same object twice must change nothing. The event without records by which S3
// tests a new notification does nothing.
func Objects(handle func(context.Context, Object) error) func(context.Context, events.S3Event) error {
	return func(ctx context.Context, event events.S3Event) error {
		var failed []error
		for _, record := range event.Records {
			object := Object{Bucket: record.S3.Bucket.Name, Key: record.S3.Object.URLDecodedKey, Size: record.S3.Object.Size}
			if err := try(ctx, func() error { return handle(ctx, object) }); err != nil {
				failed = append(failed, fmt.Errorf("handle %s: %w", object.Key, err))
			}
		}
		return errors.Join(failed...)
	}
}
