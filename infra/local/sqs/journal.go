package sqs

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// journal is the file of a ledger. Whoever has put a value into writer may use the file and the other fields.
type journal struct {
	path      string
	writer    chan struct{} // of capacity 1
	file      *os.File
	size      int64  // size of the complete lines in the file
	reserved  int64  // end of the disk space reserved for the file, which is filled with zeros
	unwritten []byte // lines that did not fit on the disk
	lines     int
}

// group is lines that are written together.
type group struct {
	lines []line
	done  chan struct{} // closed when they are written, or err is set
	err   error
}

type line struct {
	text []byte
	sent string // the ID of the message, if the line records that it was sent
}

// reserveSize is the disk space that the journal reserves in advance: enough for a few thousand messages.
const reserveSize = 2 << 20

// slack is the number of obsolete lines after which the journal is rewritten.
const slack = 20000

// read replays the journal. It cuts off an incomplete last line: that call was never
// answered, because the process was killed or the disk was full, or it is reserved space.
func (j *journal) read(apply func(event)) error {
	in := bufio.NewReader(j.file)
	for number := 1; ; number++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return j.file.Truncate(j.size)
		}
		if err != nil {
			return err
		}
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			return fmt.Errorf("%s: line %d is damaged; remove the file to continue without the messages in it", j.path, number)
		}
		j.size, j.lines = j.size+int64(len(line)), j.lines+1
		apply(e)
	}
}

// reserve reserves disk space after end, so messages are accepted for a while even if the
// disk is full. read cuts it off.
func (j *journal) reserve(end int64) {
	if j.reserved >= end+reserveSize/2 {
		return
	}
	from := max(j.reserved, j.size)
	zeros := make([]byte, end+reserveSize-from)
	if _, err := j.file.WriteAt(zeros, from); err != nil {
		_ = j.file.Truncate(from) // the disk is full: continue with the space that was reserved before
		return
	}
	j.reserved = from + int64(len(zeros))
}

// write appends lines, after those that did not fit before. If the disk is full, it appends nothing, and stores the
// lines that do not send messages for the next time.
func (j *journal) write(lines []line) error {
	data := bytes.Clone(j.unwritten)
	for _, l := range lines {
		data = append(data, l.text...)
	}
	j.reserve(j.size + int64(len(data)))
	if _, err := j.file.WriteAt(data, j.size); err != nil {
		err = errors.Join(fmt.Errorf("write to the journal of messages: %w", err), j.file.Truncate(j.size))
		j.reserved = j.size
		for _, l := range lines {
			if l.sent == "" {
				j.unwritten = append(j.unwritten, l.text...)
			}
		}
		return err
	}
	j.size, j.lines, j.unwritten = j.size+int64(len(data)), j.lines+len(lines), nil
	return nil
}

// rewrite replaces the journal by one with only the outstanding messages, if the disk has space for both files.
func (j *journal) rewrite(all []entry) error {
	file, err := os.CreateTemp(filepath.Dir(j.path), ".messages-")
	if err != nil {
		return err
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	for _, e := range all {
		_ = encoder.Encode(event{Sent: &e}) // cannot fail: it was JSON
	}
	if _, err = file.Write(text.Bytes()); err == nil {
		err = os.Rename(file.Name(), j.path)
	}
	if err != nil {
		return errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	_ = j.file.Close()
	j.file, j.size, j.reserved, j.lines, j.unwritten = file, int64(text.Len()), int64(text.Len()), len(all), nil
	return nil
}

// commit returns when a group is on disk. One of the callers that wait writes it.
func (l *ledger) commit(g *group) error {
	select {
	case <-g.done:
	case l.writer <- struct{}{}:
		l.flush()
		<-l.writer
	}
	<-g.done
	return g.err
}

// flush writes the pending group. The messages of a group that cannot be written are not outstanding any more.
func (l *ledger) flush() {
	l.mu.Lock()
	g := l.pending
	l.pending = nil
	var all []entry
	rewrite := g != nil && l.lines+len(g.lines) > 2*len(l.entries)+slack
	if rewrite {
		all = l.sorted() // with the messages of the group
	}
	l.mu.Unlock()
	if g == nil {
		return
	}
	if !rewrite || l.rewrite(all) != nil {
		g.err = l.write(g.lines)
	}
	if g.err != nil {
		l.mu.Lock()
		for _, one := range g.lines {
			delete(l.entries, one.sent)
		}
		l.mu.Unlock()
	}
	close(g.done)
}

// close closes the journal, after the group that is being written.
func (l *ledger) close() error {
	l.writer <- struct{}{}
	defer func() { <-l.writer }()
	return l.file.Close()
}
