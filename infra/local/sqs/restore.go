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

// Suspend makes all calls wait. It is to be called when the emulator has died.
func (p *Proxy) Suspend() { p.gate.Lock() }

// Resume gives an emulator that starts empty its queues and its messages, and
// lets the calls go on that Suspend made wait, whether that worked or not.
func (p *Proxy) Resume(ctx context.Context) error {
	defer p.gate.Unlock()
	return p.restore(ctx)
}

// Restore sends what the journal says is outstanding. It is to be called once the
// queues exist, before the first message.
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
			return fmt.Errorf("make the queue %s again: %w", name, err)
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
			return fmt.Errorf("send a message to %s again: %w", e.Queue, err)
		}
		p.place(e.ID, answer)
	}
	return nil
}

// again is the request that sends a message anew, with what is left of its delay.
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

// must makes a call that has to succeed.
func (p *Proxy) must(ctx context.Context, action string, request message) (message, error) {
	credential := "AWS4-HMAC-SHA256 Credential=local/20000101/" + p.o.Region + "/sqs/aws4_request"
	status, _, body, err := p.send(ctx, action, http.Header{"Authorization": {credential}}, request)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("%s answers %d: %s", action, status, body)
	}
	var answer message
	return answer, json.Unmarshal(body, &answer)
}

// home is the queue that a message is in: the dead-letter queue once it has been
// received as often as its own queue allows.
func (p *Proxy) home(e entry) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var redrive struct {
		DeadLetterTargetArn string          `json:"deadLetterTargetArn"`
		MaxReceiveCount     json.RawMessage `json:"maxReceiveCount"` // a number, or one as a text
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

// expired reports whether the queue no longer keeps a message that old.
func (p *Proxy) expired(e entry) bool {
	seconds, err := strconv.Atoi(p.queues[e.Queue]["MessageRetentionPeriod"])
	if err != nil {
		seconds = 4 * 24 * 60 * 60
	}
	return time.Since(time.UnixMilli(e.Sent)) > time.Duration(seconds)*time.Second
}
