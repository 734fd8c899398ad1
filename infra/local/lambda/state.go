package lambda

import (
	"maps"
	"slices"
	"time"
)

// State is a snapshot of a function.
type State struct {
	Name         string             `json:"name"`
	Environments []EnvironmentState `json:"environments"`
	Invocations  int                `json:"invocations"`
	Errors       int                `json:"errors"`
	Throttles    int                `json:"throttles"`
	Kills        int                `json:"kills"`  // by chaos
	Queued       int                `json:"queued"` // unfinished asynchronous events
}

// EnvironmentState is a snapshot of an execution environment.
type EnvironmentState struct {
	ID          string    `json:"id"`
	PID         int       `json:"pid"`   // 0 without a process
	State       string    `json:"state"` // "cold": no process, or an initialising one; "warm": frozen; "busy"
	Invocations int       `json:"invocations"`
	Since       time.Time `json:"since"`
}

// Functions returns a snapshot of all functions and their environments, sorted by name.
func (p *Platform) Functions() []State {
	p.mu.Lock()
	defer p.mu.Unlock()
	states := make([]State, 0, len(p.functions))
	for _, name := range slices.Sorted(maps.Keys(p.functions)) {
		f := p.functions[name]
		state := State{Name: name, Environments: make([]EnvironmentState, 0, len(f.environments)),
			Invocations: f.invocations, Errors: f.errors, Throttles: f.throttles, Kills: f.kills, Queued: f.queued}
		for _, e := range f.environments {
			state.Environments = append(state.Environments, e.state())
		}
		states = append(states, state)
	}
	return states
}

// state returns a snapshot of the environment. The caller holds the platform's mu.
func (e *environment) state() EnvironmentState {
	s := EnvironmentState{ID: e.id, PID: int(e.pid.Load()), State: "warm", Invocations: e.invocations, Since: e.since}
	switch {
	case s.PID == 0:
		s.State = "cold"
	case e.busy:
		s.State = "busy"
	}
	return s
}
