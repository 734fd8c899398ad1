package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// failed is an event that was not processed, with its function.
type failed struct {
	function string
	event    []byte
}

// startAgain invokes the functions again with all events of the queue. A message without an event stays
// in the queue: for a stream it contains only the position of the records, and a person must decide.
func (r *redrive) startAgain(ctx context.Context, url string) error {
	started := map[string]int{}
	_, left, err := r.each(ctx, url, func(m types.Message) (bool, error) {
		event, ok := read(m)
		if !ok {
			fmt.Fprintf(r.output, "left in the queue, because it contains no event: %s: %.200s\n", aws.ToString(m.MessageId), aws.ToString(m.Body))
			return false, nil
		}
		_, err := r.functions.Invoke(ctx, &lambda.InvokeInput{
			FunctionName: &event.function, InvocationType: lambdatypes.InvocationTypeEvent, Payload: event.event,
		})
		if err != nil {
			return false, fmt.Errorf("start %s: %w", event.function, err)
		}
		started[event.function]++
		return true, nil
	})
	for function, count := range started {
		fmt.Fprintf(r.output, "%s: %d events started again\n", function, count)
	}
	if err == nil && len(started) == 0 && left == 0 {
		fmt.Fprintln(r.output, "the queue is empty")
	}
	return err
}

// read returns the event in a message. The message is Lambda's record of an asynchronous invocation
// whose retries are used up, or the event of a schedule that could not invoke its function.
func read(m types.Message) (failed, bool) {
	body := []byte(aws.ToString(m.Body))
	if arn := aws.ToString(m.MessageAttributes["TARGET_ARN"].StringValue); arn != "" {
		return failed{arn, body}, json.Valid(body)
	}
	var record struct {
		RequestContext struct {
			FunctionArn string `json:"functionArn"`
		} `json:"requestContext"`
		RequestPayload json.RawMessage `json:"requestPayload"`
	}
	err := json.Unmarshal(body, &record)
	ok := err == nil && record.RequestContext.FunctionArn != "" && len(record.RequestPayload) > 0
	return failed{unversioned(record.RequestContext.FunctionArn), record.RequestPayload}, ok
}

// unversioned returns the ARN without a version, so that the current code gets the event, not the version that failed.
func unversioned(arn string) string {
	parts := strings.Split(arn, ":")
	if last := parts[len(parts)-1]; len(parts) == 8 && (last == "$LATEST" || strings.Trim(last, "0123456789") == "") {
		return strings.Join(parts[:7], ":")
	}
	return arn
}
