package sqs

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// entry is a message that was sent and not yet deleted.
type entry struct {
	ID       string  `json:"id"`
	Queue    string  `json:"queue"`
	Sent     int64   `json:"sent"` // Unix milliseconds
	Receives int     `json:"receives,omitempty"`
	Request  message `json:"request"`
}

// event is one line of the journal.
type event struct {
	Sent     *entry `json:"sent,omitempty"`
	Received string `json:"received,omitempty"` // id
	From     string `json:"from,omitempty"`     // the queue that it was received from
	Deleted  string `json:"deleted,omitempty"`  // id
}

// ledger knows the outstanding messages, in memory and in a file of one event a
// line. A line reaches the system before the call is answered: it survives the end
// of this process, not that of the machine.
type ledger struct {
	path string

	mu       sync.Mutex
	file     *os.File
	lines    int
	entries  map[string]entry
	receipts map[string]string // id by receipt handle
	handles  map[string]string // the newest receipt handle by id
}

// most lines that are no longer needed before the file is written anew.
const slack = 20000

func open(path string) (*ledger, error) {
	l := &ledger{path: path, entries: map[string]entry{}}
	if err := l.read(); err != nil {
		return nil, fmt.Errorf("read the messages of queues: %w", err)
	}
	if err := l.rewrite(l.outstanding()); err != nil {
		return nil, err
	}
	return l, nil
}

// read replays the journal. A last line that is not whole was never answered for.
func (l *ledger) read() error {
	file, err := os.Open(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 2*maxBody)
	for number := 1; scanner.Scan(); number++ {
		var e event
		if err := json.Unmarshal(scanner.Bytes(), &e); err != nil {
			if scanner.Scan() {
				return fmt.Errorf("%s: line %d is damaged; remove the file to go on without the messages in it", l.path, number)
			}
			return nil
		}
		l.apply(e)
	}
	return scanner.Err()
}

func (l *ledger) apply(e event) {
	switch {
	case e.Sent != nil:
		l.entries[e.Sent.ID] = *e.Sent
	case e.Received != "":
		if known, ok := l.entries[e.Received]; ok {
			known.Receives++
			if known.Queue != e.From { // it was moved to the dead-letter queue
				known.Queue, known.Receives = e.From, 0
			}
			l.entries[e.Received] = known
		}
	case e.Deleted != "":
		delete(l.entries, e.Deleted)
	}
}

// note applies an event and writes it down. The caller holds mu.
func (l *ledger) note(e event) error {
	l.apply(e)
	if l.lines > 2*len(l.entries)+slack {
		return l.write(slices.Collect(maps.Values(l.entries)))
	}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	l.lines++
	if _, err := l.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("write down a message: %w", err)
	}
	return nil
}

func (l *ledger) sent(id, queue string, request message, at time.Time) error {
	delete(request, "QueueUrl")
	delete(request, "Id")
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.note(event{Sent: &entry{ID: id, Queue: queue, Sent: at.UnixMilli(), Request: request}})
}

func (l *ledger) received(id, handle, queue string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.entries[id]; !ok {
		return nil
	}
	delete(l.receipts, l.handles[id])
	l.receipts[handle], l.handles[id] = id, handle
	return l.note(event{Received: id, From: queue})
}

func (l *ledger) deleted(handle string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	id, ok := l.receipts[handle]
	if !ok {
		return nil
	}
	delete(l.receipts, handle)
	delete(l.handles, id)
	return l.note(event{Deleted: id})
}

// purge forgets the messages that gone chooses.
func (l *ledger) purge(gone func(entry) bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, e := range l.entries {
		if gone(e) {
			if err := l.note(event{Deleted: id}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *ledger) outstanding() []entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Values(l.entries))
}

// rewrite makes these the outstanding messages, with no receipt valid.
func (l *ledger) rewrite(entries []entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries, l.receipts, l.handles = map[string]entry{}, map[string]string{}, map[string]string{}
	for _, e := range entries {
		l.entries[e.ID] = e
	}
	return l.write(entries)
}

// write replaces the file. The caller holds mu.
func (l *ledger) write(entries []entry) error {
	file, err := os.CreateTemp(filepath.Dir(l.path), ".messages-")
	if err != nil {
		return fmt.Errorf("write down the messages of queues: %w", err)
	}
	out := bufio.NewWriter(file)
	encoder := json.NewEncoder(out)
	for _, e := range entries {
		_ = encoder.Encode(event{Sent: &e}) // the writer keeps the error
	}
	if err = out.Flush(); err == nil {
		err = os.Rename(file.Name(), l.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write down the messages of queues: %w", err), file.Close(), os.Remove(file.Name()))
	}
	if l.file != nil {
		_ = l.file.Close()
	}
	l.file, l.lines = file, len(entries)
	return nil
}

func (l *ledger) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.file.Close()
}
