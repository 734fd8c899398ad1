package lambda

import "time"

// State is a function at one moment.
type State struct {
	Name         string             `json:"name"`
	Environments []EnvironmentState `json:"environments"`
	Invocations  int                `json:"invocations"`
	Errors       int                `json:"errors"`
	Throttles    int                `json:"throttles"`
	Queued       int                `json:"queued"` // asynchronous events not finished
}

// EnvironmentState is an execution environment at one moment.
type EnvironmentState struct {
	ID          string    `json:"id"`
	PID         int       `json:"pid"`   // 0 while there is no process
	State       string    `json:"state"` // cold: no process, or one that initialises; warm: frozen; busy
	Invocations int       `json:"invocations"`
	Since       time.Time `json:"since"`
}
