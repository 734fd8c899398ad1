// Package logs delivers log lines of functions to other functions, like subscriptions of
// CloudWatch Logs.
package logs

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Subscription delivers the lines of one function's log group to another function.
type Subscription struct {
	Name    string // of the filter
	Group   string // of the logs
	From    string // the function whose log it is
	To      string // the function that gets the lines
	Filter  *Filter
	Pattern string // the text of Filter
	// Newline means that the lines end with a newline, as with LogFormat Text.
	Newline bool
}

// Options are the dependencies of a Deliverer. All are required.
type Options struct {
	Owner string // the account
	// InvokeAsync stores an invocation in a queue that survives a restart.
	InvokeAsync func(function string, payload []byte) error
	Logger      *slog.Logger
}

const (
	gathering = 500 * time.Millisecond // how long lines are collected before they are sent together
	maxBatch  = 512 << 10              // bytes of messages in one event; the whole event may have 1 MB
)

// Deliverer collects lines and sends them in batches. It is safe for concurrent use.
type Deliverer struct {
	o             Options
	subscriptions []Subscription
	full          chan struct{} // a batch is large enough

	mu      sync.Mutex
	batches []*batch
	last    int // number of the last event
}

// batch is lines of one log stream for one subscription.
type batch struct {
	subscription *Subscription
	stream       string
	events       []event
	size         int
}

type event struct {
	ID        string `json:"id"`
	Timestamp int64  `json:"timestamp"`
	Message   string `json:"message"`
}

// New returns a Deliverer for these subscriptions.
func New(subscriptions []Subscription, o Options) *Deliverer {
	return &Deliverer{o: o, subscriptions: subscriptions, full: make(chan struct{}, 1)}
}

// Line adds a line of a function's log. It does not block, and does not retain text.
func (d *Deliverer) Line(function, stream string, at time.Time, text []byte) {
	for i := range d.subscriptions {
		s := &d.subscriptions[i]
		if s.From != function || !s.Filter.Match(string(text)) {
			continue
		}
		message := string(text)
		if s.Newline {
			message += "\n"
		}
		d.add(s, stream, at, message)
	}
}

func (d *Deliverer) add(s *Subscription, stream string, at time.Time, message string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var into *batch
	for _, b := range d.batches { // finds the last batch of the stream
		if b.subscription == s && b.stream == stream {
			into = b
		}
	}
	if into != nil && into.size+len(message) > maxBatch {
		into = nil
		select {
		case d.full <- struct{}{}:
		default:
		}
	}
	if into == nil {
		into = &batch{subscription: s, stream: stream}
		d.batches = append(d.batches, into)
	}
	d.last++
	into.size += len(message)
	into.events = append(into.events, event{
		ID: fmt.Sprintf("3%013d%042d", at.UnixMilli(), d.last), Timestamp: at.UnixMilli(), Message: message,
	})
}

// Serve sends batches until the context is done, and then sends the rest.
func (d *Deliverer) Serve(ctx context.Context) {
	for over := false; !over; d.flush() {
		select {
		case <-ctx.Done():
			over = true
		case <-d.full:
		case <-time.After(gathering):
		}
	}
}

func (d *Deliverer) flush() {
	d.mu.Lock()
	batches := d.batches
	d.batches = nil
	d.mu.Unlock()
	for _, b := range batches {
		payload, err := d.payload(b)
		if err == nil {
			err = d.o.InvokeAsync(b.subscription.To, payload)
		}
		if err != nil {
			d.o.Logger.Warn("log events are lost", "group", b.subscription.Group, "function", b.subscription.To, "events", len(b.events), "error", err)
		}
	}
}

// payload returns an event in AWS's format: compressed data, as base64 in JSON.
func (d *Deliverer) payload(b *batch) ([]byte, error) {
	data, err := json.Marshal(struct {
		MessageType string   `json:"messageType"`
		Owner       string   `json:"owner"`
		LogGroup    string   `json:"logGroup"`
		LogStream   string   `json:"logStream"`
		Filters     []string `json:"subscriptionFilters"`
		LogEvents   []event  `json:"logEvents"`
	}{"DATA_MESSAGE", d.o.Owner, b.subscription.Group, b.stream, []string{b.subscription.Name}, b.events})
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	if _, err := writer.Write(data); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"awslogs": map[string][]byte{"data": packed.Bytes()}})
}
