package lambda

import (
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// request is an invocation from the caller's view.
type request struct {
	id            string
	payload       []byte
	trace         string
	clientContext string
	waiting       bool // synchronous
	tail          bool // the caller waits for the whole log
}

// environment is an execution environment: a folder on disk and, most of the time, a process. It outlives its
// process: a crash or a time-out resets the environment but leaves /tmp.
type environment struct {
	platform   *Platform
	spec       Function
	generation int // of its function; Replace increases it
	id         string
	dir        string
	created    time.Time
	journal    *journal
	pid        atomic.Int64 // of an initialised process

	// These belong to the goroutine that marked the environment as busy.
	process  *process
	used     bool             // has attempted its initialisation
	memory   int              // peak, in MB
	killTime <-chan time.Time // when chaos ends the process; nil: not during this invocation

	// Guarded by the platform's mu.
	busy        bool
	invocations int
	since       time.Time // start of the current state, busy or idle
	answered    time.Time // when the running invocation was answered; zero before
	reaper      *time.Timer
}

func (e *environment) task() string { return filepath.Join(e.dir, "task") }
func (e *environment) tmp() string  { return filepath.Join(e.dir, "tmp") }

func (e *environment) logStream() string {
	return fmt.Sprintf("%s/[%s]%s", e.created.UTC().Format("2006/01/02"), latest, e.id)
}

// prepare creates the directories: the environment's /tmp, and its read-only task root with the files beside the
// binary.
func (e *environment) prepare() error {
	if err := os.MkdirAll(e.tmp(), 0o700); err != nil {
		return err
	}
	if _, err := os.Stat(e.task()); err == nil {
		return nil
	}
	if err := os.Mkdir(e.task(), 0o700); err != nil {
		return err
	}
	artifact := filepath.Dir(e.spec.Binary)
	entries, err := os.ReadDir(artifact)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := os.Symlink(filepath.Join(artifact, entry.Name()), filepath.Join(e.task(), entry.Name())); err != nil {
			return err
		}
	}
	return os.Chmod(e.task(), 0o555)
}

// destroy ends the process and removes the directories.
func (e *environment) destroy() {
	e.reset()
	os.Chmod(e.task(), 0o700)
	if err := os.RemoveAll(e.dir); err != nil {
		e.journal.printf("cannot remove %s: %v", e.dir, err)
	}
}

// reset ends the process. The next invocation starts a new one.
func (e *environment) reset() {
	e.pid.Store(0)
	if e.process != nil {
		e.process.end()
		e.process = nil
	}
}

// boot starts the process and waits until it and its extensions are ready. After a failure there is no process.
func (e *environment) boot(requestID string, limit time.Duration) *failure {
	if err := e.prepare(); err != nil {
		return newFailure("Sandbox.Failure", err.Error())
	}
	process, err := e.platform.startProcess(e)
	if err != nil {
		return newFailure("Runtime.InvalidEntrypoint", fmt.Sprintf("RequestId: %s Error: %v", requestID, err))
	}
	e.process = process
	f := e.awaitReady(requestID, limit)
	if f != nil {
		e.reset()
		return f
	}
	e.pid.Store(int64(process.cmd.Process.Pid))
	go func() { // a killed process must not look warm
		<-process.exited
		e.pid.CompareAndSwap(int64(process.cmd.Process.Pid), 0)
	}()
	return nil
}

// awaitReady waits until the started process and its extensions are ready.
func (e *environment) awaitReady(requestID string, limit time.Duration) *failure {
	process := e.process
	timer, watch := time.NewTimer(limit), time.NewTicker(watchMemory)
	defer timer.Stop()
	defer watch.Stop()
	for {
		select {
		case <-process.whenComplete():
			if e.measure() {
				return e.kill(requestID)
			}
			return nil
		case f := <-process.failed:
			return f
		case <-process.exited:
			select {
			case f := <-process.failed:
				return f
			default:
				return ended(requestID, process.reason())
			}
		case <-watch.C:
			if e.measure() {
				return e.kill(requestID)
			}
		case <-e.killTime:
			return e.killByChaos(requestID)
		case <-timer.C:
			return timedOut(requestID, limit)
		case <-e.platform.ctx.Done():
			return &failure{refusal: closing()}
		}
	}
}

// run passes one invocation to the process and returns when the process asks for the next one. It calls answer as
// soon as there is a result. A failure after that does not affect the caller.
func (e *environment) run(i *invocation, answer func(Result)) *failure {
	process := e.process
	process.deliver(i)
	complete := process.whenComplete()
	timer, watch := time.NewTimer(time.Until(i.deadline)), time.NewTicker(watchMemory)
	defer timer.Stop()
	defer watch.Stop()
	pass := func(result Result) {
		process.out.drain()
		answer(result)
	}
	late := func() { // an answer that arrived at the same moment as the end
		select {
		case result := <-i.answer:
			pass(result)
		default:
		}
	}
	for {
		select {
		case result := <-i.answer:
			if e.measure() {
				return e.kill(i.id)
			}
			pass(result)
		case <-complete:
			if e.measure() {
				return e.kill(i.id)
			}
			late()
			return nil
		case <-watch.C:
			if e.measure() {
				return e.kill(i.id)
			}
		case <-e.killTime:
			late()
			return e.killByChaos(i.id)
		case f := <-process.failed:
			late()
			return f
		case <-process.exited:
			late()
			return ended(i.id, process.reason())
		case <-timer.C:
			late()
			return timedOut(i.id, e.spec.Timeout)
		case <-e.platform.ctx.Done():
			return &failure{refusal: closing()}
		}
	}
}
