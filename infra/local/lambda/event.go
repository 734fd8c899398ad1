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

// event is an asynchronous invocation. Its file in the spool is rewritten after each attempt and deleted
// when the event is done.
type event struct {
	ID        string          `json:"id"`
	Payload   json.RawMessage `json:"payload"`
	Trace     string          `json:"trace"`
	Accepted  time.Time       `json:"accepted"`
	Due       time.Time       `json:"due"`
	Attempts  int             `json:"attempts"`  // attempts that ran the function
	Throttles int             `json:"throttles"` // in a row
	Delivery  *delivery       `json:"delivery,omitempty"`

	path     string
	function string
}

// delivery is the work that remains after the last attempt: to send a record to a destination, and the event to a
// dead-letter queue.
type delivery struct {
	Destination string            `json:"destination"`
	Record      json.RawMessage   `json:"record"`
	DeadLetter  string            `json:"deadLetter,omitempty"`
	Attributes  map[string]string `json:"attributes,omitempty"` // of the dead letter
}

// save replaces the event's file atomically.
func (e *event) save() error {
	data, err := plainJSON(e)
	if err != nil {
		return err
	}
	return disk.Replace(e.path, data)
}

// plainJSON encodes v without escaping <, > and &.
func plainJSON(v any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}

// InvokeAsync adds an event to the function's queue and returns its request ID. If it returns no error, the
// event survives restarts of the platform until the function succeeds, or its retries are exhausted and its
// record is delivered. The error is an *Error or one of the file system.
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
			return "", fmt.Errorf("store event: %w", err)
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

// begin registers work, for which Close waits; the caller must call work.Done. It returns an error if the platform
// is closed or has no function with this name.
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

// queue starts to process a saved event. The caller holds mu, and Close has not returned yet.
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

// left returns the unfinished events of a function from an earlier run of the platform.
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
			return nil, fmt.Errorf("%s is damaged; remove it to continue without its event: %w", e.path, err)
		}
		left = append(left, e)
	}
	return left, nil
}

// remove deletes a finished event.
func (p *Platform) remove(e *event) {
	if err := os.Remove(e.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.console.line(e.function, fmt.Appendf(nil, "cannot delete the finished event %s: %v", e.ID, err))
	}
}
