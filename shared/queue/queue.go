// Package queue sends messages to SQS.
package queue

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// Client returns an SQS client for the given configuration. One client serves
// a whole execution environment.
func Client(cfg aws.Config) *sqs.Client { return sqs.NewFromConfig(cfg) }

// Unsent reports whether err proves that no message reached the queue: there was
// no connection, or SQS refused the request. After any other error, such as a
// timeout, SQS may have stored it.
func Unsent(err error) bool {
	if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
		return true
	}
	_, answered := errors.AsType[*awshttp.ResponseError](err)
	return answered
}

// Queue is one SQS queue, to send to. It is safe for concurrent use.
type Queue struct {
	client *sqs.Client
	url    string
}

// New returns the queue at a URL.
func New(client *sqs.Client, url string) *Queue { return &Queue{client: client, url: url} }

// Send sends a message of at most 1 MiB. SQS delivers it at least once.
func (q *Queue) Send(ctx context.Context, body string) error {
	if _, err := q.client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &q.url, MessageBody: &body}); err != nil {
		return fmt.Errorf("send message: %w", err)
	}
	return nil
}
