package lambda

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/disk"
)

// event is an asynchronous invocation. Its file in the spool is rewritten after each attempt and removed
// when nothing is left to do.
type event struct {
	ID        string          `json:"id"`
	Payload   json.RawMessage `json:"payload"`
	Trace     string          `json:"trace"`
	Accepted  time.Time       `json:"accepted"`
	Due       time.Time       `json:"due"`
	Attempts  int             `json:"attempts"`  // that ran the function
	Throttles int             `json:"throttles"` // in a row
	Delivery  *delivery       `json:"delivery,omitempty"`

	path     string
	function string
}

// delivery is what is left to do when the function is done with: a record for a destination, and the event for
// a dead-letter queue.
type delivery struct {
	Destination string            `json:"destination"`
	Record      json.RawMessage   `json:"record"`
	DeadLetter  string            `json:"deadLetter,omitempty"`
	Attributes  map[string]string `json:"attributes,omitempty"` // of the dead letter
}

// save writes the event's file so that a reader finds the old one or the new one, whole.
func (e *event) save() error {
	data, err := plainJSON(e)
	if err != nil {
		return err
	}
	return disk.Replace(e.path, data)
}

// plainJSON is JSON in which <, > and & stay as they are.
func plainJSON(v any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}

// InvokeAsync puts an event into the function's queue and returns its request id. Once it has returned
// without error the event survives a restart of the platform, until it succeeded or its retries are
// exhausted and the destination has its record. The error is an *Error, or one of the file system.
func (p *Platform) InvokeAsync(name string, payload []byte) (requestID string, err error) {
	return p.enqueue(name, payload, newTrace())
}

func (p *Platform) enqueue(name string, payload []byte, trace string) (string, error) {
	payload, err := checkPayload(payload, maxAsyncPayload, "InvokeFunction")
	if err != nil {
		return "", err
	}
	if err := p.recursive(trace, name); err != nil {
		return "", err
	}
	id, now := newUUID(), time.Now()
	copies := []string{id + ".json"}
	if rand.Float64() < p.options.Duplicate {
		copies = append(copies, id+"-again.json")
	}
	if err := p.begin(name); err != nil {
		return "", err
	}
	defer p.work.Done()
	var events []*event
	for _, file := range copies {
		e := &event{ID: id, Payload: payload, Trace: trace, Accepted: now, Due: now,
			path: filepath.Join(p.options.Spool, name, file), function: name}
		if err := e.save(); err != nil {
			for _, saved := range events {
				p.remove(saved)
			}
			return "", fmt.Errorf("keep event: %w", err)
		}
		events = append(events, e)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range events {
		p.queue(e)
	}
	return id, nil
}

// begin makes Close wait for work.Done, which the caller owes, if name is a function of a platform that is
// not closed.
func (p *Platform) begin(name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return closing()
	}
	if p.functions[name] == nil {
		return notFound(p.options.arn(name))
	}
	p.work.Add(1)
	return nil
}

// queue starts the work on a saved event. It is called under mu, while Close has not returned.
func (p *Platform) queue(e *event) {
	f := p.functions[e.function]
	f.queued++
	p.work.Go(func() {
		p.finish(e)
		p.mu.Lock()
		defer p.mu.Unlock()
		f.queued--
	})
}

// left reads the events that an earlier platform left for a function.
func (p *Platform) left(name string) ([]*event, error) {
	dir := filepath.Join(p.options.Spool, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var left []*event
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".json") {
			continue
		}
		e := &event{path: filepath.Join(dir, entry.Name()), function: name}
		data, err := os.ReadFile(e.path)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(data, e); err != nil {
			return nil, fmt.Errorf("%s is damaged; remove it to go on without the event in it: %w", e.path, err)
		}
		left = append(left, e)
	}
	return left, nil
}

// remove deletes a finished event.
func (p *Platform) remove(e *event) {
	if err := os.Remove(e.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.console.line(e.function, fmt.Appendf(nil, "event %s is finished but stays: %v", e.ID, err))
	}
}
