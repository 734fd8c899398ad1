package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/minim-dev/minim/infra/target"
)

// redrive reprocesses the messages of a queue of failures.
type redrive struct {
	queues    *sqs.Client
	functions *lambda.Client
	output    io.Writer
}

func run(ctx context.Context, prefix, queue string) error {
	cfg, err := target.Config(ctx)
	if err != nil {
		return err
	}
	r := redrive{queues: sqs.NewFromConfig(cfg), functions: lambda.NewFromConfig(cfg), output: os.Stdout}
	return r.run(ctx, prefix, queue)
}

func (r *redrive) run(ctx context.Context, prefix, queue string) error {
	found, err := r.queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(prefix + queue)})
	var missing *types.QueueDoesNotExist
	if errors.As(err, &missing) {
		return fmt.Errorf("there is no queue %s%s", prefix, queue)
	}
	if err != nil {
		return fmt.Errorf("find the queue %s%s: %w", prefix, queue, err)
	}
	dead := aws.ToString(found.QueueUrl)
	arn, err := r.attribute(ctx, dead, types.QueueAttributeNameQueueArn)
	if err != nil {
		return err
	}
	source, err := r.source(ctx, prefix, arn)
	if err != nil {
		return err
	}
	if source == "" {
		return r.startAgain(ctx, dead)
	}
	err = r.move(ctx, arn)
	if unknown(err) {
		err = r.carry(ctx, dead, source)
	}
	return err
}

// source returns the URL of the queue whose dead-letter queue has the ARN, "" if there is
// none.
func (r *redrive) source(ctx context.Context, prefix, arn string) (string, error) {
	pages := sqs.NewListQueuesPaginator(r.queues, &sqs.ListQueuesInput{QueueNamePrefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", fmt.Errorf("list the queues: %w", err)
		}
		for _, url := range page.QueueUrls {
			policy, err := r.attribute(ctx, url, types.QueueAttributeNameRedrivePolicy)
			if err != nil {
				return "", err
			}
			if deadLetterTarget(policy) == arn {
				return url, nil
			}
		}
	}
	return "", nil
}

func (r *redrive) attribute(ctx context.Context, url string, name types.QueueAttributeName) (string, error) {
	got, err := r.queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{name}})
	if err != nil {
		return "", fmt.Errorf("read %s of %s: %w", name, url, err)
	}
	return got.Attributes[string(name)], nil
}

// each calls take once for each message in the queue, and deletes the messages for which
// take returns true. The others reappear after the queue's visibility timeout.
func (r *redrive) each(ctx context.Context, url string, take func(types.Message) (bool, error)) (taken, left int, err error) {
	seen := map[string]bool{}
	for {
		got, err := r.queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: &url, MaxNumberOfMessages: 10, WaitTimeSeconds: 1, MessageAttributeNames: []string{"All"},
		})
		if err != nil {
			return taken, left, fmt.Errorf("receive: %w", err)
		}
		fresh := false
		for _, message := range got.Messages {
			if seen[*message.MessageId] {
				continue
			}
			seen[*message.MessageId], fresh = true, true
			ok, err := take(message)
			if err != nil {
				return taken, left, err
			}
			if !ok {
				left++
				continue
			}
			if _, err := r.queues.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: message.ReceiptHandle}); err != nil {
				return taken, left, fmt.Errorf("delete a message (it may be processed twice): %w", err)
			}
			taken++
		}
		if !fresh {
			return taken, left, nil
		}
	}
}
