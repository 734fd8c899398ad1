package console

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const (
	drainTime = 5 * time.Minute // for all messages of a queue
	handled   = 60              // seconds that a message is invisible while it is handled
)

// drain receives every message of a queue once and deletes those for which handle returns
// true. The others are made visible again. It stops at the first error.
func (c *Console) drain(ctx context.Context, name string, handle func(context.Context, types.Message) (taken bool, err error)) (taken int, err error) {
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	address := c.o.QueueURL(name)
	var back []types.Message
	defer func() {
		for _, m := range back { // on failure a message becomes visible again later
			_, _ = c.o.Queues.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: &address, ReceiptHandle: m.ReceiptHandle})
		}
	}()
	for {
		out, err := c.o.Queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: &address, MaxNumberOfMessages: 10, VisibilityTimeout: handled, MessageAttributeNames: []string{"All"},
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		})
		if err != nil {
			return taken, away("SQS", err)
		}
		if len(out.Messages) == 0 {
			return taken, nil
		}
		for i, m := range out.Messages {
			ok, err := handle(ctx, m)
			if err != nil {
				back = append(back, out.Messages[i:]...)
				return taken, err
			}
			if !ok {
				back = append(back, m)
				continue
			}
			if _, err := c.o.Queues.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &address, ReceiptHandle: m.ReceiptHandle}); err != nil {
				return taken, away("SQS", err)
			}
			taken++
		}
	}
}

// redrive sends the messages of a dead-letter queue back to their source queue.
func (c *Console) redrive(w http.ResponseWriter, r *http.Request) {
	q, err := c.findQueue(r.Context(), r.PathValue("name"))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	source := r.FormValue("to")
	if source == "" && len(q.Sources) == 1 {
		source = q.Sources[0]
	}
	if !slices.Contains(q.Sources, source) {
		c.fail(w, r, invalid("%q is not a queue that sends its dead letters to %s.", source, c.short(q.Name)))
		return
	}
	to := c.o.QueueURL(source)
	moved, err := c.drain(r.Context(), q.Name, func(ctx context.Context, m types.Message) (bool, error) {
		input := &sqs.SendMessageInput{QueueUrl: &to, MessageBody: m.Body, MessageAttributes: m.MessageAttributes}
		if strings.HasSuffix(source, ".fifo") {
			input.MessageGroupId = aws.String(m.Attributes["MessageGroupId"])
			input.MessageDeduplicationId = m.MessageId
		}
		if _, err := c.o.Queues.SendMessage(ctx, input); err != nil {
			return false, away("SQS", err)
		}
		return true, nil
	})
	c.drained(w, r, q, err, fmt.Sprintf("%s sent back to %s.", plural(moved, "message was", "messages were"), c.short(source)))
}

// retry invokes functions again with the events of failed invocations: those of all
// messages in the queue, or of one message.
func (c *Console) retry(w http.ResponseWriter, r *http.Request) {
	q, err := c.findQueue(r.Context(), r.PathValue("name"))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	only := r.FormValue("message")
	invoked, err := c.drain(r.Context(), q.Name, func(_ context.Context, m types.Message) (bool, error) {
		record := readFailure(aws.ToString(m.Body))
		if record == nil || only != "" && only != aws.ToString(m.MessageId) {
			return false, nil
		}
		_, err := c.o.InvokeAsync(record.Function, record.RequestPayload)
		return err == nil, err
	})
	c.drained(w, r, q, err, plural(invoked, "event was", "events were")+" queued again.")
}

// drained shows the result of moving messages, and how many are left.
func (c *Console) drained(w http.ResponseWriter, r *http.Request, q shownQueue, err error, text string) {
	n := note{Text: text}
	if err != nil {
		n.Text, n.Bad = text+" Then it stopped: "+err.Error(), true
	} else if q.InFlight+q.Delayed > 0 {
		n.Text += fmt.Sprintf(" %s in flight or delayed, and not affected.", plural(q.InFlight+q.Delayed, "message was", "messages were"))
	}
	c.done(w, r, "queues/"+q.Name, n)
}

func (c *Console) send(w http.ResponseWriter, r *http.Request) {
	q, err := c.findQueue(r.Context(), r.PathValue("name"))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	body := r.FormValue("body")
	if strings.TrimSpace(body) == "" {
		c.fail(w, r, invalid("A message must not be empty."))
		return
	}
	address := c.o.QueueURL(q.Name)
	input := &sqs.SendMessageInput{QueueUrl: &address, MessageBody: &body}
	if strings.HasSuffix(q.Name, ".fifo") {
		input.MessageGroupId, input.MessageDeduplicationId = aws.String("console"), aws.String(time.Now().Format(time.RFC3339Nano))
	}
	out, err := c.o.Queues.SendMessage(r.Context(), input)
	if err != nil {
		c.fail(w, r, away("SQS", err))
		return
	}
	c.done(w, r, "queues/"+q.Name, note{Text: "Sent as message " + aws.ToString(out.MessageId) + "."})
}

func (c *Console) purge(w http.ResponseWriter, r *http.Request) {
	q, err := c.findQueue(r.Context(), r.PathValue("name"))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	if r.FormValue("confirm") != "yes" {
		c.fail(w, r, invalid("Purging deletes messages for good: confirm it with the box beside the button."))
		return
	}
	address := c.o.QueueURL(q.Name)
	if _, err := c.o.Queues.PurgeQueue(r.Context(), &sqs.PurgeQueueInput{QueueUrl: &address}); err != nil {
		c.fail(w, r, away("SQS", err))
		return
	}
	c.done(w, r, "queues/"+q.Name, note{Text: plural(q.Count(), "message was", "messages were") + " deleted."})
}
