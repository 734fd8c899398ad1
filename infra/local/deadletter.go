package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/minim-dev/minim/infra/local/template"
)

// sendDead puts an event that no function could process into a dead-letter queue.
func (s *site) sendDead(ctx context.Context, arn string, event []byte, attributes map[string]string) error {
	values := map[string]types.MessageAttributeValue{}
	for name, text := range attributes {
		kind := "String"
		if name == "ErrorCode" {
			kind = "Number"
		}
		values[name] = types.MessageAttributeValue{DataType: &kind, StringValue: &text}
	}
	for _, q := range template.Of[template.Queue](s.stack) {
		if q.ARN() == arn {
			url := s.options().QueueEndpoint + "/" + account + "/" + q.QueueName
			_, err := s.clients.SQS.SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String(string(event)), MessageAttributes: values})
			return err
		}
	}
	return fmt.Errorf("the stack has no queue %s", arn)
}
