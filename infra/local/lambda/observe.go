package lambda

import (
	"math"
	"time"
)

// Invocation is a completed invocation, for Options.Observe. The attempts of an asynchronous event share
// their request id.
type Invocation struct {
	Function, RequestID string
	Environment         string // its id
	Event, Answer       []byte // shared with others: only to be read
	Error               string // "Unhandled" when Answer describes an error; a refusal's words when there is no answer
	Status              string // as REPORT names it: "", error or timeout
	Began               time.Time
	Duration            time.Duration
	Init                time.Duration // 0 but for a cold start
	MemoryMB            int           // of the function, which is what AWS bills
	MaxMemoryMB         int           // used by the environment
	Log                 []byte        // the last 64 KB
}

// Billed is the time that AWS would bill.
func (i Invocation) Billed() time.Duration {
	return time.Duration(math.Ceil(milliseconds(i.Duration+i.Init))) * time.Millisecond
}

// observe reports an invocation that is over.
func (e *environment) observe(i Invocation, r request, a answer, f *failure) {
	if e.platform.options.Observe == nil {
		return
	}
	i.Function, i.RequestID, i.Environment, i.Event = e.spec.Name, r.id, e.id, r.payload
	i.MemoryMB, i.MaxMemoryMB, i.Log = e.spec.MemoryMB, e.memory, e.journal.all()
	i.Answer, i.Error = a.Payload, a.FunctionError
	if a.err != nil {
		i.Error = a.err.Error()
	}
	if f != nil {
		i.Status = f.status
	}
	e.platform.options.Observe(i)
}

// Settings are those of a function as it is now.
func (p *Platform) Settings(name string) (Function, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, ok := p.functions[name]
	if !ok {
		return Function{}, false
	}
	return f.spec, true
}
