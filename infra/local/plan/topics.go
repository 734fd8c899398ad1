package plan

import (
	"errors"
	"fmt"

	"github.com/minim-dev/minim/infra/local/sns"
	"github.com/minim-dev/minim/infra/local/template"
)

// topics plans the topics and subscriptions of the stack.
func (p *planner) topics(plan *Plan) error {
	for _, t := range template.Of[template.Topic](p.stack) {
		plan.Topics = append(plan.Topics, sns.Topic{
			ARN: t.ARN(), Name: t.TopicName, DisplayName: t.DisplayName, FIFO: t.FifoTopic, ContentBasedDeduplication: t.ContentBasedDeduplication,
		})
		for i, inner := range t.Subscription {
			plan.Subscriptions = append(plan.Subscriptions, sns.Subscription{
				ARN: fmt.Sprintf("%s:%d", t.ARN(), i), TopicARN: t.ARN(), Protocol: inner.Protocol, Endpoint: inner.Endpoint,
			})
		}
	}
	for _, v := range template.Of[template.Subscription](p.stack) {
		plan.Subscriptions = append(plan.Subscriptions, sns.Subscription{
			ARN: v.ARN(), TopicARN: v.TopicArn, Protocol: v.Protocol, Endpoint: v.Endpoint,
			Raw: v.RawMessageDelivery, Filter: v.FilterPolicy, FilterScope: v.FilterPolicyScope,
		})
	}
	var errs []error
	for _, sub := range plan.Subscriptions {
		errs = append(errs, p.endpoint(sub))
	}
	return errors.Join(append(errs, sns.Check(plan.Topics, plan.Subscriptions))...)
}

// endpoint returns an error if the endpoint of a subscription is a queue or function outside the stack.
func (p *planner) endpoint(sub sns.Subscription) error {
	switch sub.Protocol {
	case "sqs":
		for _, q := range template.Of[template.Queue](p.stack) {
			if q.ARN() == sub.Endpoint {
				return nil
			}
		}
		return fmt.Errorf("%s: Endpoint: %q is not a queue of the stack", sub.ARN, sub.Endpoint)
	case "lambda":
		for _, f := range template.Of[template.Function](p.stack) {
			if f.ARN() == sub.Endpoint {
				return nil
			}
		}
		return fmt.Errorf("%s: Endpoint: %q is not a function of the stack", sub.ARN, sub.Endpoint)
	}
	return nil
}
