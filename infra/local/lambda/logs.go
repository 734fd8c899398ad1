package lambda

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// keptLog is how much of the end of an invocation's log is kept in memory.
const keptLog = 64 << 10

// maxLine is the maximum length of a log line. Longer lines are split.
const maxLine = 256 << 10

// console writes the lines of all functions to one writer, without mixing them.
type console struct {
	mu  sync.Mutex
	out io.Writer
}

func (c *console) line(name string, text []byte) {
	line := make([]byte, 0, len(name)+len(text)+4)
	line = append(append(line, name...), " | "...)
	line = append(append(line, text...), '\n')
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out.Write(line) // a failing console must not stop the functions
}

// LogLine is one line of a function's log, written by the function or the platform, as in CloudWatch Logs.
type LogLine struct {
	Function, Stream string
	At               time.Time
	Text             []byte // without the line end; read-only, and valid until Options.Log returns
}

// journal is the log of one environment. It passes lines to the console, and keeps the last ones since begin.
type journal struct {
	name    string
	stream  string
	console *console
	log     func(LogLine) // may be nil
	mu      sync.Mutex
	recent  []byte
}

func (j *journal) begin() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.recent = nil
}

func (j *journal) printf(format string, args ...any) { j.line(fmt.Appendf(nil, format, args...)) }

func (j *journal) line(text []byte) {
	j.console.line(j.name, text)
	if j.log != nil {
		j.log(LogLine{Function: j.name, Stream: j.stream, At: time.Now(), Text: text})
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.recent = append(append(j.recent, text...), '\n')
	if extra := len(j.recent) - keptLog; extra > 0 {
		j.recent = append(j.recent[:0], j.recent[extra:]...)
	}
}

// tail returns the end of the log, as much as AWS returns to callers.
func (j *journal) tail() []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	return bytes.Clone(j.recent[max(0, len(j.recent)-tailSize):])
}

// all returns the log since the last begin.
func (j *journal) all() []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	return bytes.Clone(j.recent)
}

// output is the pipe for the stdout and stderr of a process. The platform can write to it, too: it sends a mark
// through the pipe, and when the mark arrives, everything that the process wrote before is logged.
type output struct {
	journal *journal
	read    *os.File
	write   *os.File
	mark    []byte
	marked  chan struct{}
	done    chan struct{}
}

func newOutput(j *journal, id string) (*output, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	o := &output{journal: j, read: r, write: w, mark: []byte("\x00" + id + "\n"),
		marked: make(chan struct{}, 1), done: make(chan struct{})}
	go o.forward()
	return o, nil
}

func (o *output) forward() {
	defer close(o.done)
	lines := bufio.NewReaderSize(o.read, maxLine)
	for {
		line, err := lines.ReadSlice('\n')
		line, marked := bytes.CutSuffix(line, o.mark)
		if line = bytes.TrimRight(line, "\r\n"); len(line) > 0 {
			o.journal.line(line)
		}
		if marked {
			select {
			case o.marked <- struct{}{}:
			default:
			}
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
	}
}

// drain waits until everything written so far is in the journal. The time-out is for a mark that was split because
// the line before it has no end.
func (o *output) drain() {
	select {
	case <-o.marked:
	default:
	}
	if _, err := o.write.Write(o.mark); err != nil {
		return
	}
	select {
	case <-o.marked:
	case <-o.done:
	case <-time.After(time.Second):
	}
}

// close logs the rest and closes the pipe, even if a stray process still has the other end open.
func (o *output) close() {
	o.write.Close()
	o.read.SetReadDeadline(time.Now().Add(time.Second))
	<-o.done
	o.read.Close()
}
