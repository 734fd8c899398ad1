package console

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// countedQueue is a queue in the emulator's list.
type countedQueue struct {
	Name     string `json:"name"`
	URL      string `json:"url"`
	ARN      string `json:"arn"`
	Ready    int    `json:"approximateMessageCount"`
	InFlight int    `json:"approximateInflightCount"`
	Delayed  int    `json:"approximateDelayedCount"`
}

// shownQueue is a queue and its relations to other queues and functions.
type shownQueue struct {
	countedQueue
	Attributes map[string]string
	DeadLetter string   // name of the queue for messages that fail too often
	Receives   int      // after which a message moves there
	Sources    []string // names of the queues whose dead-letter queue this is
	Consumers  []string // functions that read it
	Failures   []string // functions whose failed events are sent here
	Oldest     time.Duration
}

// Count returns the number of messages in the queue.
func (q shownQueue) Count() int { return q.Ready + q.InFlight + q.Delayed }

// Dead reports whether this is a dead-letter queue or a queue of failed events.
func (q shownQueue) Dead() bool { return len(q.Sources)+len(q.Failures) > 0 }

// message is a message in the emulator's format.
type message struct {
	ID         string `json:"messageId"`
	Body       string `json:"body"`
	Sent       int64  `json:"sentTimestamp"` // Unix milliseconds
	Receives   int    `json:"approximateReceiveCount"`
	Group      string `json:"messageGroupId"`
	Attributes map[string]struct {
		Text string `json:"StringValue"`
	} `json:"messageAttributes"`
	State  string         `json:"-"`
	Record *failureRecord `json:"-"` // set if the message is about a failed invocation
}

// SentAt returns the time at which the message was sent.
func (m message) SentAt() time.Time { return time.UnixMilli(m.Sent) }

// Text returns the body as bytes.
func (m message) Text() []byte { return []byte(m.Body) }

// failureRecord is Lambda's message to a destination.
type failureRecord struct {
	Function       string          `json:"-"`
	RequestPayload json.RawMessage `json:"requestPayload"`
	RequestContext struct {
		RequestID   string `json:"requestId"`
		FunctionARN string `json:"functionArn"`
		Condition   string `json:"condition"`
		Attempts    int    `json:"approximateInvokeCount"`
	} `json:"requestContext"`
	ResponsePayload json.RawMessage `json:"responsePayload"`
}

// readFailure parses the record of a failed invocation. It returns nil for other messages.
func readFailure(body string) *failureRecord {
	var f failureRecord
	if json.Unmarshal([]byte(body), &f) != nil || len(f.RequestPayload) == 0 {
		return nil
	}
	parts := strings.Split(f.RequestContext.FunctionARN, ":")
	if len(parts) < 7 || parts[2] != "lambda" {
		return nil
	}
	f.Function = parts[6]
	return &f
}

// ask sends a GET request to the emulator.
func (c *Console) ask(ctx context.Context, path string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.o.Emulator+"/_fauxqs/queues"+path, nil)
	if err != nil {
		return err
	}
	request.Host = c.o.EmulatorHost
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return away("SQS", err)
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusNotFound:
		return missing("There is no queue %q.", strings.TrimPrefix(path, "/"))
	case response.StatusCode != http.StatusOK:
		return away("SQS", fmt.Errorf("status %d", response.StatusCode))
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 256<<20)).Decode(into); err != nil {
		return away("SQS", err)
	}
	return nil
}

// answerTime is how long a page waits for a part of the local cloud.
const answerTime = 5 * time.Second

func (c *Console) countedQueues(ctx context.Context) (all []countedQueue, err error) {
	err = c.ask(ctx, "", &all)
	slices.SortFunc(all, func(a, b countedQueue) int { return cmp.Compare(a.Name, b.Name) })
	return all, err
}

