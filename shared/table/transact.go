package table

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// answerTime is how long before its context ends a transaction is no longer
// retried, so that the caller can still report the failure.
const answerTime = 500 * time.Millisecond

// RetryPause returns how long to wait after a failed attempt: a random time
// that grows with the number of attempts. The function draw returns a number in [0, n).
func RetryPause(attempt int, draw func(n int) int) time.Duration {
	return time.Duration(draw(int(10 * time.Millisecond << min(attempt, 6))))
}

// refusedError reports that a transaction wrote nothing because the conditions
// of some of its writes failed.
type refusedError struct {
	writes []int // the writes whose conditions failed
	cause  error
}

func (e *refusedError) Error() string {
	return fmt.Sprintf("the conditions of writes %v failed: %v", e.writes, e.cause)
}

func (e *refusedError) Unwrap() error { return e.cause }

// refusedAt reports whether transact failed by the condition of the nth write.
func refusedAt(err error, n int) bool {
	refused, ok := errors.AsType[*refusedError](err)
	return ok && slices.Contains(refused.writes, n)
}

// transact commits all writes or none. If conditions failed, the error is a
// refusedError. Transactions that lose against others, throttled requests and
// lost answers are retried until shortly before ctx ends.
//
// A conditional write whose answer can get lost uses transact even if it is
// alone: DynamoDB recognizes the repetition by its token and reports success,
// where a repeated PutItem or UpdateItem would fail because of its own first write.
func transact(ctx context.Context, db *dynamodb.Client, writes ...types.TransactWriteItem) error {
	return transactEach(ctx, db, func(int) ([]types.TransactWriteItem, error) { return writes, nil })
}

// transactEach is transact for writes that depend on what others have written
// meanwhile: build returns those of an attempt. After a lost answer the same
// writes are sent with the same token; build is called again only when it is
// certain that the last attempt wrote nothing.
func transactEach(ctx context.Context, db *dynamodb.Client, build func(attempt int) ([]types.TransactWriteItem, error)) error {
	var request *dynamodb.TransactWriteItemsInput
	for attempt := 0; ; attempt++ {
		if request == nil {
			writes, err := build(attempt)
			if err != nil {
				return err
			}
			request = &dynamodb.TransactWriteItemsInput{TransactItems: writes, ClientRequestToken: aws.String(rand.Text())}
		}
		_, err := db.TransactWriteItems(ctx, request, once)
		cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
		switch {
		case err == nil:
			return nil
		case ok:
			if err := judge(cancelled.CancellationReasons, len(request.TransactItems), err); err != nil {
				return err
			}
			request = nil // a cancelled transaction has ended; the next one needs its own token
		case !passing(err):
			return err
		}
		if endErr := backOff(ctx, attempt); endErr != nil {
			return fmt.Errorf("%w, after %w", endErr, err)
		}
	}
}

// once leaves retries to transact: the SDK's own would follow another policy.
func once(o *dynamodb.Options) { o.Retryer = aws.NopRetryer{} }

// judge returns nil if a cancelled transaction can be retried. DynamoDB lists
// one reason for each write; anything else is an error, and so is a
// cancellation that no write caused. A failed condition is final only if no write conflicted: the condition may have
// seen half of a concurrent transaction.
func judge(reasons []types.CancellationReason, writes int, cause error) error {
	if len(reasons) != writes {
		return fmt.Errorf("%d cancellation reasons for %d writes: %w", len(reasons), writes, cause)
	}
	var refused []int
	lost := false
	for n, reason := range reasons {
		switch code := aws.ToString(reason.Code); code {
		case "None", "":
		case "ConditionalCheckFailed":
			refused = append(refused, n)
		case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
			lost = true
		default:
			return fmt.Errorf("write %d: %s: %w", n, code, cause)
		}
	}
	switch {
	case lost:
		return nil
	case refused != nil:
		return &refusedError{refused, cause}
	default:
		return fmt.Errorf("cancelled without a reason: %w", cause)
	}
}

// passing reports whether a request may succeed if it is sent again: errors
// that the SDK retries, and an answer that was cut off.
func passing(err error) bool {
	return retry.NewStandard().IsErrorRetryable(err) || errors.Is(err, io.ErrUnexpectedEOF)
}

// backOff waits before the next attempt. It returns an error if ctx ends before
// that attempt could be answered.
func backOff(ctx context.Context, attempt int) error {
	wait := RetryPause(attempt, mathrand.IntN)
	if deadline, limited := ctx.Deadline(); limited && time.Until(deadline) < wait+answerTime {
		return context.DeadlineExceeded
	}
	return pause(ctx, wait)
}

// pause waits. It returns an error if ctx ends before.
func pause(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
