package lambda

import (
	"syscall"
	"time"
)

// watchMemory is the interval at which the memory of a busy process is measured.
const watchMemory = 50 * time.Millisecond

// memory is the memory use of a process in KB. Unknown values are zero.
type memory struct {
	held int // peak of the memory that the kernel cannot reclaim
	peak int // peak of all memory
}

// measure updates the peak memory of the running process and reports whether it exceeds the limit. The kernel
// records the peak, so short peaks between two measurements are not missed.
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

// kill ends the process at once, like the kernel when memory runs out, or a machine that fails.
func (e *environment) kill(requestID string) *failure {
	if !e.process.gone() {
		e.process.signal(syscall.SIGKILL)
	}
	<-e.process.exited
	return ended(requestID, e.process.reason())
}
