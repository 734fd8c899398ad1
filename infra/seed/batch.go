package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// The limits of one request to SQS, and of one message.
const (
	maxMessages = 10
	maxBytes    = 1 << 20
)

// tries limits the attempts to send a message that SQS could not accept at first.
const tries = 3

// batches sends to an SQS queue in batches.
type batches struct {
	client *sqs.Client
	url    string
}

// Send sends messages in as few requests as possible. After an error some of them
// may have been sent.
func (b batches) Send(ctx context.Context, bodies ...string) error {
	for len(bodies) > 0 {
		part := bodies[:fitting(bodies)]
		bodies = bodies[len(part):]
		if err := b.send(ctx, part); err != nil {
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

// send sends the messages of one request, and retries those that failed on SQS's side.
func (b batches) send(ctx context.Context, bodies []string) error {
	entries := make([]types.SendMessageBatchRequestEntry, len(bodies))
	for n := range bodies {
		entries[n] = types.SendMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(n)), MessageBody: &bodies[n]}
	}
	for try := 1; ; try++ {
		out, err := b.client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &b.url, Entries: entries})
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
