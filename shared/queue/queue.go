// Package queue sends messages to SQS.
package queue

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// The limits of one request to SQS.
const (
	maxMessages = 10
	maxBytes    = 256 << 10
)

// tries is how often messages are sent that SQS refused through no fault of theirs.
const tries = 3

// Client returns an SQS client for the given configuration. One client serves
// a whole execution environment.
func Client(cfg aws.Config) *sqs.Client {
	return sqs.NewFromConfig(cfg, func(o *sqs.Options) {
		o.HTTPClient = awshttp.NewBuildableClient().
			WithTimeout(3 * time.Second).
			WithTransportOptions(func(t *http.Transport) { t.IdleConnTimeout = 30 * time.Second })
	})
}

// Queue is one SQS queue, to send to. It is safe for concurrent use.
type Queue struct {
	client *sqs.Client
	url    string
}

// New returns the queue at a URL.
func New(client *sqs.Client, url string) *Queue { return &Queue{client: client, url: url} }

// Send sends messages of up to 256 KB each, in as few requests as it can. SQS
// delivers each at least once and in no order. After an error some of them may
// have been sent.
func (q *Queue) Send(ctx context.Context, bodies ...string) error {
	if len(bodies) == 1 {
		if _, err := q.client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &q.url, MessageBody: &bodies[0]}); err != nil {
			return fmt.Errorf("send message: %w", err)
		}
		return nil
	}
	for len(bodies) > 0 {
		part := bodies[:fitting(bodies)]
		bodies = bodies[len(part):]
		if err := q.sendBatch(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// fitting returns how many of the first messages fit into one request, at least one.
func fitting(bodies []string) int {
	size := 0
	for n, body := range bodies {
		size += len(body)
		if n == maxMessages || n > 0 && size > maxBytes {
			return n
		}
	}
	return len(bodies)
}

// sendBatch sends the messages of one request, and those again that failed for
// a reason on the other side.
func (q *Queue) sendBatch(ctx context.Context, bodies []string) error {
	entries := make([]types.SendMessageBatchRequestEntry, len(bodies))
	for n := range bodies {
		entries[n] = types.SendMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(n)), MessageBody: &bodies[n]}
	}
	for try := 1; ; try++ {
		out, err := q.client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &q.url, Entries: entries})
		if err != nil {
			return fmt.Errorf("send %d messages: %w", len(entries), err)
		}
		if len(out.Failed) == 0 {
			return nil
		}
		entries = entries[:0]
		for _, failed := range out.Failed {
			n, err := strconv.Atoi(aws.ToString(failed.Id))
			if err != nil || n >= len(bodies) || failed.SenderFault || try == tries {
				return fmt.Errorf("send messages: %d of %d failed: %s: %s",
					len(out.Failed), len(bodies), aws.ToString(failed.Code), aws.ToString(failed.Message))
			}
			entries = append(entries, types.SendMessageBatchRequestEntry{Id: failed.Id, MessageBody: &bodies[n]})
		}
	}
}
