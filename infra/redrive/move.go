package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
)

// target is the dead-letter queue that a redrive policy names, "" for none.
func target(policy string) string {
	var p struct {
		Target string `json:"deadLetterTargetArn"`
	}
	_ = json.Unmarshal([]byte(policy), &p) // most queues have none
	return p.Target
}

// move has SQS itself bring the messages back to where they came from, and waits.
func (r *redrive) move(ctx context.Context, arn string) error {
	if _, err := r.queues.StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{SourceArn: &arn}); err != nil {
		return fmt.Errorf("have the messages moved: %w", err)
	}
	for {
		got, err := r.queues.ListMessageMoveTasks(ctx, &sqs.ListMessageMoveTasksInput{SourceArn: &arn})
		if err != nil {
			return fmt.Errorf("ask how far the move is: %w", err)
		}
		if len(got.Results) > 0 {
			task := got.Results[0]
			switch status := aws.ToString(task.Status); status {
			case "COMPLETED":
				fmt.Fprintf(r.output, "%d messages are back in their queue\n", task.ApproximateNumberOfMessagesMoved)
				return nil
			case "FAILED", "CANCELLED":
				return fmt.Errorf("the move is %s after %d messages: %s", status, task.ApproximateNumberOfMessagesMoved, aws.ToString(task.FailureReason))
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("SQS goes on moving: %w", ctx.Err())
		case <-time.After(time.Second):
		}
	}
}

// unknown reports whether the server does not know how to move messages, as SQS
// servers for one machine do not.
func unknown(err error) bool {
	var api smithy.APIError
	codes := []string{"InvalidAction", "UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation", "UnknownOperationException"}
	return errors.As(err, &api) && slices.Contains(codes, api.ErrorCode())
}

// carry brings the messages back one by one.
func (r *redrive) carry(ctx context.Context, from, to string) error {
	taken, _, err := r.each(ctx, from, func(m types.Message) (bool, error) {
		_, err := r.queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &to, MessageBody: m.Body, MessageAttributes: m.MessageAttributes})
		if err != nil {
			return false, fmt.Errorf("send back: %w", err)
		}
		return true, nil
	})
	fmt.Fprintf(r.output, "%d messages are back in their queue\n", taken)
	return err
}
