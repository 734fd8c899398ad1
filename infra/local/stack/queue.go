package stack

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/minim-dev/minim/infra/local/template"
)

// queue creates a queue, or updates the attributes of an existing one.
func queue(ctx context.Context, client *sqs.Client, q *template.Queue) error {
	settings, err := settings(q)
	if err != nil {
		return fmt.Errorf("make the queue %s: %w", q.QueueName, err)
	}
	_, err = client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &q.QueueName, Attributes: settings})
	if isCode(err, "QueueNameExists", "QueueAlreadyExists", "AWS.SimpleQueueService.QueueNameExists") {
		there, look := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &q.QueueName})
		if look != nil {
			return fmt.Errorf("find the queue %s: %w", q.QueueName, look)
		}
		delete(settings, "FifoQueue")
		_, err = client.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: there.QueueUrl, Attributes: settings})
	}
	if err != nil {
		return fmt.Errorf("make the queue %s: %w", q.QueueName, err)
	}
	return nil
}

func settings(q *template.Queue) (map[string]string, error) {
	set := map[string]string{}
	for name, value := range map[string]*int{
		"DelaySeconds": q.DelaySeconds, "MaximumMessageSize": q.MaximumMessageSize, "MessageRetentionPeriod": q.MessageRetentionPeriod,
		"ReceiveMessageWaitTimeSeconds": q.ReceiveMessageWaitTimeSeconds, "VisibilityTimeout": q.VisibilityTimeout,
	} {
		if value != nil {
			set[name] = strconv.Itoa(*value)
		}
	}
	if q.FifoQueue {
		set["FifoQueue"] = "true"
		set["ContentBasedDeduplication"] = strconv.FormatBool(q.ContentBasedDeduplication)
	}
	if q.RedrivePolicy != nil {
		policy, err := json.Marshal(q.RedrivePolicy)
		if err != nil {
			return nil, err
		}
		set["RedrivePolicy"] = string(policy)
	}
	return set, nil
}
