package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/minim-dev/minim/infra/local/ses"
	"github.com/minim-dev/minim/infra/local/sns"
	"github.com/minim-dev/minim/infra/local/template"
)

// planTopics reads the topics and subscriptions of the template.
func (c *cloud) planTopics() (err error) {
	o := sns.Options{Region: region, Account: account, Queue: c.sendLetter, Function: c.deliver, Mail: c.sendMail}
	for _, t := range template.Of[template.Topic](c.stack) {
		o.Topics = append(o.Topics, sns.Topic{
			ARN: t.ARN(), Name: t.TopicName, DisplayName: t.DisplayName, FIFO: t.FifoTopic, ContentBasedDeduplication: t.ContentBasedDeduplication,
		})
		for i, inner := range t.Subscription {
			o.Subscriptions = append(o.Subscriptions, sns.Subscription{
				ARN: fmt.Sprintf("%s:%d", t.ARN(), i), TopicARN: t.ARN(), Protocol: inner.Protocol, Endpoint: inner.Endpoint,
			})
		}
	}
	for _, v := range template.Of[template.Subscription](c.stack) {
		o.Subscriptions = append(o.Subscriptions, sns.Subscription{
			ARN: v.ARN(), TopicARN: v.TopicArn, Protocol: v.Protocol, Endpoint: v.Endpoint,
			Raw: v.RawMessageDelivery, Filter: v.FilterPolicy, FilterScope: v.FilterPolicyScope,
		})
	}
	var errs []error
	for _, sub := range o.Subscriptions {
		errs = append(errs, c.endpoint(sub))
	}
	c.topics, err = sns.New(o)
	return errors.Join(append(errs, err)...)
}

// endpoint finds a subscription that reaches nothing of the stack.
func (c *cloud) endpoint(sub sns.Subscription) error {
	switch sub.Protocol {
	case "sqs":
		for _, q := range template.Of[template.Queue](c.stack) {
			if q.ARN() == sub.Endpoint {
				return nil
			}
		}
		return fmt.Errorf("%s: Endpoint: %q is not a queue of the stack", sub.ARN, sub.Endpoint)
	case "lambda":
		for _, f := range template.Of[template.Function](c.stack) {
			if f.ARN() == sub.Endpoint {
				return nil
			}
		}
		return fmt.Errorf("%s: Endpoint: %q is not a function of the stack", sub.ARN, sub.Endpoint)
	}
	return nil
}

// sendLetter puts what was published into a queue of the stack.
func (c *cloud) sendLetter(ctx context.Context, arn string, l sns.Letter) error {
	in := &awssqs.SendMessageInput{
		QueueUrl: aws.String(c.options().QueueEndpoint + "/" + account + "/" + arn[strings.LastIndex(arn, ":")+1:]), MessageBody: &l.Body,
	}
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
	_, err := c.clients.SQS.SendMessage(ctx, in)
	return err
}

// sendMail puts what was published into the outbox.
func (c *cloud) sendMail(from, to, subject, text string) error {
	e := ses.Email{FromEmailAddress: from, Destination: ses.Destination{ToAddresses: []string{to}}}
	e.Content.Simple = &ses.Simple{Subject: ses.Text{Data: subject}}
	e.Content.Simple.Body.Text = &ses.Text{Data: text}
	_, err := c.mail.Send(e)
	return err
}
