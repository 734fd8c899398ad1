package sqs

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
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
type ledger struct {
	path string

	mu         sync.Mutex
	file       *os.File
	size       int64  // size of the complete lines in the file
	reserved   int64  // end of the disk space reserved for the file, which is filled with zeros
	unwritten  []byte // lines that did not fit on the disk
	lines      int
	order      int
	entries    map[string]entry
	places     map[string]string // IDs by the emulator's IDs
	placed     map[string]string // the emulator's IDs by ID
	idByHandle map[string]string // IDs by receipt handle
	handles    map[string]string // latest receipt handles by ID
}

// reserveSize is the disk space that the journal reserves in advance: enough for a few thousand messages.
const reserveSize = 2 << 20

// slack is the number of obsolete lines after which the journal is rewritten.
const slack = 20000

func open(path string) (*ledger, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the journal of messages: %w", err)
	}
	l := &ledger{path: path, file: file, entries: map[string]entry{}}
	l.dropHandles()
	if err := l.read(); err != nil {
		return nil, errors.Join(fmt.Errorf("read the journal of messages: %w", err), file.Close())
	}
	return l, nil
}

// read replays the journal. It cuts off an incomplete last line: that call was never
// answered, because the process was killed or the disk was full, or it is reserved space.
func (l *ledger) read() error {
	in := bufio.NewReader(l.file)
	for number := 1; ; number++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return l.file.Truncate(l.size)
		}
		if err != nil {
			return err
		}
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			return fmt.Errorf("%s: line %d is damaged; remove the file to continue without the messages in it", l.path, number)
		}
		l.size, l.lines = l.size+int64(len(line)), l.lines+1
		l.apply(e)
	}
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

// reserve reserves disk space after end, so messages are accepted for a while even if the
// disk is full. read cuts it off.
func (l *ledger) reserve(end int64) {
	if l.reserved >= end+reserveSize/2 {
		return
	}
	from := max(l.reserved, l.size)
	zeros := make([]byte, end+reserveSize-from)
	if _, err := l.file.WriteAt(zeros, from); err != nil {
		_ = l.file.Truncate(from) // the disk is full: continue with the space that was reserved before
		return
	}
	l.reserved = from + int64(len(zeros))
}

// note applies events and appends them to the journal. If the disk is full, events that
// send messages are undone, and the others are written together with the next events. The
// caller holds mu.
func (l *ledger) note(events ...event) error {
	before := len(l.unwritten)
	data := slices.Clone(l.unwritten)
	for _, e := range events {
		l.apply(e)
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		data = append(append(data, line...), '\n')
	}
	l.reserve(l.size + int64(len(data)))
	if _, err := l.file.WriteAt(data, l.size); err != nil {
		err = errors.Join(fmt.Errorf("write to the journal of messages: %w", err), l.file.Truncate(l.size))
		l.reserved = l.size
		for _, e := range events {
			if e.Sent != nil {
				delete(l.entries, e.Sent.ID)
				data = data[:before]
			}
		}
		l.unwritten = data
		return err
	}
	l.size, l.lines, l.unwritten = l.size+int64(len(data)), l.lines+len(events), nil
	if l.lines > 2*len(l.entries)+slack {
		l.compact()
	}
	return nil
}

// sent records messages that are on their way to the emulator.
func (l *ledger) sent(queue, trace string, at time.Time, requests map[string]message, ids []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var events []event
	for _, id := range ids {
		request := maps.Clone(requests[id])
		delete(request, "QueueUrl")
		delete(request, "Id")
		events = append(events, event{Sent: &entry{ID: id, Queue: queue, Sent: at.UnixMilli(), Trace: traceOf(request, trace), Request: request}})
	}
	return l.note(events...)
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
	defer l.mu.Unlock()
	if first, ok := l.places[emulators]; ok && first != id {
		_ = l.note(event{Deleted: id}) // on failure it is written with the next line
		return first
	}
	l.places[emulators], l.placed[id] = id, emulators
	return id
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
	defer l.mu.Unlock()
	if _, ok := l.entries[id]; !ok {
		return
	}
	delete(l.idByHandle, l.handles[id])
	l.idByHandle[handle], l.handles[id] = id, handle
	_ = l.note(event{Received: id, From: queue})
}

func (l *ledger) deleted(handle string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	id, ok := l.idByHandle[handle]
	if !ok {
		return nil
	}
	delete(l.idByHandle, handle)
	delete(l.handles, id)
	if !strings.HasSuffix(l.entries[id].Queue, ".fifo") { // FIFO queues remember duplicates
		delete(l.places, l.placed[id])
	}
	delete(l.placed, id)
	return l.note(event{Deleted: id})
}

// drop removes the messages for which gone returns true.
func (l *ledger) drop(gone func(entry) bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var events []event
	for id, e := range l.entries {
		if gone(e) {
			events = append(events, event{Deleted: id})
		}
	}
	if len(events) == 0 {
		return nil
	}
	return l.note(events...)
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

// compact rewrites the journal with only the outstanding messages, if the disk has space
// for both files. The caller holds mu.
func (l *ledger) compact() {
	file, err := os.CreateTemp(filepath.Dir(l.path), ".messages-")
	if err != nil {
		return
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	all := l.sorted()
	for _, e := range all {
		_ = encoder.Encode(event{Sent: &e}) // cannot fail: it was JSON
	}
	if _, err = file.Write(text.Bytes()); err == nil {
		err = os.Rename(file.Name(), l.path)
	}
	if err != nil {
		_, _ = file.Close(), os.Remove(file.Name())
		return
	}
	_ = l.file.Close()
	l.file, l.size, l.reserved, l.lines = file, int64(text.Len()), int64(text.Len()), len(all)
}

func (l *ledger) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.file.Close()
}
