// Package queue sends messages to SQS.
package queue

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

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

// Send sends a message of at most 1 MiB. SQS delivers it at least once.
func (q *Queue) Send(ctx context.Context, body string) error {
	if _, err := q.client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &q.url, MessageBody: &body}); err != nil {
		return fmt.Errorf("send message: %w", err)
	}
	return nil
}
