package lambda

import (
	"cmp"
	"math/rand/v2"
	"time"
)

// firstPace is the assumed duration of a function's first invocation.
const firstPace = 50 * time.Millisecond

// killTime decides at random whether chaos kills the environment during the invocation that begins now. The returned
// channel fires at a random time within the usual duration of the function's invocations; it is nil for no kill.
func (p *Platform) killTime(f Function) <-chan time.Time {
	if rand.Float64() >= p.options.Chaos || f.debugged() {
		return nil
	}
	p.mu.Lock()
	pace := cmp.Or(p.functions[f.Name].pace, firstPace)
	p.mu.Unlock()
	return time.After(rand.N(pace))
}

// killByChaos kills the environment's process, and counts and logs that.
func (e *environment) killByChaos(requestID string) *failure {
	e.killTime = nil
	e.platform.mu.Lock()
	e.platform.functions[e.spec.Name].kills++
	e.platform.mu.Unlock()
	e.journal.printf("CHAOS RequestId: %s The environment is killed on purpose", requestID)
	return e.kill(requestID)
}
