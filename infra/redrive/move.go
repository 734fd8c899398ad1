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

// deadLetterTarget is the dead-letter queue that a redrive policy names, "" for none.
func deadLetterTarget(policy string) string {
	var p struct {
		Target string `json:"deadLetterTargetArn"`
	}
	_ = json.Unmarshal([]byte(policy), &p) // most queues have none
	return p.Target
}

// move asks SQS to move the messages back to their source queue, and waits until it has.
func (r *redrive) move(ctx context.Context, arn string) error {
	earlier, err := r.moves(ctx, arn)
	if err != nil {
		return err
	}
	started, err := r.queues.StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{SourceArn: &arn})
	if err != nil {
		return fmt.Errorf("start the move: %w", err)
	}
	for {
		tasks, err := r.moves(ctx, arn)
		if err != nil {
			return err
		}
		task := find(tasks, aws.ToString(started.TaskHandle), earlier)
		switch status := aws.ToString(task.Status); status {
		case "COMPLETED":
			fmt.Fprintf(r.output, "%d messages are back in their queue\n", task.ApproximateNumberOfMessagesMoved)
			return nil
		case "FAILED", "CANCELLED":
			return fmt.Errorf("the move is %s after %d messages: %s", status, task.ApproximateNumberOfMessagesMoved, aws.ToString(task.FailureReason))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("SQS is still moving messages; check the queue later: %w", ctx.Err())
		case <-time.After(time.Second):
		}
	}
}

// moves lists the latest moves from a queue, newest first.
func (r *redrive) moves(ctx context.Context, arn string) ([]types.ListMessageMoveTasksResultEntry, error) {
	got, err := r.queues.ListMessageMoveTasks(ctx, &sqs.ListMessageMoveTasksInput{SourceArn: &arn, MaxResults: aws.Int32(10)})
	if err != nil {
		return nil, fmt.Errorf("list the moves from %s: %w", arn, err)
	}
	return got.Results, nil
}

// find returns the task with the handle. SQS lists handles of running tasks only. Since a queue has one running task
// at a time, an ended task is the first one without a handle that was not listed before the start.
// The zero task means that SQS does not list it yet.
func find(tasks []types.ListMessageMoveTasksResultEntry, handle string, earlier []types.ListMessageMoveTasksResultEntry) (mine types.ListMessageMoveTasksResultEntry) {
	for _, task := range tasks {
		if aws.ToString(task.TaskHandle) == handle {
			return task
		}
		known := slices.ContainsFunc(earlier, func(e types.ListMessageMoveTasksResultEntry) bool { return e.StartedTimestamp == task.StartedTimestamp })
		if task.TaskHandle == nil && !known {
			mine = task
		}
	}
	return mine
}

// unknown reports whether the server does not support moving messages, as is the case
// for local SQS emulators.
func unknown(err error) bool {
	var api smithy.APIError
	codes := []string{"InvalidAction", "UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation", "UnknownOperationException"}
	return errors.As(err, &api) && slices.Contains(codes, api.ErrorCode())
}

// carry sends the messages back one by one.
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
