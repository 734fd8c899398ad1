package lambda

import (
	"syscall"
	"time"
)

// watchMemory is how often the memory of a busy process is read.
const watchMemory = 50 * time.Millisecond

// memory is what a process takes, in KB; zero when unknown.
type memory struct {
	held int // the most that could not be taken away from it, so far
	peak int // the most of everything, so far
}

// measure notes the peak memory of the living process and reports whether it is over its limit. The kernel
// counts the peak, so that what came and went between two looks is found by the next.
func (e *environment) measure() (over bool) {
	if e.spec.debugged() {
		return false
	}
	m := memoryOf(e.process.gauge)
	e.memory = max(e.memory, min(m.peak>>10, e.spec.MemoryMB))
	if over = m.held>>10 >= e.spec.MemoryMB; over {
		e.memory = e.spec.MemoryMB
	}
	return over
}

// kill ends the process at once, as the kernel does that has no memory left, or a machine that fails.
func (e *environment) kill(requestID string) *failure {
	if !e.process.gone() {
		e.process.signal(syscall.SIGKILL)
	}
	<-e.process.exited
	return ended(requestID, e.process.reason())
}
