package lambda

import (
	"path/filepath"
	"syscall"
	"time"
)

// debugTimeout stands for no time-out: a person takes their time at a breakpoint.
const debugTimeout = 24 * time.Hour

// debuggerGrace is what a debugger gets to end the process that it debugs.
const debuggerGrace = 2 * time.Second

// debugged reports whether the function runs under a debugger. It then has one environment, which requests
// wait for, is never frozen, and knows no limit of time or memory.
func (f Function) debugged() bool { return len(f.Debugger) > 0 }

// command is the program of a process and its arguments.
func (f Function) command() (path string, args []string) {
	if f.debugged() {
		return f.Debugger[0], append(append([]string{filepath.Base(f.Debugger[0])}, f.Debugger[1:]...), f.Binary)
	}
	return f.Binary, []string{f.Binary}
}

// stopDebugger lets the debugger end what it debugs, which is in a process group of its own.
func (r *process) stopDebugger() {
	_ = r.cmd.Process.Signal(syscall.SIGINT)
	select {
	case <-r.exited:
	case <-time.After(debuggerGrace):
	}
}

// Warm starts an environment of a function before anybody asks for one.
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
