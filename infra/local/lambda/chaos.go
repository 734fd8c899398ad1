package lambda

import (
	"cmp"
	"math/rand/v2"
	"time"
)

// firstPace is what the first invocation of a function is expected to take.
const firstPace = 50 * time.Millisecond

// killTime decides whether chaos ends an environment during the invocation that begins now, and when: at any
// moment of the time that invocations of its function take. It returns nil for one that is spared.
func (p *Platform) killTime(f Function) <-chan time.Time {
	if rand.Float64() >= p.options.Chaos || f.debugged() {
		return nil
	}
	p.mu.Lock()
	pace := cmp.Or(p.functions[f.Name].pace, firstPace)
	p.mu.Unlock()
	return time.After(rand.N(pace))
}

// killByChaos kills the environment.
func (e *environment) killByChaos(requestID string) *failure {
	e.killTime = nil
	e.platform.mu.Lock()
	e.platform.functions[e.spec.Name].kills++
	e.platform.mu.Unlock()
	e.journal.printf("CHAOS RequestId: %s The environment is killed on purpose", requestID)
	return e.kill(requestID)
}
