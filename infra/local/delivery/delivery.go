// Package delivery delivers events to the queues, topics and functions of a stack by their ARNs, and published
// messages to the endpoints of subscriptions.
package delivery

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/minim-dev/minim/infra/local/bus"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/ses"
	"github.com/minim-dev/minim/infra/local/sns"
)

// Delivery delivers to the stack's destinations. Its fields must be set before the first event.
type Delivery struct {
	Queues    *sqs.Client
	QueueURLs map[string]string // by ARN
	Topics    *sns.Server
	Mail      *ses.Server
	Functions *lambda.Platform
	Buses     *bus.Server
}

// Send sends an event to the queue, topic or function with an ARN.
func (d *Delivery) Send(ctx context.Context, arn string, body []byte) error {
	if _, ok := lambda.FunctionName(arn); ok {
		return d.Function(ctx, arn, body)
	}
	if sns.IsTopic(arn) {
		return d.Topics.Publish(ctx, arn, string(body))
	}
	return d.queue(ctx, arn, &sqs.SendMessageInput{MessageBody: aws.String(string(body))})
}

// Grouped is like Send. For a FIFO queue, group is the message group.
func (d *Delivery) Grouped(ctx context.Context, arn string, body []byte, group string) error {
	if group == "" {
		return d.Send(ctx, arn, body)
	}
	id := sha256.Sum256(body)
	return d.queue(ctx, arn, &sqs.SendMessageInput{
		MessageBody: aws.String(string(body)), MessageGroupId: &group, MessageDeduplicationId: aws.String(hex.EncodeToString(id[:])),
	})
}

// Scheduled delivers the event of a schedule to its target: the name of a function, or an ARN.
func (d *Delivery) Scheduled(ctx context.Context, target string, event []byte) error {
	switch {
	case strings.HasPrefix(target, "arn:aws:events:"):
		return d.Buses.Fire(ctx, target, event)
	case strings.HasPrefix(target, "arn:"):
		return d.Send(ctx, target, event)
	}
	return d.Invoke(target, event)
}

// Function invokes a function asynchronously by its ARN.
func (d *Delivery) Function(_ context.Context, arn string, event []byte) error {
	name, ok := lambda.FunctionName(arn)
	if !ok {
		return fmt.Errorf("%s is not the ARN of a function", arn)
	}
	return d.Invoke(name, event)
}

// Invoke invokes a function asynchronously by its name.
func (d *Delivery) Invoke(function string, event []byte) error {
	_, err := d.Functions.InvokeAsync(function, event)
	return err
}

// SendDead sends a failed event to a dead-letter queue.
func (d *Delivery) SendDead(ctx context.Context, arn string, event []byte, attributes map[string]string) error {
	values := map[string]types.MessageAttributeValue{}
	for name, text := range attributes {
		kind := "String"
		if name == "ErrorCode" {
			kind = "Number"
		}
		values[name] = types.MessageAttributeValue{DataType: &kind, StringValue: &text}
	}
	return d.queue(ctx, arn, &sqs.SendMessageInput{MessageBody: aws.String(string(event)), MessageAttributes: values})
}

// Letter sends a message of a topic to a queue.
func (d *Delivery) Letter(ctx context.Context, arn string, l sns.Letter) error {
	in := &sqs.SendMessageInput{MessageBody: &l.Body}
	if l.Group != "" && strings.HasSuffix(arn, ".fifo") {
		in.MessageGroupId, in.MessageDeduplicationId = &l.Group, &l.Deduplication
	}
	for name, a := range l.Attributes {
		value := types.MessageAttributeValue{DataType: &a.Type, StringValue: &a.Value}
		if strings.HasPrefix(a.Type, "Binary") {
			data, err := base64.StdEncoding.DecodeString(a.Value)
			if err != nil {
				return fmt.Errorf("the attribute %s is not base64: %w", name, err)
			}
			value.StringValue, value.BinaryValue = nil, data
		}
		if in.MessageAttributes == nil {
			in.MessageAttributes = map[string]types.MessageAttributeValue{}
		}
		in.MessageAttributes[name] = value
	}
	return d.queue(ctx, arn, in)
}

// Email writes a message of a topic to the outbox.
func (d *Delivery) Email(from, to, subject, text string) error {
	e := ses.Email{FromEmailAddress: from, Destination: ses.Destination{ToAddresses: []string{to}}}
	e.Content.Simple = &ses.Simple{Subject: ses.Text{Data: subject}}
	e.Content.Simple.Body.Text = &ses.Text{Data: text}
	_, err := d.Mail.Send(e)
	return err
}

// EmailHTML writes a message of a user pool to the outbox.
func (d *Delivery) EmailHTML(from, to, subject, html string) error {
	e := ses.Email{FromEmailAddress: from, Destination: ses.Destination{ToAddresses: []string{to}}}
	e.Content.Simple = &ses.Simple{Subject: ses.Text{Data: subject}}
	e.Content.Simple.Body.Html = &ses.Text{Data: html}
	_, err := d.Mail.Send(e)
	return err
}

// Call runs a function by its name, and returns its answer. problem is the function's own error, or "" if it succeeded.
func (d *Delivery) Call(ctx context.Context, function string, event []byte) (answer []byte, problem string, err error) {
	result, err := d.Functions.Invoke(ctx, function, event)
	return result.Payload, result.FunctionError, err
}

func (d *Delivery) queue(ctx context.Context, arn string, in *sqs.SendMessageInput) error {
	url, ok := d.QueueURLs[arn]
	if !ok {
		return fmt.Errorf("the stack has no queue, topic or function %s", arn)
	}
	in.QueueUrl = &url
	_, err := d.Queues.SendMessage(ctx, in)
	return err
}
