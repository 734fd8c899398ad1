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

// failed is an event that was not dealt with: whose it is, and the event.
type failed struct {
	function string
	event    []byte
}

// startAgain has every event of the queue dealt with again. A message that holds no event
// stays: that of a stream tells only where the records are, and a person decides.
func (r *redrive) startAgain(ctx context.Context, url string) error {
	started := map[string]int{}
	_, left, err := r.each(ctx, url, func(m types.Message) (bool, error) {
		event, ok := read(m)
		if !ok {
			fmt.Fprintf(r.output, "left where it is, as there is no event in it: %s: %.200s\n", aws.ToString(m.MessageId), aws.ToString(m.Body))
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

// read finds the event in a message: in the record that Lambda writes for an asynchronous
// invocation whose retries are used up, or in the start that a schedule could not make.
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

// unversioned is the function as it is now: the version that failed is not tried again.
func unversioned(arn string) string {
	parts := strings.Split(arn, ":")
	if last := parts[len(parts)-1]; len(parts) == 8 && (last == "$LATEST" || strings.Trim(last, "0123456789") == "") {
		return strings.Join(parts[:7], ":")
	}
	return arn
}
