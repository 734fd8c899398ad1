package lambda

import (
	"path/filepath"
	"syscall"
	"time"
)

// debugTimeout is in effect no time-out, for pauses at breakpoints.
const debugTimeout = 24 * time.Hour

// debuggerGrace is the time that a debugger has to end the process that it debugs.
const debuggerGrace = 2 * time.Second

// debugged reports whether the function runs under a debugger. It then has a single environment for all requests, is
// never frozen, and has no time-out or memory limit.
func (f Function) debugged() bool { return len(f.Debugger) > 0 }

// command returns the program to run and its arguments.
func (f Function) command() (path string, args []string) {
	if f.debugged() {
		return f.Debugger[0], append(append([]string{filepath.Base(f.Debugger[0])}, f.Debugger[1:]...), f.Binary)
	}
	return f.Binary, []string{f.Binary}
}

// stopDebugger asks the debugger to end the debugged process, which is in a separate process group.
func (r *process) stopDebugger() {
	_ = r.cmd.Process.Signal(syscall.SIGINT)
	select {
	case <-r.exited:
	case <-time.After(debuggerGrace):
	}
}

// Warm starts an environment of a function before the first request.
func (p *Platform) Warm(name string) error {
	e, err := p.acquire(p.ctx, name, true)
	if err != nil {
		return err
	}
	go func() {
		defer p.work.Done()
		e.journal.begin()
		e.initialise(request{id: newUUID()})
		if e.process != nil {
			e.process.freeze()
		}
		p.release(e)
	}()
	return nil
}
