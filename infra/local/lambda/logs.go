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

// keptLog is how much of an invocation's log is kept for those who ask afterwards.
const keptLog = 64 << 10

// maxLine is the longest piece of a function's output that is kept in one piece.
const maxLine = 256 << 10

// console writes whole lines of many functions to one writer.
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
	c.out.Write(line) // a console that is gone must not stop the functions
}

// LogLine is one line of a function's log, its own or the platform's, as it would be in CloudWatch Logs.
type LogLine struct {
	Function, Stream string
	At               time.Time
	Text             []byte // without its end; only to be read, and only until Options.Log returns
}

// journal is the log of one environment: to the console, and the end of it since the last begin.
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

// tail is the last of the log, as much as the service tells its callers.
func (j *journal) tail() []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	return bytes.Clone(j.recent[max(0, len(j.recent)-tailSize):])
}

// all is the log since the last begin.
func (j *journal) all() []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	return bytes.Clone(j.recent)
}

// output is the pipe that a process writes its stdout and stderr into. The platform keeps the writing end
// as well, to send a mark through: when the mark comes out, all that the process wrote before is logged.
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

// drain returns when everything written so far is in the journal. The time-out is for a mark that was torn
// by an endless line.
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

// close logs what is left and ends the pipe, even when a stray process still holds its other end.
func (o *output) close() {
	o.write.Close()
	o.read.SetReadDeadline(time.Now().Add(time.Second))
	<-o.done
	o.read.Close()
}
