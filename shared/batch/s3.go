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
	Key    string // decoded: the event's key is encoded as in a query string
	Size   int64  // bytes
}

// Objects makes a Lambda function from one that handles an object. Every record of an
// event is handled, even if others fail. An asynchronous event can only be retried
// as a whole, so one error fails it: handling the same object twice must change
// nothing. S3's test event of a new notification, which has no records, is ignored.
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
