package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

const readTimeout = 10 * time.Second // for the head of a request

// progress tells a person what happens, a line at a time.
type progress struct {
	mu  sync.Mutex
	out io.Writer
}

func (p *progress) printf(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.out, format+"\n", args...)
}

// done tells that something works, and how long it took.
func (p *progress) done(name string, took time.Duration) {
	p.printf("  %-10s ok %4.1f s", name, took.Seconds())
}

// begin starts a step; what it returns ends it.
func (p *progress) begin(name string) (end func()) {
	begun := time.Now()
	return func() { p.done(name, time.Since(begun)) }
}
