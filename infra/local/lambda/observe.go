package lambda

import (
	"math"
	"time"
)

// Invocation is a completed invocation, for Options.Observe. All attempts of an asynchronous event have the same
// request ID.
type Invocation struct {
	Function, RequestID string
	Environment         string // its ID
	Event, Answer       []byte // shared: read-only
	Error               string // "Unhandled" if Answer describes an error; the message of an *Error if there is no answer
	Status              string // as in the REPORT line: "", error or timeout
	Began               time.Time
	Duration            time.Duration
	Init                time.Duration // 0 except for cold starts
	MemoryMB            int           // the function's memory size, which AWS bills
	MaxMemoryMB         int           // used by the environment
	Log                 []byte        // the last 64 KB
}

// Billed returns the duration that AWS would bill.
func (i Invocation) Billed() time.Duration {
	return time.Duration(math.Ceil(milliseconds(i.Duration+i.Init))) * time.Millisecond
}

// observe passes a completed invocation to Options.Observe.
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

// Settings returns the current settings of a function.
func (p *Platform) Settings(name string) (Function, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, ok := p.functions[name]
	if !ok {
		return Function{}, false
	}
	return f.spec, true
}