// shownQueues returns all queues with their relations.
func (c *Console) shownQueues(ctx context.Context) ([]shownQueue, error) {
	counted, err := c.countedQueues(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	all := make([]shownQueue, len(counted))
	names := map[string]int{} // by ARN
	for i, q := range counted {
		all[i].countedQueue, names[q.ARN] = q, i
		address := c.o.QueueURL(q.Name)
		out, err := c.o.Queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
			QueueUrl: &address, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
		})
		if err != nil {
			return nil, away("SQS", err)
		}
		all[i].Attributes = out.Attributes
	}
	for i := range all {
		var policy struct {
			Target   string      `json:"deadLetterTargetArn"`
			Receives json.Number `json:"maxReceiveCount"`
		}
		if json.Unmarshal([]byte(all[i].Attributes["RedrivePolicy"]), &policy) != nil {
			continue // it has no dead-letter queue
		}
		if dead, ok := names[policy.Target]; ok {
			all[dead].Sources = append(all[dead].Sources, all[i].Name)
			all[i].DeadLetter = all[dead].Name
			all[i].Receives, _ = strconv.Atoi(policy.Receives.String())
		}
	}
	c.relate(all)
	return all, nil
}

// relate adds the functions that read a queue, and those whose failed events it gets.
func (c *Console) relate(all []shownQueue) {
	for i, q := range all {
		for _, s := range c.eventSources() {
			if s.Kind == "queue" && s.From == q.Name {
				all[i].Consumers = append(all[i].Consumers, s.To)
			}
		}
		for _, s := range c.o.Functions() {
			if f, ok := c.o.Settings(s.Name); ok && f.OnFailure == q.ARN {
				all[i].Failures = append(all[i].Failures, s.Name)
			}
		}
	}
}

func (c *Console) queues(w http.ResponseWriter, r *http.Request) {
	if !wantsPage(r) {
		counted, err := c.countedQueues(r.Context())
		if err != nil {
			c.fail(w, r, err)
			return
		}
		reply(w, http.StatusOK, counted)
		return
	}
	all, err := c.shownQueues(r.Context())
	if err != nil {
		c.fail(w, r, err)
		return
	}
	for i, q := range all {
		if q.Count() == 0 || q.Count() > maxAged {
			continue
		}
		if messages, err := c.messages(r.Context(), q.Name); err == nil {
			all[i].Oldest = oldest(messages)
		}
	}
	c.show(w, r, view{name: "queues", section: "queues", title: "Queues", data: all})
}

// maxAged is the maximum number of messages to read to find the oldest one.
const maxAged = 2000

// messages returns the messages of a queue without receiving them.
func (c *Console) messages(ctx context.Context, name string) (all []message, err error) {
	var found struct {
		Messages struct {
			Ready, Delayed []message
			InFlight       []struct{ Message message }
		}
	}
	if err := c.ask(ctx, "/"+url.PathEscape(name), &found); err != nil {
		return nil, err
	}
	add := func(m message, state string) {
		m.ID, m.State, m.Record = c.o.MessageID(m.ID), state, readFailure(m.Body)
		all = append(all, m)
	}
	for _, m := range found.Messages.Ready {
		add(m, "waiting")
	}
	for _, m := range found.Messages.InFlight {
		add(m.Message, "in flight")
	}
	for _, m := range found.Messages.Delayed {
		add(m, "delayed")
	}
	return all, nil
}

func oldest(messages []message) (age time.Duration) {
	for _, m := range messages {
		age = max(age, time.Since(m.SentAt()))
	}
	return age
}

type queuePage struct {
	shownQueue
	Messages []message
	Records  int // messages about failed invocations
	Hidden   int // messages that are not shown
}

// shownMessages is the maximum number of messages on a page.
const shownMessages = 50

func (c *Console) queue(w http.ResponseWriter, r *http.Request) {
	q, err := c.findQueue(r.Context(), r.PathValue("name"))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page := queuePage{shownQueue: q}
	if page.Messages, err = c.messages(r.Context(), q.Name); err != nil {
		c.fail(w, r, err)
		return
	}
	page.Oldest = oldest(page.Messages)
	for _, m := range page.Messages {
		if m.Record != nil {
			page.Records++
		}
	}
	page.Hidden = max(0, len(page.Messages)-shownMessages)
	page.Messages = page.Messages[:len(page.Messages)-page.Hidden]
	c.show(w, r, view{name: "queue", section: "queues", title: c.short(q.Name), data: page})
}

func (c *Console) findQueue(ctx context.Context, name string) (shownQueue, error) {
	all, err := c.shownQueues(ctx)
	if err != nil {
		return shownQueue{}, err
	}
	for _, q := range all {
		if q.Name == name {
			return q, nil
		}
	}
	return shownQueue{}, missing("There is no queue %q.", name)
}
