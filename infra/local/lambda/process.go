package lambda

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// shutdownGrace is the time between SIGTERM and SIGKILL for a process with internal extensions.
const shutdownGrace = 500 * time.Millisecond

// process is one run of a function's binary, with its own server of the Runtime API.
type process struct {
	spec   Function
	cmd    *exec.Cmd
	out    *output
	server *http.Server
	gauge  *os.File // an open file to read its memory use

	exited chan struct{} // closed when the process and its child processes have ended
	exit   error         // the result of Wait, set before exited is closed

	invocations chan *invocation // for the runtime's next call
	failed      chan *failure    // a fatal error that the runtime or an extension reported

	mu         sync.Mutex
	started    bool // the start is complete: extensions can no longer register
	waiting    bool // the runtime has asked for next
	extensions map[string]*extension
	complete   chan struct{} // closed when the runtime and all extensions have asked for next
	current    *invocation
}

// starter starts processes from one thread that lives as long as the platform. On Linux, the death signal of a
// process is sent when the thread that started it ends, and Go may end threads at any time.
type starter chan func()

func (s starter) run() {
	runtime.LockOSThread()
	for f := range s {
		f()
	}
}

func (s starter) start(cmd *exec.Cmd) error {
	result := make(chan error)
	s <- func() { result <- cmd.Start() }
	return <-result
}

// startProcess starts the binary of e and serves the Runtime API for it.
func (p *Platform) startProcess(e *environment) (*process, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	out, err := newOutput(e.journal, newID())
	if err != nil {
		listener.Close()
		return nil, err
	}
	r := &process{
		spec: e.spec, out: out,
		exited:      make(chan struct{}),
		invocations: make(chan *invocation, 1),
		failed:      make(chan *failure, 1),
		extensions:  map[string]*extension{},
		complete:    make(chan struct{}),
	}
	path, args := e.spec.command()
	r.cmd = &exec.Cmd{
		Path: path, Args: args, Dir: e.task(),
		Env:    p.options.variables(e, listener.Addr().String()),
		Stdout: out.write, Stderr: out.write,
		SysProcAttr: attributes(),
	}
	if err := p.starter.start(r.cmd); err != nil {
		listener.Close()
		out.close()
		return nil, err
	}
	limit(r.cmd.Process.Pid)
	r.gauge = openGauge(r.cmd.Process.Pid)
	r.server = &http.Server{Handler: r.api()}
	go r.server.Serve(listener)
	go r.wait()
	return r, nil
}

func (r *process) wait() {
	r.exit = r.cmd.Wait()
	r.signal(syscall.SIGKILL) // kills its child processes
	close(r.exited)
}

// signal sends a signal to the whole process group.
func (r *process) signal(s syscall.Signal) { syscall.Kill(-r.cmd.Process.Pid, s) }

func (r *process) freeze() {
	if !r.spec.debugged() {
		r.signal(syscall.SIGSTOP)
	}
}

func (r *process) thaw() { r.signal(syscall.SIGCONT) }

func (r *process) gone() bool {
	select {
	case <-r.exited:
		return true
	default:
		return false
	}
}

// end ends the process and its children. A process with extensions gets SIGTERM first.
func (r *process) end() {
	if !r.gone() && r.spec.debugged() {
		r.stopDebugger()
	}
	if !r.gone() && r.extended() {
		r.thaw()
		r.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-r.exited:
		case <-time.After(shutdownGrace):
		}
	}
	if !r.gone() {
		r.signal(syscall.SIGKILL)
	}
	<-r.exited
	r.server.Close()
	r.out.close()
	r.gauge.Close()
}

// reason describes the end of the process in Lambda's words.
func (r *process) reason() string {
	if r.exit == nil {
		return "Runtime exited without providing a reason"
	}
	return fmt.Sprintf("Runtime exited with error: %s", r.exit)
}
