package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

const readTimeout = 10 * time.Second // for the head of a request

// progress tells a person what happens, a line at a time.
type progress struct {
	mu       sync.Mutex
	out      io.Writer
	coloured bool
}

func (p *progress) printf(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.out, format+"\n", args...)
}

// tell returns a progress that writes to out.
func tell(out io.Writer) *progress { return &progress{out: out, coloured: coloured(out)} }

// done tells that something works, and how long it took.
func (p *progress) done(name string, took time.Duration) {
	p.printf("  %-10s ok %4.1f s", name, took.Seconds())
}

// begin starts a step; what it returns ends it.
func (p *progress) begin(name string) (end func()) {
	begun := time.Now()
	return func() { p.done(name, time.Since(begun)) }
}

// note tells of something that went well meanwhile.
func (p *progress) note(format string, args ...any) { p.printf(p.paint(green, format), args...) }

// alert tells of something that a person has to look at.
func (p *progress) alert(format string, args ...any) { p.printf(p.paint(red, format), args...) }

// Colours of a terminal.
const (
	red   = "31"
	green = "32"
)

// paint colours a text where that can be seen.
func (p *progress) paint(colour, text string) string {
	if !p.coloured {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// coloured tells whether a writer is a terminal whose owner does not mind colours.
func coloured(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
