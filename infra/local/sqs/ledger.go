package sqs

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// entry is a message that was sent but not deleted yet.
type entry struct {
	ID       string  `json:"id"` // the ID for clients
	Queue    string  `json:"queue"`
	Sent     int64   `json:"sent"` // Unix milliseconds
	Receives int     `json:"receives,omitempty"`
	Trace    string  `json:"trace,omitempty"` // AWSTraceHeader
	Request  message `json:"request"`

	order int // position in the journal
}

// event is one line of the journal.
type event struct {
	Sent     *entry `json:"sent,omitempty"`
	Received string `json:"received,omitempty"` // message ID
	From     string `json:"from,omitempty"`     // the queue that it was received from
	Deleted  string `json:"deleted,omitempty"`  // message ID
}

// ledger records the outstanding messages, in memory and in a journal with one event per
// line. Lines are written, but not synced, before a call is answered: they survive a crash
// of this process, but not of the machine.
//
// Calls that arrive while the disk is busy are written together: each adds its lines to the pending
// group, and one of them writes it. The disk is never used while mu is held.
type ledger struct {
	journal

	mu         sync.Mutex
	pending    *group // the lines that nobody writes yet; may be nil
	order      int
	entries    map[string]entry
	places     map[string]string // IDs by the emulator's IDs
	placed     map[string]string // the emulator's IDs by ID
	idByHandle map[string]string // IDs by receipt handle
	handles    map[string]string // latest receipt handles by ID
}

func open(path string) (*ledger, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the journal of messages: %w", err)
	}
	l := &ledger{journal: journal{path: path, file: file, writer: make(chan struct{}, 1)}, entries: map[string]entry{}}
	l.dropHandles()
	if err := l.read(l.apply); err != nil {
		return nil, errors.Join(fmt.Errorf("read the journal of messages: %w", err), file.Close())
	}
	return l, nil
}

func (l *ledger) apply(e event) {
	switch {
	case e.Sent != nil:
		l.order++
		e.Sent.order = l.order
		l.entries[e.Sent.ID] = *e.Sent
	case e.Received != "":
		if known, ok := l.entries[e.Received]; ok {
			known.Receives++
			if known.Queue != e.From { // it was moved to the dead-letter queue, where the count starts again
				known.Queue, known.Receives = e.From, 1
			}
			l.entries[e.Received] = known
		}
	case e.Deleted != "":
		delete(l.entries, e.Deleted)
	}
}

// note applies events, and adds them to the pending group. The caller holds mu, and commits the group after it has
// released it.
func (l *ledger) note(events ...event) *group {
	if l.pending == nil {
		l.pending = &group{done: make(chan struct{})}
	}
	g := l.pending
	for _, e := range events {
		l.apply(e)
		text, err := json.Marshal(e)
		if err != nil { // impossible: it was JSON
			continue
		}
		one := line{text: append(text, '\n')}
		if e.Sent != nil {
			one.sent = e.Sent.ID
		}
		g.lines = append(g.lines, one)
	}
	return g
}

// sent records messages that are on their way to the emulator.
func (l *ledger) sent(queue, trace string, at time.Time, requests map[string]message, ids []string) error {
	var events []event
	for _, id := range ids {
		request := maps.Clone(requests[id])
		delete(request, "QueueUrl")
		delete(request, "Id")
		events = append(events, event{Sent: &entry{ID: id, Queue: queue, Sent: at.UnixMilli(), Trace: traceOf(request, trace), Request: request}})
	}
	l.mu.Lock()
	g := l.note(events...)
	l.mu.Unlock()
	return l.commit(g)
}

// traceOf returns the trace header of a message: its own, or that of the request.
func traceOf(request message, otherwise string) string {
	var own struct {
		AWSTraceHeader struct{ StringValue string }
	}
	_ = json.Unmarshal(request["MessageSystemAttributes"], &own)
	return cmp.Or(own.AWSTraceHeader.StringValue, otherwise)
}

// trace returns the trace header of a message, by its ID for clients.
func (l *ledger) trace(id string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.entries[id].Trace
}

// place records the emulator's ID of a message, and returns the ID for clients. For a
// duplicate, a FIFO queue returns the ID of the first message; then no second one is recorded.
func (l *ledger) place(id, emulators string) string {
	l.mu.Lock()
	first, ok := l.places[emulators]
	if !ok || first == id {
		l.places[emulators], l.placed[id] = id, emulators
		l.mu.Unlock()
		return id
	}
	g := l.note(event{Deleted: id})
	l.mu.Unlock()
	_ = l.commit(g) // on failure it is written with the next line
	return first
}

// waits reports whether any of these messages still has to be sent to the emulator.
func (l *ledger) waits(ids []string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(ids, func(id string) bool {
		_, ok := l.entries[id]
		return ok && l.placed[id] == ""
	})
}

// id returns the ID of a message by the emulator's ID.
func (l *ledger) id(emulators string) (string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id, ok := l.places[emulators]
	return id, ok
}

// received records that a message was received. If the journal cannot be written, the count is lower after a restart.
func (l *ledger) received(id, handle, queue string) {
	l.mu.Lock()
	if _, ok := l.entries[id]; !ok {
		l.mu.Unlock()
		return
	}
	delete(l.idByHandle, l.handles[id])
	l.idByHandle[handle], l.handles[id] = id, handle
	g := l.note(event{Received: id, From: queue})
	l.mu.Unlock()
	_ = l.commit(g)
}

func (l *ledger) deleted(handle string) error {
	l.mu.Lock()
	id, ok := l.idByHandle[handle]
	if !ok {
		l.mu.Unlock()
		return nil
	}
	delete(l.idByHandle, handle)
	delete(l.handles, id)
	if !strings.HasSuffix(l.entries[id].Queue, ".fifo") { // FIFO queues remember duplicates
		delete(l.places, l.placed[id])
	}
	delete(l.placed, id)
	g := l.note(event{Deleted: id})
	l.mu.Unlock()
	return l.commit(g)
}

// drop removes the messages for which gone returns true.
func (l *ledger) drop(gone func(entry) bool) error {
	l.mu.Lock()
	var events []event
	for id, e := range l.entries {
		if gone(e) {
			events = append(events, event{Deleted: id})
		}
	}
	if len(events) == 0 {
		l.mu.Unlock()
		return nil
	}
	g := l.note(events...)
	l.mu.Unlock()
	return l.commit(g)
}

// outstanding returns the messages in the order in which they were sent.
func (l *ledger) outstanding() []entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sorted()
}

func (l *ledger) sorted() []entry {
	return slices.SortedFunc(maps.Values(l.entries), func(a, b entry) int { return cmp.Compare(a.order, b.order) })
}

// dropHandles discards the state of an emulator that has ended: its IDs and receipt handles.
func (l *ledger) dropHandles() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.places, l.placed = map[string]string{}, map[string]string{}
	l.idByHandle, l.handles = map[string]string{}, map[string]string{}
}
