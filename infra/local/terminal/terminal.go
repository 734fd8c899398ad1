// Package terminal prints messages of the local cloud: complete lines, in colour if the terminal supports it.
package terminal

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// Terminal prints lines. It is safe for concurrent use.
type Terminal struct {
	mu       sync.Mutex
	out      io.Writer
	coloured bool
}

// New returns a Terminal that prints to out.
func New(out io.Writer) *Terminal { return &Terminal{out: out, coloured: coloured(out)} }

// Printf prints a line.
func (t *Terminal) Printf(format string, args ...any) { t.print(fmt.Sprintf(format, args...) + "\n") }

// Note prints a line about a success.
func (t *Terminal) Note(format string, args ...any) { t.Printf(t.paint(green, format), args...) }

// Alert prints a line that needs the user's attention.
func (t *Terminal) Alert(format string, args ...any) { t.Printf(t.paint(red, format), args...) }

// Done prints that a part has started, and how long that took.
func (t *Terminal) Done(name string, took time.Duration) {
	t.Printf("  %-10s ok %4.1f s", name, took.Seconds())
}

// Begin starts a step. The returned function prints that the step is done.
func (t *Terminal) Begin(name string) (done func()) {
	begun := time.Now()
	return func() { t.Done(name, time.Since(begun)) }
}

// Tee returns a writer that prints complete lines and also writes them to a file.
func (t *Terminal) Tee(file io.Writer) io.Writer { return &tee{t, file} }

type tee struct {
	terminal *Terminal
	file     io.Writer
}

// Write implements io.Writer.
func (w *tee) Write(lines []byte) (int, error) {
	w.terminal.print(string(lines))
	return w.file.Write(lines)
}

// print prints complete lines.
func (t *Terminal) print(lines string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = io.WriteString(t.out, lines)
}

// Colours of a terminal.
const (
	red   = "31"
	green = "32"
)

// paint colours a text if the terminal supports it.
func (t *Terminal) paint(colour, text string) string {
	if !t.coloured {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// coloured reports whether a writer is a terminal for which colours are not disabled.
func coloured(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
