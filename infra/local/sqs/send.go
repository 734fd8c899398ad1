package sqs

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// prompt is how long sending clients wait for the emulator. After that they get an answer anyway,
// because the messages are in the journal.
const prompt = 100 * time.Millisecond

// outgoing are messages that are being sent to the emulator.
type outgoing struct {
	action, queue string
	header        http.Header
	request       message
	ids           []string
	entries       map[string]message // by ID
	trace         string             // the trace header of the request
}

// reply is the answer to a call.
type reply struct {
	status int
	header http.Header
	body   []byte
	err    error
}

func newOutgoing(action, queue string, header http.Header, request message) *outgoing {
	o := &outgoing{action: action, queue: queue, header: header, request: request, entries: map[string]message{}, trace: header.Get("X-Amzn-Trace-Id")}
	entries := []message{request}
	if action == "SendMessageBatch" {
		entries = nil
		_ = json.Unmarshal(request["Entries"], &entries) // the emulator rejects entries other than lists
	}
	for _, e := range entries {
		id := newID()
		o.ids, o.entries[id] = append(o.ids, id), e
	}
	return o
}

// newID returns a message ID in SQS's format.
func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// post writes messages to the journal and forwards them to the emulator. If the emulator does not answer in
// time, messages that it would accept are acknowledged anyway: it gets them when it answers again, and a
// restarted one gets them from the journal.
func (p *Proxy) post(ctx context.Context, o *outgoing) reply {
	if err := p.ledger.sent(o.queue, o.trace, time.Now(), o.entries, o.ids); err != nil {
		return reply{err: err}
	}
	own, wait := o.acknowledgment(p.attributes(o.queue)), prompt
	if own.err != nil {
		wait = emulatorTimeout
	}
	answered := make(chan reply, 1)
	p.work.Go(func() { answered <- p.forward(context.WithoutCancel(ctx), o, own) })
	select {
	case r := <-answered:
		return r
	case <-time.After(wait):
		return own
	}
}

// forward forwards messages until an emulator has them. It returns own if a restarted emulator
// got them from the journal.
func (p *Proxy) forward(ctx context.Context, o *outgoing, own reply) reply {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p.work.Go(func() {
		select {
		case <-p.closed:
			cancel()
		case <-ctx.Done():
		}
	})
	for {
		p.gate.RLock()
		r, waits := own, len(o.ids) == 0 || p.ledger.waits(o.ids)
		if waits {
			r = p.hand(ctx, o)
		}
		p.gate.RUnlock()
		if !waits || !errors.Is(r.err, errAway) || ctx.Err() != nil {
			return r
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// hand makes the call that sends messages, and records the result.
func (p *Proxy) hand(ctx context.Context, o *outgoing) reply {
	p.placing.RLock()
	defer p.placing.RUnlock()
	if o.queue != "" {
		o.request.set("QueueUrl", p.upstreamURL(o.queue))
	}
	status, header, body, err := p.send(ctx, o.action, o.header, o.request)
	if err != nil {
		return reply{err: err}
	}
	var response message
	if status != http.StatusOK || json.Unmarshal(body, &response) != nil {
		p.discard(o.ids...)
		return reply{status, header, body, nil}
	}
	if o.action == "SendMessage" {
		p.place(o.ids[0], response)
	} else {
		var well []message
		_ = json.Unmarshal(response["Successful"], &well)
		for _, id := range o.ids {
			name := o.entries[id].text("Id")
			if at := slices.IndexFunc(well, func(m message) bool { return m.text("Id") == name }); at >= 0 {
				p.place(id, well[at])
			} else {
				p.discard(id)
			}
		}
		response.set("Successful", well)
	}
	body, err = json.Marshal(response)
	return reply{status, header, body, err}
}

// place records the emulator's ID of a message, and replaces it with the ID for clients in the answer.
func (p *Proxy) place(id string, answer message) {
	answer.set("MessageId", p.ledger.place(id, answer.text("MessageId")))
}

// discard removes messages that are not sent to the emulator.
func (p *Proxy) discard(ids ...string) {
	_ = p.ledger.drop(func(e entry) bool { return slices.Contains(ids, e.ID) }) // on failure it is written with the next line
}
