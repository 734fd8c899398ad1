// Package sns is an SNS with the topics and subscriptions of a template. It delivers to
// queues, functions and mail before it answers, so every acknowledged message is stored
// there. If a delivery fails, the publisher gets an error and retries.
package sns

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/minim-dev/minim/infra/local/pattern"
)

// Topic is a topic.
type Topic struct {
	ARN, Name, DisplayName          string
	FIFO, ContentBasedDeduplication bool
}

// Subscription delivers the messages of a topic to an endpoint.
type Subscription struct {
	ARN, TopicARN string
	Protocol      string // sqs, lambda, email or email-json
	Endpoint      string // an ARN, or an address
	Raw           bool   // queues get only the message, without an envelope
	Filter        json.RawMessage
	FilterScope   string // MessageAttributes, the default, or MessageBody

	filter *pattern.Pattern
}

// Letter is a message for a queue.
type Letter struct {
	Body                 string
	Attributes           map[string]Attribute // of a raw message
	Group, Deduplication string               // of a FIFO topic
}

// Attribute is an attribute of a message. The value is base64 if the type is Binary.
type Attribute struct{ Type, Value string }

// Options are the settings of a Server. If the callback for a protocol is nil, its subscriptions get nothing.
type Options struct {
	Region, Account string
	Topics          []Topic
	Subscriptions   []Subscription
	Queue           func(ctx context.Context, arn string, l Letter) error
	Function        func(ctx context.Context, arn string, event []byte) error
	Mail            func(from, to, subject, text string) error
}

// Server is an SNS. It is safe for concurrent use.
type Server struct {
	o        Options
	topics   map[string]Topic // by ARN
	sequence atomic.Uint64    // of FIFO topics
}

// Check returns an error with a line for each invalid subscription.
func Check(topics []Topic, subscriptions []Subscription) error {
	_, err := New(Options{Topics: topics, Subscriptions: slices.Clone(subscriptions)})
	return err
}

// New checks the subscriptions and returns a Server. The error has a line for each invalid subscription.
func New(o Options) (*Server, error) {
	s := &Server{o: o, topics: map[string]Topic{}}
	s.sequence.Store(uint64(time.Now().UnixNano()))
	for _, t := range o.Topics {
		s.topics[t.ARN] = t
	}
	var errs []error
	for i, sub := range o.Subscriptions {
		if err := s.prepare(&o.Subscriptions[i]); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", sub.ARN, err))
		}
	}
	return s, errors.Join(errs...)
}

func (s *Server) prepare(sub *Subscription) (err error) {
	switch t, ok := s.topics[sub.TopicARN]; {
	case !ok:
		return fmt.Errorf("TopicArn: %q is not a topic of the stack", sub.TopicARN)
	case t.FIFO && sub.Protocol != "sqs":
		return fmt.Errorf("a FIFO topic delivers to queues only, not by the protocol %q", sub.Protocol)
	}
	switch sub.Protocol {
	case "sqs", "lambda", "email", "email-json":
	default:
		return fmt.Errorf("the protocol %q is not supported by the local cloud, which supports sqs, lambda, email and email-json", sub.Protocol)
	}
	switch sub.FilterScope {
	case "", "MessageAttributes", "MessageBody":
	default:
		return fmt.Errorf("FilterPolicyScope: %q is neither MessageAttributes nor MessageBody", sub.FilterScope)
	}
	if len(sub.Filter) > 0 && string(sub.Filter) != "{}" {
		if sub.filter, err = pattern.Parse(string(sub.Filter)); err != nil {
			return fmt.Errorf("FilterPolicy: %w", err)
		}
	}
	return nil
}

// apiError is an error of the API.
type apiError struct {
	status        int
	code, message string
}

// Error implements error.
func (e *apiError) Error() string { return e.message }

func fault(status int, code, format string, args ...any) error {
	return &apiError{status, code, fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) error {
	return fault(http.StatusBadRequest, "InvalidParameter", "Invalid parameter: "+format, args...)
}

const maxBody = 1 << 20

// ServeHTTP serves one call in the Query protocol of AWS SDKs.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		refuse(w, invalid("the request is too large"))
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		refuse(w, invalid("the request is not a form: %v", err))
		return
	}
	action := form.Get("Action")
	result, err := s.call(r.Context(), action, form)
	if err != nil {
		refuse(w, err)
		return
	}
	answer(w, action, result)
}

func (s *Server) call(ctx context.Context, action string, form url.Values) (result string, err error) {
	switch action {
	case "Publish":
		return s.publish(ctx, form)
	case "PublishBatch":
		return s.publishBatch(ctx, form)
	case "ListTopics":
		return s.listTopics(), nil
	case "GetTopicAttributes":
		return s.topicAttributes(form.Get("TopicArn"))
	case "ListSubscriptions":
		return s.listSubscriptions(""), nil
	case "ListSubscriptionsByTopic":
		if _, err := s.topic(form.Get("TopicArn")); err != nil {
			return "", err
		}
		return s.listSubscriptions(form.Get("TopicArn")), nil
	case "GetSubscriptionAttributes":
		return s.subscriptionAttributes(form.Get("SubscriptionArn"))
	}
	return "", fault(http.StatusBadRequest, "InvalidAction",
		"The local SNS has the topics and subscriptions of the template; it does not know %q.", action)
}

func (s *Server) topic(arn string) (Topic, error) {
	if arn == "" {
		return Topic{}, invalid("TopicArn or TargetArn Reason: no value for required parameter")
	}
	t, ok := s.topics[arn]
	if !ok {
		if !strings.HasPrefix(arn, "arn:aws:sns:") || strings.Count(arn, ":") != 5 {
			return t, invalid("TopicArn Reason: %q is not the ARN of a topic", arn)
		}
		return t, fault(http.StatusNotFound, "NotFound", "Topic does not exist")
	}
	return t, nil
}
