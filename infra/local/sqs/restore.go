package sqs

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// Suspend blocks all calls. It must be called when the emulator has died.
func (p *Proxy) Suspend() { p.gate.Lock() }

// Resume restores the queues and messages of a new emulator. Then it unblocks all calls,
// even after an error.
func (p *Proxy) Resume(ctx context.Context) error {
	defer p.gate.Unlock()
	return p.restore(ctx)
}

// Restore sends the outstanding messages of the journal. It must be called after the
// queues are created, before the first message.
func (p *Proxy) Restore(ctx context.Context) error {
	p.gate.Lock()
	defer p.gate.Unlock()
	return p.restore(ctx)
}

func (p *Proxy) restore(ctx context.Context) error {
	p.ledger.dropHandles()
	for name, attributes := range p.queues {
		request := message{}
		request.set("QueueName", name)
		request.set("Attributes", attributes)
		answer, err := p.must(ctx, "CreateQueue", request)
		if err != nil {
			return fmt.Errorf("recreate the queue %s: %w", name, err)
		}
		p.url(answer.text("QueueUrl"))
	}
	for _, e := range p.ledger.outstanding() {
		e.Queue = p.home(e)
		if p.queues[e.Queue] == nil || p.expired(e) {
			p.discard(e.ID)
			continue
		}
		answer, err := p.must(ctx, "SendMessage", p.again(e))
		if err != nil {
			return fmt.Errorf("resend a message to %s: %w", e.Queue, err)
		}
		p.place(e.ID, answer)
	}
	return nil
}

// again returns the request to resend a message, with the rest of its delay.
func (p *Proxy) again(e entry) message {
	request := message{}
	for _, name := range []string{"MessageBody", "MessageAttributes", "MessageGroupId", "MessageDeduplicationId"} {
		if value, ok := e.Request[name]; ok {
			request[name] = value
		}
	}
	request.set("QueueUrl", p.upstreamURL(e.Queue))
	if strings.HasSuffix(e.Queue, ".fifo") {
		return request
	}
	var delay int
	if json.Unmarshal(e.Request["DelaySeconds"], &delay) != nil {
		delay, _ = strconv.Atoi(p.queues[e.Queue]["DelaySeconds"])
	}
	left := time.Until(time.UnixMilli(e.Sent).Add(time.Duration(delay) * time.Second))
	request.set("DelaySeconds", max(0, int(left.Round(time.Second)/time.Second)))
	return request
}

// must makes a call, and returns an error for any status other than 200.
func (p *Proxy) must(ctx context.Context, action string, request message) (message, error) {
	credential := "AWS4-HMAC-SHA256 Credential=local/20000101/" + p.o.Region + "/sqs/aws4_request"
	status, _, body, err := p.send(ctx, action, http.Header{"Authorization": {credential}}, request)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("%s returned %d: %s", action, status, body)
	}
	var answer message
	return answer, json.Unmarshal(body, &answer)
}

// home returns the queue of a message: the dead-letter queue if the message has been
// received as often as its queue allows, otherwise its own queue.
func (p *Proxy) home(e entry) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var redrive struct {
		DeadLetterTargetArn string          `json:"deadLetterTargetArn"`
		MaxReceiveCount     json.RawMessage `json:"maxReceiveCount"` // a number, or a string with a number
	}
	if json.Unmarshal([]byte(p.queues[e.Queue]["RedrivePolicy"]), &redrive) != nil {
		return e.Queue
	}
	most, err := strconv.Atoi(strings.Trim(string(redrive.MaxReceiveCount), `"`))
	if err != nil || e.Receives < most || redrive.DeadLetterTargetArn == "" {
		return e.Queue
	}
	return path.Base(strings.ReplaceAll(redrive.DeadLetterTargetArn, ":", "/"))
}

// expired reports whether a message is older than its queue's retention period.
func (p *Proxy) expired(e entry) bool {
	seconds, err := strconv.Atoi(p.queues[e.Queue]["MessageRetentionPeriod"])
	if err != nil {
		seconds = 4 * 24 * 60 * 60
	}
	return time.Since(time.UnixMilli(e.Sent)) > time.Duration(seconds)*time.Second
}
